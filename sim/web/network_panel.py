"""The network month by month, drawn with Streamlit: slider, play, an actor's series."""

from __future__ import annotations

from typing import Any

import streamlit as st

from sim.web import network
from sim.web.compute import case_of
from sim.web.network import CHOSEN
from sim.web.setup import Page
from sim.web.view import View

MONTH, PLAYING, ACTOR = "network.month", "network.playing", "network.actor"
FIRST = 30  # month shown at first, counted from the start
STRIDE, PAUSE = 2, 0.8  # months of a step, and seconds before the next


def network_view(page: Page, now: View) -> None:
    """Who supplied what by which way in a month of the visitor's choice."""
    st.caption(
        "Width: chips received against the fullest month of their kind; mean over members. Click "
        "a maker for its series; move the month with the arrow keys, or let it play."
    )
    playing = bool(st.session_state.get(PLAYING))
    st.fragment(_network, run_every=PAUSE if playing else None)(page, now, playing)


def _network(page: Page, now: View, playing: bool) -> None:
    """Draw one month; runs by itself while it plays."""
    months, case = [str(month) for month in now.months], case_of(page.case)
    _advance(months)
    if bool(st.session_state[PLAYING]) != playing:
        st.rerun()  # only the whole page can start and stop the clock
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.button(":material/pause: Pause" if playing else ":material/play_arrow: Play",
                  key="network.play", on_click=_toggle, args=(months,))  # fmt: skip
        chosen = st.select_slider("Month", months, key=MONTH, on_change=_stop)
    left, right = st.columns([3, 2], gap="medium")
    drawn = network.draw(now, case, months.index(chosen))
    with left:
        event = st.vega_lite_chart(drawn, width="stretch", key=f"network.{chosen}",
                                   on_select="rerun", selection_mode=CHOSEN)  # fmt: skip
    actors = network.actors_of(now, case)
    _take_click(event, actors)
    with right:
        actor = st.selectbox("Chips from", list(actors), format_func=actors.__getitem__, key=ACTOR)
        st.vega_lite_chart(network.actor_series(now, case, actor), width="stretch", key="actor")


def _advance(months: list[str]) -> None:
    """Choose the month: the next one while playing; the last one ends it."""
    here = st.session_state.get(MONTH)
    place = months.index(here) if here in months else min(FIRST, len(months) - 1)
    playing = bool(st.session_state.get(PLAYING))
    place += STRIDE if playing else 0
    st.session_state[PLAYING] = playing and place < len(months) - 1
    st.session_state[MONTH] = months[min(place, len(months) - 1)]


def _toggle(months: list[str]) -> None:
    start = not st.session_state.get(PLAYING)
    if start and st.session_state.get(MONTH) == months[-1]:
        st.session_state[MONTH] = months[0]
    st.session_state[PLAYING] = start


def _stop() -> None:
    st.session_state[PLAYING] = False


def _take_click(event: Any, actors: dict[str, str]) -> None:
    """A click on a maker chooses its series."""
    points = event.get("selection", {}).get(CHOSEN) or []
    clicked = points[0].get("actor") if points else None
    if clicked in actors and st.session_state.get("network.clicked") != clicked:
        st.session_state[ACTOR] = clicked
    st.session_state["network.clicked"] = clicked
