"""What a run would take is told before it runs."""

import os

import pytest

from sim.runs import blocksize, cost, speed
from tests.runs.experiments import planned


def test_work_is_counted_by_block_member_and_month():
    # Two blocks of 100 members for ten months.
    by_block = 2 * (speed.PIECES_PER_BLOCK + 10 * speed.PIECES_PER_MONTH)
    by_member = 200 * (speed.PIECES_PER_MEMBER + 10 * speed.PIECES_PER_MEMBER_MONTH)
    assert speed.pieces(2, 200, 10) == pytest.approx(by_block + by_member)


def test_a_machine_that_others_use_takes_longer(monkeypatch):
    monkeypatch.setattr(os, "cpu_count", lambda: 4)
    monkeypatch.setattr(os, "getloadavg", lambda: (6.0, 0.0, 0.0))
    assert speed.crowding(workers=2) == 2.0
    monkeypatch.setattr(os, "getloadavg", lambda: (0.1, 0.0, 0.0))
    assert speed.crowding(workers=2) == 1.0


def test_twice_the_blocks_take_twice_the_time_but_no_more_memory(monkeypatch):
    monkeypatch.setattr(cost, "seconds_of_a_piece", lambda: 0.001)
    monkeypatch.setattr(cost, "crowding", lambda workers: 1.0)
    monkeypatch.setattr(cost, "PIECES_PER_START", 0.0)
    some, many = (cost.estimate(planned(replicates=n), workers=2) for n in (8, 16))
    assert many.seconds == pytest.approx(2 * some.seconds)
    assert many.memory == some.memory
    assert many.disk == pytest.approx(2 * some.disk)


def test_an_idle_worker_saves_no_time(monkeypatch):
    monkeypatch.setattr(cost, "seconds_of_a_piece", lambda: 0.001)
    monkeypatch.setattr(cost, "crowding", lambda workers: 1.0)
    three_blocks = planned(replicates=6)
    two, three = (cost.estimate(three_blocks, workers).seconds for workers in (2, 3))
    assert three_blocks.blocks == 3
    assert two - 0.6 == pytest.approx(2 * (three - 0.6))


@pytest.mark.parametrize(
    ("members", "cache", "size"),
    [
        (100_000, 20_000_000, 512),  # 32,000 bytes of cache a member, powers of two
        (100_000, 2_000_000, 256),
        (100_000, 10**9, 1024),
        (100_000, None, 1024),  # a system that does not tell
        (2_000, 10**9, 500),  # four blocks at least
        (10, 10**9, 256),
    ],
)
def test_blocks_fit_the_cache_and_are_enough_for_several_workers(monkeypatch, members, cache, size):
    monkeypatch.setattr(blocksize, "last_level_cache", lambda: cache)
    assert blocksize.block_size(members) == size
