import itertools
import json
import threading
from dataclasses import replace

import numpy as np
import pytest

from sim.case.errors import ConfigError
from sim.case.load import load_case
from sim.runs.simulate import simulate
from sim.web import compute, shelf
from sim.web.charts import difference, difference_fan, fan
from sim.web.compute import Desk, changes_of, documented_of
from sim.web.contributions import contributions
from sim.web.network import CHOSEN, actor_series, actors_of, draw, routes_of
from sim.web.state import SEED, State, history_state, scenario_yaml
from sim.web.supply_charts import most_chips, origins, stretches, strip
from sim.web.view import Mark, Track
from sim.web.words import events_table, sentence, table, years_of

MEMBERS = 32


@pytest.fixture(scope="module")
def desk():
    return Desk()


@pytest.fixture(scope="module")
def start(page, history):
    return replace(history_state(page, history), members=MEMBERS, end=2022)


@pytest.fixture(scope="module")
def now(desk, page, start):
    return desk.view(start.with_lever("product_rule_grace", 0, usual=123), page)


@pytest.fixture(scope="module")
def before(desk, page, start):
    return desk.view(start, page)


def _track(values, kind="flow"):
    months = np.array(["2020-01", "2021-01"], dtype="datetime64[M]")[: len(values)]
    return Track(kind, "bn CNY", months, np.array(values, dtype=np.float32))


def test_the_downloaded_scenario_run_as_a_file_gives_the_numbers_of_the_page(
    page, start, now, tmp_path
):
    state = start.with_lever("product_rule_grace", 0, usual=123)
    file = tmp_path / "what-if.yaml"
    file.write_text(scenario_yaml(state, page, changes_of(state, page)))
    results = simulate(load_case(file), MEMBERS, SEED)
    members = results.annual_members("revenue", segment="total")
    assert now.tracks["revenue"].values == pytest.approx(members.values, rel=1e-6)


def test_the_page_table_holds_the_quantiles_of_the_run(page, start, before):
    annual = simulate(load_case("huawei"), MEMBERS, SEED, end="2022-12").annual()
    run = annual[(annual["outcome"] == "cash") & (annual["period"] == "2021")]
    shown = table(page, before)
    cash = shown[(shown["outcome"] == "cash") & (shown["period"] == "2021-12")]
    assert cash["q50"].item() == pytest.approx(run["q50"].item(), rel=1e-5)
    assert cash["q95"].item() == pytest.approx(run["q95"].item(), rel=1e-5)


def test_runs_that_share_luck_agree_until_a_lever_bites(now, before):
    mine, other = now.tracks["revenue"].values, before.tracks["revenue"].values
    assert (mine[:2] == other[:2]).all()  # 2018 and 2019, before the rule
    assert np.median(mine[3] - other[3]) < 0  # 2021


def test_a_view_is_computed_once(desk, page, start, before, monkeypatch):
    monkeypatch.setattr(compute, "_run", lambda *_: pytest.fail("computed again"))
    assert desk.view(start, page) is before


def test_a_desk_forgets_the_view_asked_for_longest_ago(page, start, monkeypatch):
    monkeypatch.setattr(compute, "_run", lambda state, *_: state)
    small = Desk(kept=2)
    states = [replace(start, end=year) for year in (2021, 2022, 2023)]
    for state in states:
        small.view(state, page)
    assert [small.known(state) for state in states] == [None, *states[1:]]


def test_visitors_are_told_their_place_and_served_in_turn(page, start, monkeypatch):
    gate, inside, places = threading.Event(), threading.Event(), []

    def slow(state, *_):
        inside.set()
        assert gate.wait(10)
        return state

    def tell(done, ahead):
        places.append(ahead)
        gate.set()

    monkeypatch.setattr(compute, "_run", slow)
    desk = Desk()
    first = threading.Thread(target=desk.view, args=(start, page))
    first.start()
    assert inside.wait(10)
    other = replace(start, end=2021)
    assert desk.view(other, page, tell) is other
    first.join(10)
    assert places[0] == 1


def test_a_visitor_who_leaves_frees_the_place(page, start, monkeypatch):
    def leave(state, page, tell):
        raise KeyboardInterrupt

    desk = Desk()
    monkeypatch.setattr(compute, "_run", leave)
    with pytest.raises(KeyboardInterrupt):
        desk.view(start, page)
    monkeypatch.setattr(compute, "_run", lambda state, *_: state)
    assert desk.view(start, page) is start


def test_a_preset_that_does_not_exist_is_refused(page, desk):
    with pytest.raises(ConfigError, match="no preset"):
        desk.view(State("../secret", 2026), page)


def test_a_stored_view_comes_back_as_it_was(history, start, before):
    assert shelf.take(history, start) is None
    shelf.put(history, start, before)
    back = shelf.take(history, start)
    assert back is not None
    assert (back.tracks["cash"].values == before.tracks["cash"].values).all()
    assert back.marks == before.marks
    assert back.constraints == before.constraints


def test_a_damaged_stored_view_is_computed_anew(history, start, before):
    shelf.put(history, start, before)
    shelf.path_of(history, start).write_bytes(b"not a view")
    assert shelf.take(history, start) is None


def test_where_nothing_can_be_stored_the_page_goes_on(history, start, before, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", "/dev/null/nowhere")
    shelf.put(history, start, before)
    assert shelf.take(history, start) is None


def test_the_difference_is_taken_member_by_member():
    change = difference(_track([[3, 5], [1, 1]]), _track([[1, 1], [1, 0]]))
    assert change.values.tolist() == [[2, 4], [0, 1]]


def test_runs_of_other_length_have_no_difference():
    with pytest.raises(ValueError, match="length"):
        difference(_track([[1.0]]), _track([[1.0], [2.0]]))


def test_a_fan_holds_the_quantiles_of_both_runs_and_the_documented_points(page, now, before):
    spec = page.charts["revenue"]
    drawn = fan(spec, now.tracks["revenue"], before.tracks["revenue"], documented_of("huawei"), ())
    rows = {(row["run"], row["period"]): row for row in drawn["data"]["values"]}
    year = now.tracks["revenue"].values[3]
    assert rows["B, now", "2021"]["q50"] == pytest.approx(np.median(year), rel=1e-4)
    points = [p for layer in drawn["layer"][1:] for p in layer.get("data", {}).get("values", [])]
    assert 636.807 in [pytest.approx(point["value"]) for point in points]


def test_a_fan_marks_only_measures_inside_the_run(page, before):
    marks = [Mark("Inside", "x", "2020-05-15"), Mark("Later", "x", "2025-01-31")]
    drawn = fan(page.charts["cash"], before.tracks["cash"], None, None, marks)
    assert [row["measure"] for row in drawn["layer"][0]["data"]["values"]] == ["Inside"]


def test_stretches_cover_every_month_once(before):
    found = stretches(before, "flagship_phones")
    assert found[0]["time"] == "2018-01-01"
    assert found[-1]["until"] == "2023-01-01"
    assert all(a["until"] == b["time"] for a, b in itertools.pairwise(found))
    assert all(a["binds"] != b["binds"] for a, b in itertools.pairwise(found))


def test_strips_and_origins_name_what_they_show(page, before):
    drawn = strip(before, ["flagship_phones"], {"flagship_phones": "Top phones"})
    assert {row["line"] for row in drawn["data"]["values"]} == {"Top phones"}
    stacked = origins(before, "phone_chips", "Chips")
    assert len(stacked["data"]["values"]) == 60 * len(before.origin_names)


def test_a_strip_names_each_line_in_whole_words(before):
    long = "Government and corporate business"
    drawn = strip(before, ["flagship_phones", "ai_computing"], {"flagship_phones": long})
    axis = drawn["encoding"]["y"]["axis"]
    shown = json.loads(axis["labelExpr"].partition(")[")[0].lstrip("("))
    assert [" ".join(shown[name]) for name in (long, "AI computing")] == [long, "AI computing"]
    letters = max(len(words) for lines in shown.values() for words in lines)
    assert 7 * letters <= axis["labelLimit"]  # pixels of a letter
    assert axis["labelOverlap"] is False


def test_years_stand_where_they_begin_on_every_chart(page, before, history):
    drawn = [origins(before, "phone_chips", "Chips"), strip(before, ["flagship_phones"]),
             actor_series(before, history, "tsmc")]  # fmt: skip
    axes = [one["encoding"]["x"]["axis"] for one in drawn]
    assert [axis["labelFlush"] for axis in axes] == [False] * 3


def test_chips_of_two_runs_are_drawn_to_one_scale(now, before):
    top = max(most_chips(now, "phone_chips"), most_chips(before, "phone_chips"))
    drawn = [origins(run, "phone_chips", "Chips", top) for run in (now, before)]
    assert [one["encoding"]["y"]["scale"]["domainMax"] for one in drawn] == [top, top]
    months = before.origins["phone_chips"].sum(axis=0)
    assert most_chips(before, "phone_chips") == pytest.approx(months.max())


def test_what_is_zero_all_the_time_gets_an_axis_that_can_be_read(page):
    nothing, spec = _track([[0.0, 0.0], [0.0, 0.0]]), page.charts["cash"]

    def ends(drawn):
        return drawn["layer"][-1]["encoding"]["y"]["scale"].get("domain")

    assert ends(fan(spec, nothing, None, None, ())) == [0, 1]
    assert ends(difference_fan(spec, nothing, nothing, (), "change")) == [-1, 1]
    assert ends(fan(spec, _track([[1.0, 2.0]]), None, None, ())) is None


def test_a_chart_grows_with_its_legend(history, before):
    one, many = (actor_series(before, history, maker) for maker in ("smic", "tsmc"))

    def kinds(drawn):
        return len(drawn["encoding"]["color"]["scale"]["domain"])

    assert kinds(many) > kinds(one)
    assert many["height"] - one["height"] == 18 * (kinds(many) - kinds(one))


def test_the_years_to_choose_from_are_those_of_the_run(before):
    assert years_of(before, "revenue") == [2018, 2019, 2020, 2021, 2022]
    assert years_of(before, "cash") == [2018, 2019, 2020, 2021, 2022]


def test_the_sentence_says_what_falls_and_by_how_much(page, now, before):
    text = sentence(page, now, before, "history")
    change = now.tracks["revenue"].values[3] - before.tracks["revenue"].values[3]
    assert "2021 falls to" in text
    assert f"median {np.median(change):+,.0f}" in text
    assert "2024" not in text  # beyond the horizon


def test_the_sentence_of_equal_runs_says_unchanged(page, before):
    assert "2021 unchanged at" in sentence(page, before, before, "history")


def test_events_show_month_and_share(page, now, before):
    shown = events_table(page, now, before)
    assert list(shown.columns) == ["Event", "Now", "Compared with"]
    assert shown["Now"].str.match(r"never|later|\d{4}-\d{2}").all()


def test_a_month_that_all_members_share_is_told_once(page, before):
    events = {name: np.full(MEMBERS, 4.0) for name in page.events}
    shown = events_table(page, replace(before, events=events), None)
    assert set(shown["Now"]) == {"2018-05"}


def test_the_parts_of_a_difference_add_up_for_each_member(desk, page, start):
    state = start.with_lever("stockpiling", 0, 1).with_lever("product_rule_grace", 0, 123)
    parts = contributions(state, page, desk, "revenue", 2021)
    base, both = desk.view(start, page), desk.view(state, page)
    whole = both.tracks["revenue"].values[3] - base.tracks["revenue"].values[3]
    assert list(parts["Lever"][-2:]) == ["Together beyond the sum", "All together"]
    assert len(parts) == 4
    assert parts["Median"].iloc[-1] == pytest.approx(np.median(whole), rel=1e-4)


def test_the_network_shows_the_open_route_before_the_rule_and_closed_after(history, before):
    def way(month):
        found = routes_of(before, history, [str(one) for one in before.months].index(month))
        return [one.way for one in found if one.item == "own_advanced_soc"]

    assert way("2019-06") == ["open"]
    assert way("2021-06")[0] == "closed"


def test_the_network_names_makers_and_is_as_wide_as_its_flow(history, before):
    rows = draw(before, history, 12)["data"]["values"]
    chips = next(r for r in rows if r["label"] in history.items["own_advanced_soc"].label)
    assert history.actors["tsmc"].label in chips["makers"]
    flows = before.flows["own_advanced_soc"]
    assert chips["width"] == pytest.approx(
        1 + 16 * flows[0, 12] / flows.sum(axis=0).max(), rel=0.02
    )


def test_a_maker_s_series_is_what_the_firm_received_on_its_routes(history, before):
    drawn = actor_series(before, history, "tsmc")
    rows = drawn["data"]["values"]
    own = history.items["own_advanced_soc"].label.split(" (")[0]
    mine = [row for row in rows if row["what"] == own and row["time"] == "2019-01-01"]
    flows = before.flows["own_advanced_soc"]
    assert [row["way"] for row in mine] == ["open"]
    assert mine[0]["units"] == pytest.approx(flows[0, 12], rel=0.01)
    assert mine[0]["share"] == pytest.approx(100 * flows[0, 12] / flows.sum(axis=0).max(), rel=0.01)


def test_makers_can_be_clicked_and_chosen_by_name(history, before):
    drawn = draw(before, history, 12)
    (clicked,) = [param for layer in drawn["layer"] for param in layer.get("params", [])]
    assert (clicked["name"], clicked["select"]["fields"]) == (CHOSEN, ["actor"])
    names = actors_of(before, history)
    assert {row["actor"] for row in drawn["data"]["values"]} <= names.keys()
    assert history.focal not in names
