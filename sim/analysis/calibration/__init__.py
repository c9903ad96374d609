"""Calibration: what documented outcomes of the sample say about uncertain inputs.

Approximate Bayesian computation in rounds: a low-discrepancy design over the priors with
history matching, then population Monte Carlo, all rounds pooled by importance weights.
"""
