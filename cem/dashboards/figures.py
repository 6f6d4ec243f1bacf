"""Rows in, Plotly figures out: plain data that `plotly.graph_objects.Figure` accepts, and nothing imported.

Building dictionaries keeps Plotly's 40 MB out of the web process; the tests read them with Plotly itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil, floor
from typing import Any, Final

from cem.dashboards import theme

Trace = dict[str, Any]

_STEPS: Final = (5, 10, 20, 25, 50, 100)
_MOST_TICKS: Final = 4


@dataclass(frozen=True, slots=True)
class Point:
    """One period of a trend, in the unit of the axis. Without a value it is a gap (too few to be shown).

    `label` stands under the axis, `said` is the whole figure in words for whoever points at it.
    """

    label: str
    said: str
    value: float | None = None
    low: float | None = None
    high: float | None = None
    few: bool = False


def trend(points: Sequence[Point], floor_: float, ceiling: float, last: str = "") -> dict[str, Any]:
    """A line of estimates in the band of their intervals; `last` is written beside the newest point."""
    ticks = axis_ticks(points, floor_, ceiling)
    room = (ticks[-1] - ticks[0]) * 0.03
    return {
        "data": [*_bands(points), _line(points), _dots(points, last)],
        "layout": theme.layout()
        | {
            "xaxis": theme.axis(
                range=[-0.5, len(points) - 0.5],
                tickvals=[0, len(points) - 1],
                ticktext=[points[0].label, points[-1].label] if points else [],
                ticklabelstandoff=6,
            ),
            "yaxis": theme.axis(
                range=[ticks[0] - room, ticks[-1] + room],
                tickvals=ticks,
                ticktext=[_written(tick) for tick in ticks],
                showgrid=True,
                gridcolor=theme.colours()["hair"],
            ),
        },
    }


def axis_ticks(points: Sequence[Point], floor_: float, ceiling: float) -> list[int]:
    """Round numbers around all intervals, within what is possible."""
    lows = [point.low for point in points if point.low is not None] or [floor_]
    highs = [point.high for point in points if point.high is not None] or [ceiling]
    low, high = max(min(lows), floor_), min(max(highs), ceiling)
    step = next((each for each in _STEPS if _span(low, high, each) < _MOST_TICKS), _STEPS[-1])
    first = floor(low / step) * step
    return [first + step * i for i in range(max(_span(low, high, step), 1) + 1)]


def _span(low: float, high: float, step: int) -> int:
    return ceil(high / step) - floor(low / step)


def _runs(points: Sequence[Point]) -> Iterator[list[int]]:
    """The numbers of neighbouring points that are shown: a band does not bridge a gap."""
    run: list[int] = []
    for i, point in enumerate(points):
        if point.value is not None:
            run.append(i)
        elif run:
            yield run
            run = []
    if run:
        yield run


def _bands(points: Sequence[Point]) -> Iterator[Trace]:
    for run in _runs(points):
        yield {
            "type": "scatter",
            "mode": "lines",
            "x": run + run[::-1],
            "y": _rounded([points[i].high for i in run] + [points[i].low for i in run[::-1]]),
            "fill": "toself",
            "fillcolor": theme.colours()["chart-band"],
            "line": {"width": 0, "color": theme.colours()["chart-band"]},
            "hoverinfo": "skip",
        }


def _line(points: Sequence[Point]) -> Trace:
    return {
        "type": "scatter",
        "mode": "lines",
        "x": list(range(len(points))),
        "y": _rounded([point.value for point in points]),
        "customdata": [point.said for point in points],
        "hovertemplate": "%{customdata}<extra></extra>",
        "line": {"color": theme.colours()["chart-1"], "width": 2},
        "connectgaps": False,
    }


def _dots(points: Sequence[Point], last: str) -> Trace:
    """Hollow where there are few data, large and named for the newest, none elsewhere: the line says it."""
    colour, newest = theme.colours(), len(points) - 1
    shown = [i for i, point in enumerate(points) if point.value is not None]
    marked = [i for i in shown if i == newest or points[i].few or _alone(i, points)]
    return {
        "type": "scatter",
        "mode": "markers+text",
        "x": marked,
        "y": _rounded([points[i].value for i in marked]),
        "text": [last if i == newest else "" for i in marked],
        "textposition": "middle right",
        "textfont": {"color": colour["chart-1"], "size": theme.LABEL_SIZE},
        "marker": {
            "opacity": 1,
            "size": [9 if i == newest else 6 for i in marked],
            "color": [colour["paper"] if points[i].few else colour["chart-1"] for i in marked],
            "line": {"color": colour["chart-1"], "width": 1.5},
        },
        "cliponaxis": False,
        "hoverinfo": "skip",
    }


def _alone(i: int, points: Sequence[Point]) -> bool:
    """A point without a neighbour makes no line and would not be seen."""
    neighbours = [points[j] for j in (i - 1, i + 1) if 0 <= j < len(points)]
    return all(neighbour.value is None for neighbour in neighbours)


def _rounded(values: Sequence[float | None]) -> list[float | None]:
    return [None if value is None else round(value, 2) for value in values]


def _written(tick: int) -> str:
    return str(tick).replace("-", "\u2212")
