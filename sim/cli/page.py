"""``chokepoint app``: serve the what-if page on this machine, and to nobody else unless asked."""

from __future__ import annotations

import importlib.util
import os
import socket
import sys
from pathlib import Path

import typer

from sim.runs.simulate import RunError
from sim.web.beside import VARIABLE as BESIDE_VARIABLE
from sim.web.setup import CASE_VARIABLE, load_page

LOOPBACK = "127.0.0.1"
FIRST_PORT, PORTS = 8501, 20
HINT = "the what-if page needs Streamlit: pip install chokepoint-sim[web]"


def serve(host: str, port: int | None, case: str) -> None:
    """Replace this process by the page's server; the address is printed first.

    Raises:
        RunError: if Streamlit is missing, or no port is free.
        ConfigError: if the case has no page.
    """
    if importlib.util.find_spec("streamlit") is None:
        raise RunError(HINT)
    load_page(case)
    port = port or _free_port(host)
    if not _is_free(host, port):
        raise RunError(f"port {port} of {host} is taken: give another with --port")
    if host != LOOPBACK:
        typer.echo(f"Note: {host} lets other machines reach this page.", err=True)
    typer.echo(f"What-if page: http://{host}:{port} (stop with Ctrl-C)")
    sys.stdout.flush()
    told = {CASE_VARIABLE: case, BESIDE_VARIABLE: "yes"}
    os.execve(sys.executable, command(host, port), os.environ | settings() | told)


def command(host: str, port: int) -> list[str]:
    """The server's command line."""
    import sim.web

    page = Path(sim.web.__file__).with_name("page.py")
    address = [f"--server.address={host}", f"--server.port={port}"]
    return [sys.executable, "-m", "streamlit", "run", str(page), *address]


def settings() -> dict[str, str]:
    """How Streamlit runs: no window, no statistics, no uploads, no look at files.

    As environment, since a visitor's own configuration file must not weaken them.
    """
    options = {
        "SERVER_HEADLESS": "true",
        "SERVER_FILE_WATCHER_TYPE": "none",
        "SERVER_RUN_ON_SAVE": "false",
        "SERVER_ENABLE_STATIC_SERVING": "false",
        "SERVER_MAX_UPLOAD_SIZE": "1",
        "BROWSER_GATHER_USAGE_STATS": "false",
        "CLIENT_TOOLBAR_MODE": "viewer",
        "CLIENT_SHOW_ERROR_DETAILS": "none",
        "CLIENT_SHOW_ERROR_LINKS": "false",
        "LOGGER_LEVEL": "error",
    }
    return {f"STREAMLIT_{name}": value for name, value in options.items()}


def _free_port(host: str) -> int:
    for port in range(FIRST_PORT, FIRST_PORT + PORTS):
        if _is_free(host, port):
            return port
    raise RunError(f"no port from {FIRST_PORT} to {FIRST_PORT + PORTS - 1} is free: give --port")


def _is_free(host: str, port: int) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True
