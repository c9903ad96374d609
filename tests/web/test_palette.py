"""Colours: told apart by the colour-blind, readable on light and dark, and never alone in grey."""

import itertools
import re
from importlib.resources import files

import numpy as np
import pytest

from sim.reports.style import BLUE, GREEN, ORANGE, VERMILION
from sim.web import network
from sim.web.supply_charts import _ORIGIN_COLORS

# Machado, Oliveira and Fernandes (2009), severity 1, on linear RGB.
BLIND = {
    "nobody": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
         [-0.003882, -0.048116, 1.051998]]),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
         [-0.011820, 0.042940, 0.968881]]),
    "tritanopia": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602],
         [0.004733, 0.691367, 0.303900]]),
}  # fmt: skip
TO_XYZ = np.array(
    [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
)  # fmt: skip
WHITE = np.array([0.9505, 1.0, 1.089])
APART = 15  # CIE 1976; about 2.3 can just be seen, so this is plain side by side
CSS = (files("sim.reports") / "templates" / "explorer.css").read_text()


def linear(color):
    parts = np.array([int(color[k : k + 2], 16) for k in (1, 3, 5)]) / 255
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)


def lab(rgb):
    scaled = (TO_XYZ @ np.clip(rgb, 0, 1)) / WHITE
    root = np.where(scaled > 0.008856, np.cbrt(scaled), 7.787 * scaled + 16 / 116)
    return np.array([116 * root[1] - 16, 500 * (root[0] - root[1]), 200 * (root[1] - root[2])])


def difference(one, two, eye="nobody"):
    matrix = BLIND[eye]
    return float(np.linalg.norm(lab(matrix @ linear(one)) - lab(matrix @ linear(two))))


def contrast(one, two):
    bright, dim = sorted((float(TO_XYZ[1] @ linear(c)) for c in (one, two)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


def scheme(name):
    """The explorer's colours in a scheme, by variable."""
    light, dark = re.findall(r":root \{(.*?)\}", CSS, re.DOTALL)
    found = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6})", light))
    found |= dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6})", dark)) if name == "dark" else {}
    return {key: v if len(v) == 7 else "#" + "".join(2 * c for c in v[1:]) for key, v in found.items()}  # fmt: skip  # noqa: E501


def test_the_measure_of_difference_knows_black_from_white():
    assert difference("#000000", "#ffffff") == pytest.approx(100, abs=0.1)
    assert contrast("#000000", "#ffffff") == pytest.approx(21, abs=0.01)
    assert difference("#ff0000", "#00aa00") > 100
    assert difference("#8f6b00", "#5f8a00", "deuteranopia") < APART  # a pair to avoid


@pytest.mark.parametrize("eye", BLIND)
@pytest.mark.parametrize("name", ["light", "dark"])
def test_runs_and_points_of_the_explorer_are_told_apart_by_everybody(name, eye):
    colors = scheme(name)
    for one, two in [("now", "then"), ("now", "point"), ("now", "ink"), ("then", "ink")]:
        assert difference(colors[one], colors[two], eye) > APART, (one, two)


@pytest.mark.parametrize("name", ["light", "dark"])
def test_lines_and_text_of_the_explorer_stand_out_from_the_paper(name):
    colors = scheme(name)
    for text in ("ink", "muted"):
        assert contrast(colors[text], colors["paper"]) >= 4.5
        assert contrast(colors[text], colors["soft"]) >= 4.5
    for line in ("now", "then", "change", "point"):
        assert contrast(colors[line], colors["paper"]) >= 3
    assert contrast(colors["on-chosen"], colors["chosen"]) >= 4.5


def test_the_explorer_tells_runs_apart_without_any_colour():
    assert re.search(r"\.a \.line \{ stroke-dasharray", CSS)
    assert re.search(r"\.a \.half \{ fill: none", CSS)


@pytest.mark.parametrize("eye", BLIND)
@pytest.mark.parametrize(
    "palette",
    [(BLUE, ORANGE, VERMILION), _ORIGIN_COLORS, (BLUE, ORANGE, GREEN)],
    ids=["runs and points", "origins", "runs and change"],
)
def test_colours_of_one_chart_of_the_page_are_told_apart_by_everybody(palette, eye):
    for one, two in itertools.combinations(palette, 2):
        assert difference(one, two, eye) > APART, (one, two)


def test_ways_of_the_network_that_share_a_lightness_differ_in_dash():
    names = list(network._COLORS)
    for one, two in itertools.combinations(names, 2):
        tone = abs(lab(linear(network._COLORS[one]))[0] - lab(linear(network._COLORS[two]))[0])
        assert tone > 8 or network._DASHES[one] != network._DASHES[two], (one, two)
