"""What a promise's clock shows: time left, how much of the stick is left, and in which state it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

SOON = 20
"""Percent of the time left from which a promise is due soon."""

Parts = tuple[tuple[int, str], ...]
"""Figures with their units (d, h, min, s), the biggest two at most."""


@dataclass(frozen=True, slots=True)
class ClockView:
    """`state` is empty while it runs, or soon, overdue, paused, kept, late.

    `parts` are the time left; since when it is overdue; how fast it was kept; how late it was done.
    `due_at` and `started_at` are given only where the clock runs, for the page to count on.
    """

    state: str
    parts: Parts
    percent: int
    what: str
    due_at: datetime | None = None
    started_at: datetime | None = None


def clock_view(
    started_at: datetime,
    due_at: datetime,
    now: datetime,
    what: str,
    *,
    paused: bool = False,
    fulfilled_at: datetime | None = None,
) -> ClockView:
    """One promise's clock at `now`. `what` says which promise and until when, in the reader's language."""
    if fulfilled_at is not None:
        return _ended(started_at, due_at, fulfilled_at, what)
    percent = _percent_left(started_at, due_at, now)
    if paused:
        return ClockView("paused", parts_of(due_at - now), percent, what)
    if now >= due_at:
        return ClockView("overdue", _since(now - due_at), 0, what, due_at, started_at)
    return ClockView(
        "soon" if percent <= SOON else "", parts_of(due_at - now), percent, what, due_at, started_at
    )


def _ended(started_at: datetime, due_at: datetime, fulfilled_at: datetime, what: str) -> ClockView:
    if fulfilled_at <= due_at:
        return ClockView("kept", _since(fulfilled_at - started_at), 100, what)
    return ClockView("late", _since(fulfilled_at - due_at), 0, what)


def _percent_left(started_at: datetime, due_at: datetime, now: datetime) -> int:
    whole = (due_at - started_at).total_seconds()
    left = (due_at - now).total_seconds()
    return max(0, min(100, round(100 * left / whole))) if whole > 0 else 0


def parts_of(span: timedelta) -> Parts:
    """Seconds are shown below ten minutes only: above, they would be noise."""
    seconds = max(0, int(span.total_seconds()))
    days, hours = divmod(seconds // 3600, 24)
    minutes = seconds // 60 % 60
    if days:
        return _pair((days, "d"), (hours, "h"))
    if hours:
        return _pair((hours, "h"), (minutes, "min"))
    if minutes >= 10:
        return ((minutes, "min"),)
    return ((minutes, "min"), (seconds % 60, "s")) if minutes else ((seconds, "s"),)


def _since(span: timedelta) -> Parts:
    """What is past is told in its coarser units: a late minute matters, a late second does not."""
    parts = parts_of(span)
    return parts[:1] if parts[0][1] == "min" else parts


def _pair(first: tuple[int, str], second: tuple[int, str]) -> Parts:
    return (first, second) if second[0] else (first,)
