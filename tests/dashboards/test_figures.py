"""Rows in, figures out: Plotly itself reads them."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import plotly.graph_objects as go
import pytest

from cem.dashboards import figures, theme
from cem.dashboards.figures import Point


def _points(*values: float | None, few: bool = False) -> list[Point]:
    return [
        Point(f"wk {i}", "")
        if value is None
        else Point(f"wk {i}", f"said {i}", value, value - 5, value + 4, few)
        for i, value in enumerate(values)
    ]


def _drawn(*values: float | None, few: bool = False) -> Any:
    return go.Figure(figures.trend(_points(*values, few=few), -100, 100, last="41"))


def test_plotly_accepts_the_figure() -> None:
    figure = _drawn(46, 45, 47, 44, 41)
    band, line, dots = figure.data
    assert (band.fill, list(line.y), list(dots.y)) == ("toself", [46, 45, 47, 44, 41], [41])
    assert list(dots.text) == ["41"] and figure.layout.showlegend is False


def test_the_band_holds_every_interval() -> None:
    band = _drawn(46, 45).data[0]
    assert list(zip(band.x, band.y, strict=True)) == [(0, 50), (1, 49), (1, 40), (0, 41)]


def test_what_is_not_shown_is_a_gap_that_nothing_bridges() -> None:
    figure = _drawn(46, None, 44, 43)
    assert len([trace for trace in figure.data if trace.fill == "toself"]) == 2
    assert figure.data[-2].connectgaps is False and figure.data[-2].y[1] is None


def test_few_data_are_hollow() -> None:
    dots = _drawn(46, 45, few=True).data[-1]
    assert set(dots.marker.color) == {theme.colours()["paper"]}


def test_a_lonely_point_is_seen() -> None:
    assert list(_drawn(None, 46, None, 41).data[-1].x) == [1, 3]


@pytest.mark.parametrize("values", [(), (None, None), (100,), (-100, 100)])
def test_a_trend_of_nothing_or_of_extremes_can_be_drawn(values: tuple[float | None, ...]) -> None:
    ticks = _drawn(*values).layout.yaxis.tickvals
    assert -100 <= ticks[0] < ticks[-1] <= 100


def test_ticks_are_round_few_and_around_all_intervals() -> None:
    ticks = figures.axis_ticks(_points(46, 41, 33), -100, 100)
    assert ticks == [20, 30, 40, 50]


def test_every_colour_of_a_figure_is_a_token_and_names_it() -> None:
    figure = figures.trend(_points(46, 41), -100, 100)
    css = theme.STATIC.joinpath("css", "tokens.css").read_text("utf-8")
    for colour, token in figure["layout"]["meta"].items():
        assert f"{token}: {colour};" in css


def test_the_application_does_not_import_plotly() -> None:
    program = "import sys, cem.app, cem.web.executive.routes; print('plotly' in sys.modules)"
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "False"
