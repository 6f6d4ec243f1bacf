"""Lengths of time in words: the biggest two units."""

from __future__ import annotations

from datetime import timedelta

from flask_babel import gettext

from cem.http.clocks import parts_of


def spoken(length: timedelta) -> str:
    words = {"d": gettext("d"), "h": gettext("h"), "min": gettext("min"), "s": gettext("s")}
    return " ".join(f"{figure} {words[unit]}" for figure, unit in parts_of(length))
