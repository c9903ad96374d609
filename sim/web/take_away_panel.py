"""Link and downloads, drawn with Streamlit."""

from __future__ import annotations

import streamlit as st

from sim.web import session, words
from sim.web.compute import DESK, changes_of
from sim.web.panels import teller
from sim.web.setup import Page
from sim.web.state import State, scenario_yaml
from sim.web.take_away import SCENARIO, Counter, TakeAway
from sim.web.view import View

COUNTER = Counter(DESK)
"""Shared by all visitors of one server."""


def take_away(page: Page, now: View) -> None:
    """Link and downloads of the current state."""
    state = session.current()
    text = scenario_yaml(state, page, changes_of(state, page))
    st.markdown("**Link.** The address of this page restores all levers and the pinned run.")
    st.markdown("**Scenario.** `chokepoint run` takes this file and gives the same numbers.")
    st.code(text, language="yaml")
    with st.container(horizontal=True):
        st.download_button("Scenario (YAML)", text, SCENARIO, "application/yaml",
                           on_click="ignore")  # fmt: skip
        st.download_button("Bands of all charts (CSV)", words.table(page, now).to_csv(index=False),
                           "what-if.csv", "text/csv", on_click="ignore")  # fmt: skip
    st.markdown("**Report and figures.** All outcomes of this run, with inputs and sources.")
    made = COUNTER.ready(state) or _on_request(state, page)
    if made is not None:
        _offer(made)


def _on_request(state: State, page: Page) -> TakeAway | None:
    if not st.button("Make report and figures", help="Takes some ten seconds."):
        return None
    slot = st.empty()
    made = COUNTER.make(state, page, teller(slot, "Writing the report"))
    slot.empty()
    return made


def _offer(made: TakeAway) -> None:
    with st.container(horizontal=True):
        st.download_button("Report (HTML)", made.report, "what-if-report.html", "text/html",
                           on_click="ignore")  # fmt: skip
        st.download_button("Figures (SVG)", made.figures, "what-if-figures.zip",
                           "application/zip", on_click="ignore")  # fmt: skip
