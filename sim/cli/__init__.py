"""The command line: ``chokepoint run``, ``compare``, ``check``, ``schema``, ``list``."""

from sim.cli.app import app, main

__all__ = ["app", "main"]
