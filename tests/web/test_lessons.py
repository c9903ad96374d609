"""Lessons: files with a head and four sections, shown in the page, sound in the model."""

from pathlib import Path

import pytest

from sim.case.errors import ConfigError
from sim.web import lessons
from sim.web.compute import case_for
from sim.web.lessons import read_lesson
from sim.web.state import State

NAMES = ["grace_window", "rerouting", "subsidies_or_stock", "tools_timing", "sanctioner_price",
         "middle_power"]  # fmt: skip
GOOD = """---
case: huawei
title: A lesson
start: {preset: huawei}
watch: [revenue]
---

# A lesson

## Question

What now?

## Predict first

More or less?

## Debate

- One point
  on two lines.
- Another.

## For teachers

*Aim:* none.
"""


def test_the_page_has_six_lessons_in_the_order_of_their_files(page):
    assert list(page.lessons) == NAMES
    assert page.lessons["grace_window"].title == "What four months of grace were worth"


def test_a_lesson_has_everything_a_class_needs(page):
    for lesson in page.lessons.values():
        assert lesson.question.endswith("?")
        assert "?" in lesson.predict
        assert len(lesson.debate) >= 3
        assert "*Aim:*" in lesson.teachers
        assert "*Watch for:*" in lesson.teachers


def test_every_lesson_starts_at_a_sound_case(page):
    for lesson in page.lessons.values():
        state = State(lesson.start.preset, 2026, lesson.start.levers)
        assert case_for(state, page).id == "huawei"


def test_the_teachers_overview_links_every_lesson(page):
    overview = (Path(__file__).parents[2] / "docs" / "lessons.md").read_text()
    for number, name in enumerate(NAMES, start=1):
        assert f"[{page.lessons[name].title}]" in overview
        assert f"(lessons/{number}-{name.replace('_', '-')}.md)" in overview


def test_points_of_a_debate_are_read_line_breaks_and_all(tmp_path):
    file = tmp_path / "1-a.md"
    file.write_text(GOOD)
    assert read_lesson(file)["debate"] == ["One point on two lines.", "Another."]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("---\ncase", "case", "begins with a head"),
        ("## Debate", "## Talk", "sections are Question"),
        ("start: {preset: huawei}", "start: {preset: huawei", "1-a.md"),
    ],
)
def test_a_lesson_with_a_fault_says_which(tmp_path, old, new, message):
    file = tmp_path / "1-a.md"
    file.write_text(GOOD.replace(old, new))
    with pytest.raises(ConfigError, match=message):
        read_lesson(file)


def test_lessons_of_other_cases_are_not_shown(tmp_path, monkeypatch):
    (tmp_path / "1-a.md").write_text(GOOD)
    (tmp_path / "2-b.md").write_text(GOOD.replace("case: huawei", "case: another"))
    monkeypatch.setattr(lessons, "lessons_folder", lambda: tmp_path)
    assert list(lessons.read_lessons("huawei")) == ["a"]


def test_a_lesson_on_a_chart_that_the_page_lacks_is_refused(tmp_path, monkeypatch):
    from sim.web import setup

    (tmp_path / "1-a.md").write_text(GOOD.replace("[revenue]", "[weather]"))
    monkeypatch.setattr(lessons, "lessons_folder", lambda: tmp_path)
    with pytest.raises(ConfigError, match="weather"):
        setup.load_page.__wrapped__("huawei")
