"""How many members to advance together: as many as the processor's cache serves well."""

from __future__ import annotations

from pathlib import Path

from sim.runs.simulate import BLOCK

SMALLEST, LARGEST = 256, 1024
BYTES_PER_MEMBER = 64_000  # that one month touches, measured on the built-in case
_FEW_BLOCKS = 4
_CACHES = Path("/sys/devices/system/cpu/cpu0/cache")


def block_size(members: int) -> int:
    """Members of a block of an experiment.

    Below 256 members a block costs as much as with 256, above 1,024 nothing more is gained.
    Few members are cut into smaller blocks, so that several workers have something to do.
    """
    size = _by_cache()
    return SMALLEST if members < _FEW_BLOCKS * size else size


def _by_cache() -> int:
    cache = last_level_cache()
    if cache is None:
        return BLOCK
    size = SMALLEST
    while size < LARGEST and 2 * size * BYTES_PER_MEMBER <= cache:
        size *= 2
    return size


def last_level_cache() -> int | None:
    """Size of the processor's largest cache [bytes]; None where the system does not tell."""
    sizes = []
    for path in _CACHES.glob("index*/size"):
        try:
            text = path.read_text().strip()
        except OSError:
            continue
        unit = {"K": 2**10, "M": 2**20, "G": 2**30}.get(text[-1:], 1)
        number = text.rstrip("KMG")
        if number.isdigit():
            sizes.append(int(number) * unit)
    return max(sizes, default=None)
