"""Where the built-in cases, scenarios and experiments lie."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

_PACKAGE = Path(__file__).resolve().parents[1]


def builtin_folder(kind: Literal["configs", "experiments"]) -> Path:
    """Folder of built-in data: beside the checkout, or inside the installed package.

    Raises:
        FileNotFoundError: if neither place has it; the installation is broken.
    """
    checkout = _PACKAGE.parent
    # A folder `configs` beside site-packages is somebody else's: a checkout has the project file.
    if (checkout / "pyproject.toml").is_file() and (checkout / kind).is_dir():
        return checkout / kind
    packaged = _PACKAGE / "_data" / kind
    if packaged.is_dir():
        return packaged
    raise FileNotFoundError(f"the built-in {kind} are missing: expected {packaged}")


def default_case() -> str:
    """Name of the built-in case that is meant where none is given."""
    return (builtin_folder("configs") / "default-case").read_text(encoding="utf-8").strip()
