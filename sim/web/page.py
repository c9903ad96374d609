"""The page that ``chokepoint app`` serves: from the address to charts, top to bottom."""

from __future__ import annotations

import os

import streamlit as st

from sim.case.errors import ConfigError
from sim.web import network_panel, panels, session, take_away_panel
from sim.web.compute import case_of
from sim.web.setup import CASE_VARIABLE, Page, load_page
from sim.world.builtin import default_case

# Streamlit leaves a hand's breadth above the title, which a phone cannot spare.
STYLE = "<style>.block-container {padding-top: 3rem; padding-bottom: 2rem}</style>"
NETWORK, WHY, LESSONS, TAKE, ABOUT = "Network", "Why", "Lessons", "Take away", "About"


def show() -> None:
    """Draw the page for one visitor."""
    st.set_page_config(page_title="chokepoint what-if", page_icon="🧭", layout="wide")
    name = os.environ.get(CASE_VARIABLE) or default_case()
    page, history = load_page(name), case_of(name)
    session.begin(page, history)
    panels.sidebar(page, history)
    st.html(STYLE)
    st.markdown(f"### What if? {history.title}")
    st.caption("Levers are in the side panel (» at the top left opens it on a small screen).")
    for note in st.session_state[session.NOTES]:
        st.warning(note)
    session.write_address()
    if panels.lesson_card(page):
        _results(page)


def _results(page: Page) -> None:
    try:
        now, before = panels.views(page)
    except ConfigError as error:
        st.error(f"These levers do not go together: {error}")
        return
    panels.headline(page, now, before)
    groups = list(dict.fromkeys(spec.group for spec in page.charts.values()))
    sections = [*groups, NETWORK, WHY, *([LESSONS] if page.lessons else []), TAKE, ABOUT]
    section = st.segmented_control("Section", sections, default=sections[0], key="section",
                                   label_visibility="collapsed") or sections[0]  # fmt: skip
    if section in groups:
        way = panels.controls(page)
        panels.legend(page, before)
        names = [name for name, spec in page.charts.items() if spec.group == section]
        panels.chart_grid(page, names, now, before, way)
    elif section == NETWORK:
        network_panel.network_view(page, now)
    elif section == WHY:
        panels.why(page, now, before)
    elif section == LESSONS:
        panels.lessons(page)
    elif section == TAKE:
        take_away_panel.take_away(page, now)
    else:
        panels.about(page, now)


if __name__ == "__main__":
    show()
