"""``python -m sim.cli`` is ``chokepoint``."""

from sim.cli.app import main

main()
