"""Figures of a run: simulated bands, documented points and the measures on the time axis."""
