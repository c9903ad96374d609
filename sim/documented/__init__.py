"""Documented outcomes: what really happened, laid beside a run and scored.

Nothing that takes part in a simulation may import this package.
"""
