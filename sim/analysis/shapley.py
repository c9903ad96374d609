"""Shapley values: each player's fair share of what all of them bring about together."""

from __future__ import annotations

import itertools
from math import factorial

import numpy as np
import numpy.typing as npt

from sim.world.calendar import Array

Coalition = npt.NDArray[np.bool_]  # (players,)


def all_coalitions(players: int) -> npt.NDArray[np.bool_]:
    """Every subset of the players, (2 ** players, players); row i has the bits of i."""
    rows = np.arange(2**players)[:, None]
    return (rows >> np.arange(players)) & 1 == 1


def exact(values: Array) -> Array:
    """Shapley values from the values of all coalitions.

    Args:
        values: value of each coalition in the order of :func:`all_coalitions`,
            (2 ** players, ...).

    Returns:
        Shares, (players, ...); they sum to the grand coalition's value less the empty one's.

    Source:
        Shapley 1953; used for attribution by Shorrocks 2013.
    """
    players = int(values.shape[0]).bit_length() - 1
    sizes = all_coalitions(players).sum(axis=1)
    weights = [factorial(s) * factorial(players - s - 1) / factorial(players)
               for s in range(players)]  # fmt: skip
    shares = np.zeros((players, *values.shape[1:]))
    for player in range(players):
        bit = 1 << player
        for row in range(2**players):
            if not row & bit:
                shares[player] += weights[sizes[row]] * (values[row | bit] - values[row])
    return shares


def orders(players: int, count: int, rng: np.random.Generator) -> npt.NDArray[np.int64]:
    """Random orders of entry and their mirror images, (count, players).

    With few players all orders are taken instead.
    """
    if factorial(players) <= count:
        return np.array(list(itertools.permutations(range(players))))
    half = np.array([rng.permutation(players) for _ in range((count + 1) // 2)])
    return np.concatenate([half, half[:, ::-1]])[:count]


def along(order: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """Coalitions met when players enter in ``order``, (players + 1, players)."""
    rows = np.zeros((len(order) + 1, len(order)), dtype=bool)
    for place, player in enumerate(order):
        rows[place + 1 :, player] = True
    return rows


def sampled(values: Array, order: npt.NDArray[np.int64]) -> Array:
    """Mean marginal contribution over sampled orders, (players, ...).

    Args:
        values: value after each entry, (orders, players + 1, ...).
        order: the orders of entry, (orders, players).
    """
    gains = np.diff(values, axis=1)
    shares = np.zeros((order.shape[1], *values.shape[2:]))
    for one, gain in zip(order, gains, strict=True):
        shares[one] += gain
    return shares / len(order)
