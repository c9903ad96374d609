"""Legends: a sample looks like what it stands for."""

import numpy as np

from sim.analysis.exceedance import Curve
from sim.reports.exceedance import draw_curves, exceedance_figure
from sim.reports.html import sample_shape


def curve(name: str) -> Curve:
    steps = np.array([600.0, 700.0])
    column = "revenue|segment=total"
    return Curve("Revenue: chance", name, column, steps, np.array([0.9, 0.2]), 8, "bn CNY")


def test_the_sample_of_a_dashed_line_is_dashed_and_that_of_a_solid_one_is_not():
    curves = [curve(name) for name in "ABCDEF"]
    lines = draw_curves(curves).axes[0].lines
    samples = [sample_shape(key) for key in exceedance_figure(curves).legend]
    assert ["stroke-dasharray" in one for one in samples] == [one.is_dashed() for one in lines]
    patterns = [one.partition("stroke-dasharray")[2] for one in samples]
    assert len(set(patterns)) == len(curves)
