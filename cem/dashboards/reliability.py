"""How far confidence can be believed, as a Plotly figure: plain data, nothing imported."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from cem.dashboards import theme

_LEAST: Final = 5
"""A bin with fewer texts says nothing and is not drawn."""


def figure(bins: Sequence[dict[str, Any]], said: Sequence[str]) -> dict[str, Any]:
    """Per cent promised against per cent right: on the line is honest. `said` is each bin in words."""
    colour = theme.colours()
    kept = [(each, word) for each, word in zip(bins, said, strict=True) if each["n"] >= _LEAST]
    lowest = min([0.5, *(each["accuracy"] for each, _ in kept)])
    return {
        "data": [_honest(colour), _bins([each for each, _ in kept], [word for _, word in kept], colour)],
        "layout": theme.layout()
        | {"hovermode": "closest", "xaxis": _axis(50), "yaxis": _axis(int(10 * lowest) * 10, showgrid=True)},
    }


def _honest(colour: dict[str, str]) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines",
        "x": [50, 100],
        "y": [50, 100],
        "line": {"color": colour["chart-2"], "width": 1, "dash": "dot"},
        "hoverinfo": "skip",
    }


def _bins(bins: Sequence[dict[str, Any]], said: Sequence[str], colour: dict[str, str]) -> dict[str, Any]:
    """A dot for each bin, larger where there are more texts."""
    most = max((each["n"] for each in bins), default=1)
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "x": [round(100 * each["confidence"], 1) for each in bins],
        "y": [round(100 * each["accuracy"], 1) for each in bins],
        "customdata": list(said),
        "hovertemplate": "%{customdata}<extra></extra>",
        "line": {"color": colour["chart-1"], "width": 2},
        "marker": {
            "opacity": 1,
            "size": [round(6 + 10 * (each["n"] / most) ** 0.5, 1) for each in bins],
            "color": colour["chart-1"],
        },
        "cliponaxis": False,
    }


def _axis(first: int, **more: Any) -> dict[str, Any]:
    """Per cent from `first` to a hundred, with a little room for the dots."""
    ticks = list(range(first, 101, 10))
    hair = theme.colours()["hair"]
    return (
        theme.axis(range=[first - 2, 102], tickvals=ticks, ticktext=list(map(str, ticks)), gridcolor=hair)
        | more
    )
