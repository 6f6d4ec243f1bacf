"""The look of every chart, read from the one file that has raw values.

A figure carries the light colours and, in `layout.meta`, the token behind each, so that the page can put in
what the token is worth there: the same figure is drawn by day and with the lamp turned low.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any, Final

from cem.http.assets import STATIC

TOKENS: Final = ("chart-1", "chart-2", "chart-band", "hair", "ink-2", "ink-3", "paper", "sheet")
CLEAR: Final = "rgba(0, 0, 0, 0)"
"""A chart lies on the page's own paper, which is white when it is printed."""

TICK_SIZE: Final = 12
LABEL_SIZE: Final = 14


@cache
def colours() -> dict[str, str]:
    """The light value of each token that charts use."""
    css = (STATIC / "css" / "tokens.css").read_text("utf-8")
    light = css[css.index(":root {") : css.index("}")]
    return {name: _value(light, name) for name in TOKENS}


def _value(css: str, token: str) -> str:
    found = re.search(rf"--{token}:\s*([^;]+);", css)
    if found is None:
        raise LookupError(f"no token --{token}")
    return found[1]


def layout() -> dict[str, Any]:
    """Paper, hairlines, no legend, no frame; nothing moves under a finger."""
    colour = colours()
    return {
        "paper_bgcolor": CLEAR,
        "plot_bgcolor": CLEAR,
        "font": {"color": colour["ink-3"], "size": TICK_SIZE, "family": "sans-serif"},
        "margin": {"l": 32, "r": 34, "t": 8, "b": 30},
        "showlegend": False,
        "dragmode": False,
        "hovermode": "x",
        "hoverlabel": {
            "bgcolor": colour["sheet"],
            "bordercolor": colour["chart-2"],
            "font": {"color": colour["chart-1"]},
        },
        "meta": {value: f"--{name}" for name, value in colour.items()},
    }


def axis(**more: Any) -> dict[str, Any]:
    """An axis without a line of its own; `more` says what it shows."""
    return {
        "showgrid": False,
        "zeroline": False,
        "fixedrange": True,
        "ticks": "",
        "tickfont": {"color": colours()["ink-3"], "size": TICK_SIZE},
    } | more
