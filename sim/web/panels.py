"""Parts of the page, drawn with Streamlit; what they show is computed elsewhere."""

from __future__ import annotations

import itertools
import math
import time
from collections.abc import Callable
from typing import Any

import streamlit as st

from sim.case.schema import Case
from sim.web import charts, session, supply_charts, words
from sim.web.compute import DESK, case_of, documented_of
from sim.web.contributions import contributions
from sim.web.levers import position
from sim.web.setup import Lever, Page
from sim.web.state import FIRST_END, MEMBERS, presets
from sim.web.view import View

DIFFERENCE = "Difference"


def sidebar(page: Page, history: Case) -> None:
    """Presets, levers in groups, horizon and members."""
    names = presets(page)
    changed: dict[str, Any] = {"on_change": session.read_widgets, "args": (page,)}
    with st.sidebar:
        st.selectbox("Start from", list(names), format_func=names.__getitem__, key="preset",
                     help="History, or a ready-made what-if. Levers then change that.",
                     **changed)  # fmt: skip
        with st.container():  # one place, or the groups below would close when it grows
            _moved(page)
        for group in dict.fromkeys(lever.group for lever in page.levers.values()):
            _group(page, group, history, changed)
        with st.expander("Run: horizon and members"):
            last = history.calendar.end.year
            st.slider("Last year", FIRST_END, last, key="end", **changed)
            st.select_slider("Members of the ensemble", MEMBERS, key="members", **changed,
                             help="More members, smoother bands, longer wait.")  # fmt: skip


def _moved(page: Page) -> None:
    moved = session.current().moved
    for name, value in moved.items():
        lever = page.levers[name]
        text = ("on" if value else "off") if lever.kind == "switch" else f"{value:g}"
        st.button(f"✕ {lever.label}: {text}", key=f"undo.{name}", help="Put this lever back.",
                  on_click=session.reset, args=(page, name), width="stretch")  # fmt: skip
    st.button("Reset all levers", on_click=session.reset, args=(page,), width="stretch",
              disabled=not moved and session.current().preset == page.case)  # fmt: skip


def _group(page: Page, group: str, history: Case, changed: dict[str, Any]) -> None:
    inside = {name: lever for name, lever in page.levers.items() if lever.group == group}
    first = next(iter(page.levers.values())).group
    with st.expander(group, expanded=group == first, key=f"group.{group}"):
        for name, lever in inside.items():
            _lever(name, lever, history, changed)


def _lever(name: str, lever: Lever, history: Case, changed: dict[str, Any]) -> None:
    key, tip = session.lever_key(name), words.tooltip(lever, history)
    if lever.kind == "switch":
        st.toggle(lever.label, key=key, help=tip, **changed)
        st.caption(lever.help)
        return
    shown = "%+.0f" if lever.kind == "shift" else "%.0f" if lever.step >= 1 else "%.2f"
    st.slider(lever.label, lever.low, lever.high, step=lever.step, key=key, help=tip,
              format=shown, **changed)  # fmt: skip
    usual = position(lever, history, history)
    st.caption(f"{lever.help} *{words.unit_of(lever).capitalize()}; history: {usual:g}.*")


def views(page: Page) -> tuple[View, View | None]:
    """The current view and the one compared with; waits with a progress bar.

    Raises:
        ConfigError: if the levers contradict each other.
    """
    other = session.reference(page)
    slot = st.empty()
    now = DESK.view(session.current(), page, teller(slot, "Simulating"))
    before = None
    if other is not None:
        before = DESK.view(other, page, teller(slot, "Simulating the comparison"))
    slot.empty()
    return now, before


def teller(slot: Any, what: str) -> Callable[[float, int], None]:
    """What tells a visitor in ``slot`` how far the work is, or how many are served before."""
    last = [time.monotonic()]

    def tell(done: float, before: int) -> None:
        if time.monotonic() - last[0] < 0.15:
            return
        last[0] = time.monotonic()
        text = f"Waiting: {before} before you" if before else f"{what} ... move a lever to stop"
        slot.progress(min(done, 1.0), text)

    return tell


def against(page: Page) -> str:
    """Name of what the page compares with."""
    return "A, pinned" if session.pinned() else "history"


def headline(page: Page, now: View, before: View | None) -> None:
    """The sentence in words and what has been moved."""
    st.info(
        words.sentence(page, now, before, against(page)).replace("$", r"\$"),
        icon=":material/insights:",
    )


def controls(page: Page) -> str:
    """Pin, unpin and how to compare; returns the chosen way."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.button(
            ":material/push_pin: Pin this as A",
            on_click=_pin,
            help="Keep this state to compare with.",
        )
        if session.pinned():
            st.button("Unpin", on_click=_unpin)
        ways = ("Both runs", DIFFERENCE)
        chosen = st.radio("Compare", ways, key="way", horizontal=True,
                          label_visibility="collapsed")  # fmt: skip
    return str(chosen)


def _pin() -> None:
    st.session_state[session.PIN] = session.current()


def _unpin() -> None:
    st.session_state[session.PIN] = None


def legend(page: Page, before: View | None) -> None:
    """One legend for all charts."""
    text = ":blue[**━**] this run"
    if before is not None:
        text += f" · :orange[**╍**] {against(page)}"
    st.caption(
        f"{text} · bands: middle half and 90 % of members · :red[◆] documented (bar: range of "
        "sources) · dotted lines: measures (hover for names)"
    )


def chart_grid(page: Page, names: list[str], now: View, before: View | None, way: str) -> None:
    """Charts two by two; one below the other, in the same order, where the window is narrow."""
    for pair in itertools.batched(names, 2):
        for column, name in zip(st.columns(2, gap="medium"), pair, strict=False):
            with column:
                _chart(page, name, now, before, way)


def _chart(page: Page, name: str, now: View, before: View | None, way: str) -> None:
    spec, mine = page.charts[name], now.tracks[name]
    other = None if before is None else before.tracks[name]
    labels = (against(page), "this run")
    if way == DIFFERENCE and other is not None:
        drawn = charts.difference_fan(spec, mine, other, now.marks, f"change against {labels[0]}")
    else:
        drawn = charts.fan(spec, mine, other, documented_of(page.case), now.marks, labels)
    st.vega_lite_chart(drawn, width="stretch", key=f"chart.{name}")
    if spec.binds:
        st.vega_lite_chart(supply_charts.strip(now, spec.binds, _labels(page)), width="stretch",
                           key=f"strip.{name}")  # fmt: skip


def _labels(page: Page) -> dict[str, str]:
    return {name: line.label for name, line in case_of(page.case).lines.items()}


def why(page: Page, now: View, before: View | None) -> None:
    """Where chips came from, what bound, when things happened, which lever did it."""
    st.subheader("Where the chips came from")
    columns = st.columns(2, gap="medium")
    for column, (name, spec) in zip(columns, page.origins.items(), strict=False):
        runs = [now] if before is None else [now, before]
        top = max(supply_charts.most_chips(run, name) for run in runs)
        with column:
            st.vega_lite_chart(supply_charts.origins(now, name, f"{spec.title}: this run", top),
                               width="stretch", key=f"origins.{name}")  # fmt: skip
            if before is not None:
                title = f"{spec.title}: {against(page)}"
                st.vega_lite_chart(supply_charts.origins(before, name, title, top), width="stretch",
                                   key=f"origins.before.{name}")  # fmt: skip
    st.subheader("What limited output, month by month")
    st.vega_lite_chart(
        supply_charts.strip(now, page.lines, _labels(page)), width="stretch", key="binds"
    )
    if before is not None:
        st.caption(f"The same in {against(page)}:")
        st.vega_lite_chart(supply_charts.strip(before, page.lines, _labels(page)), width="stretch",
                           key="binds.before")  # fmt: skip
    st.subheader("When things happened")
    names = case_of(page.case).names
    st.table(words.events_table(page, now, before, names).set_index("Event"))
    _who_did_it(page, now)


def _who_did_it(page: Page, now: View) -> None:
    state = session.current()
    st.subheader("Which lever did it")
    if not state.moved:
        st.caption("Move levers to see what each of them does.")
        return
    names = list(page.charts)
    left, right = st.columns(2)
    chart = left.selectbox("Outcome", names, format_func=lambda name: page.charts[name].title)
    years = words.years_of(now, chart)
    telling = [years.index(year) for year in page.headline.years if year in years]
    year = right.selectbox("Year", years, index=(*telling, len(years) - 1)[0])
    if st.button("Split the difference by lever", help="Runs each lever alone."):
        slot = st.empty()
        tell = teller(slot, "Simulating each lever alone")
        table = contributions(state, page, DESK, chart, year, tell)
        slot.empty()
        unit = DESK.view(state, page).tracks[chart].unit
        st.caption(f"Change against the preset, {unit}, median and middle half of members.")
        st.dataframe(table.style.format("{:+,.3g}", subset=["Median", "From", "To"]),
                     hide_index=True)  # fmt: skip


def lesson_card(page: Page) -> bool:
    """The running lesson; returns whether the results may be shown."""
    name = st.session_state.get(session.LESSON)
    if name is None:
        return True
    lesson = page.lessons[name]
    with st.container(border=True):
        st.markdown(f"#### Lesson: {lesson.title}\n\n{lesson.question}")
        st.markdown(f"**Predict first.** {lesson.predict}")
        st.text_input("Your prediction (stays on this page)", key="prediction", max_chars=300)
        shown = bool(st.session_state.get(session.SHOWN))
        with st.container(horizontal=True):
            if not shown:
                st.button("Show what happens", type="primary", on_click=_show)
            st.button("Leave the lesson", on_click=session.start_lesson, args=(page, None))
        if shown:
            st.markdown("**To debate**\n\n" + "\n".join(f"- {point}" for point in lesson.debate))
            with st.expander("For teachers: aim, plan, what to watch for"):
                st.markdown(lesson.teachers)
    return shown


def _show() -> None:
    st.session_state[session.SHOWN] = True


def lessons(page: Page) -> None:
    """The list of lessons."""
    for name, lesson in page.lessons.items():
        with st.container(border=True):
            st.markdown(f"**{lesson.title}**\n\n{lesson.question}")
            st.button("Start this lesson", key=f"lesson.{name}", on_click=session.start_lesson,
                      args=(page, name))  # fmt: skip


def about(page: Page, now: View) -> None:
    """How to read the page, and what it cannot say."""
    case, members = case_of(page.case), session.current().members
    seconds = math.ceil(10 * now.seconds) / 10
    st.markdown(
        f"**{case.title}.** {case.description}\n\n"
        f"Each run simulates {members} members at once: the same history with other draws of what "
        "nobody knows. Two runs share their luck member by member, so their difference is due to "
        "the levers alone. The model never reads the documented outcomes (red diamonds).\n\n"
        "The bands show what the model does not know about its inputs, not everything that could "
        "be wrong with it. Hover over the question mark of a lever to see where its number comes "
        f"from.\n\nThis run took {seconds:g} s. Everything stays on this machine."
    )
