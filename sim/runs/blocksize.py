"""How many members to advance together: as many as the processor's cache serves well."""

from __future__ import annotations

from pathlib import Path

from sim.runs.simulate import BLOCK

SMALLEST, LARGEST = 256, 1024
BYTES_PER_MEMBER = 32_000  # of cache, beyond which a larger block gained little when measured
_FEWEST_BLOCKS = 4
_CACHES = Path("/sys/devices/system/cpu/cpu0/cache")


def block_size(members: int) -> int:
    """Members of a block of an experiment.

    Below 256 members a block costs nearly as much as with 256; above 1,024 it takes more
    memory than it saves time. Few members are cut into smaller blocks, so that several workers
    have something to do.
    """
    return max(SMALLEST, min(_by_cache(), -(-members // _FEWEST_BLOCKS)))


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
