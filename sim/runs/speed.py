"""How long a run takes on this very machine: counted in a piece of work that is timed here."""

from __future__ import annotations

import os
import sys
import time
from statistics import median

import numpy as np

# Fitted to runs of the built-in case of 12 to 108 months with 1 to 1,024 members.
PIECES_PER_START = 600.0  # of a worker process, with all it imports
PIECES_PER_BLOCK = 30.0  # building a model, whatever its size
PIECES_PER_MEMBER = 0.025
PIECES_PER_MONTH = 2.1  # advancing a month, whatever the size of the block
PIECES_PER_MEMBER_MONTH = 0.0075
_ROWS, _MEMBERS, _ROUNDS, _TRIES = 30, 256, 100, 7


def pieces(blocks: int, members: int, months: int) -> float:
    """Work of all blocks together, in pieces.

    Args:
        blocks: number of blocks.
        members: members of all blocks.
        months: length of a run.
    """
    by_block = blocks * (PIECES_PER_BLOCK + months * PIECES_PER_MONTH)
    return by_block + members * (PIECES_PER_MEMBER + months * PIECES_PER_MEMBER_MONTH)


def seconds_of_a_piece() -> float:
    """Processor time of one piece [s]: array calls of the size that a month is made of."""
    return median(_timed() for _ in range(_TRIES))


def _timed() -> float:
    values = np.ones((_ROWS, _MEMBERS))
    began = time.process_time()
    for _ in range(_ROUNDS):
        values = np.minimum(np.where(values > 0.5, values * 1.01, values + 1.0), 2.0)
        values = values / values.sum(axis=0) * _ROWS
    return time.process_time() - began


def crowding(workers: int) -> float:
    """How many times as long workers take because others use this machine too; at least 1."""
    try:
        others = os.getloadavg()[0]
    except (AttributeError, OSError):  # this system does not tell
        return 1.0
    return max((others + workers) / (os.cpu_count() or 1), 1.0)


def usable_cores() -> int:
    """Processor cores that this process may use."""
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
