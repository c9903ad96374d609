from datetime import date

import numpy as np
import pytest

from sim.policy.regime import TimelineEntry
from sim.runs.simulate import RunError, blocks, make_ensemble, simulate
from tests.outcomes.fakes import OUTCOMES, FakeModel
from tests.runs.worlds import small_case


def run(case=None, **kwargs):
    return simulate(case or small_case(), model=FakeModel, outcomes=OUTCOMES, **kwargs)


def test_a_run_holds_every_month_and_member():
    results = run(members=5)
    assert dict(results.dataset["stock"].sizes) == {"month": 24, "member": 5}
    assert results.select("sales", region="home")[0].values.tolist() == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("block", [1, 3, 7, 256])
def test_blocks_do_not_change_the_results(block):
    whole, cut = run(members=7).dataset, run(members=7, block=block).dataset
    for name in whole.data_vars:
        np.testing.assert_array_equal(whole[name], cut[name])


def test_blocks_cover_all_members_once():
    assert list(blocks(7, 3)) == [(0, 3), (3, 6), (6, 7)]


def test_values_may_be_one_for_all_or_one_for_each():
    ensemble = make_ensemble(3, 1, {"a.b": 2.0, "c": [1, 2, 3]})
    assert ensemble.values["a.b"].tolist() == [2, 2, 2]
    assert ensemble.values["c"].tolist() == [1, 2, 3]


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"members": 0}, "at least one member, not 0"),
        ({"seed": -1}, "from 0 on, not -1"),
        ({"block": 0}, "a block needs at least one member"),
        (
            {"values": {"regime.enabled": [1.0, 2.0]}},
            r"values of regime.enabled have shape \(2,\), not \(256,\)",
        ),
        ({"start": "2017-12"}, "start 2017-12 lies before the case begins, 2018-01"),
        ({"start": "2019-05", "end": "2019-04"}, "end 2019-04 lies before start 2019-05"),
        ({"end": "soon"}, "end is a month such as 2019-01, not 'soon'"),
        ({"values": {"regime.enabld": 1}}, "no number 'regime.enabld'; did you mean 'regime.en"),
        ({"members": 10**11}, "GB of memory; ask for fewer members"),
    ],
)
def test_a_run_that_cannot_be_made_says_why(asked, message):
    with pytest.raises(RunError, match=message):
        run(**asked)


def test_a_run_may_end_early():
    results = run(end="2018-06")
    assert results.dataset.sizes["month"] == 6
    assert results.manifest["end"] == "2018-06"


def test_a_later_start_shows_less_of_the_same_run():
    whole, late = run(members=4), run(members=4, start="2018-03")
    np.testing.assert_array_equal(whole.dataset["stock"][2:], late.dataset["stock"])
    assert late.manifest["start"] == "2018-03"
    assert late.events()["q50"].tolist() == whole.events()["q50"].tolist() == ["2018-02"]


def test_progress_is_told_to_the_end():
    told = []
    run(members=5, block=2, progress=lambda done, total: told.append((done, total)))
    assert told[0] == (2, 5 * 24)
    assert told[-1] == (5 * 24, 5 * 24)
    assert len(told) == 3 * 24


def test_the_manifest_says_what_was_run():
    about = run(members=3, seed=9, values={"regime.enabled": 1.0}).manifest
    expected = {
        "program": "chokepoint", "case": "small", "title": "A small case", "seed": 9, "members": 3,
        "start": "2018-01", "end": "2019-12", "varied": ["regime.enabled"],
    }  # fmt: skip
    assert {key: about[key] for key in expected} == expected
    assert len(about["fingerprint"]) == 16
    assert set(about["versions"]) >= {"chokepoint-sim", "code", "mesa", "numpy", "python"}
    assert about["timings"]["simulation_s"] > 0


def test_the_timeline_is_the_one_the_regime_followed(monkeypatch):
    days = {"announced": date(2019, 6, 1), "effective": None, "ended": None}
    entry = TimelineEntry(
        "late", "Bill", "signal", **days, acts=True, decided_inside=False, main=False
    )
    monkeypatch.setattr(FakeModel, "timeline", (entry,))
    timeline = run().manifest["timeline"]
    assert timeline == [{
        "id": "late", "title": "Bill", "kind": "signal", "announced": "2019-06-01",
        "effective": None, "ended": None, "acts": True, "decided_inside": False, "main": False,
        "grace_days": 0, "issuer": ["there"], "source": ["law"], "summary": "It says so.",
    }]  # fmt: skip
