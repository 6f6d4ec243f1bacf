"""The times of a signed-in person: their own zone, and what "today" and "tonight" mean there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from flask_login import current_user

MORNING: Final = time(6)
EVENING: Final = time(18)


@dataclass(frozen=True, slots=True)
class Span:
    """The day, or the night, that is going on."""

    start: datetime
    end: datetime
    night: bool


def zone() -> ZoneInfo:
    return ZoneInfo(current_user.timezone)


def span(now: datetime) -> Span:
    """From six to six; `now` is in the person's own zone."""
    day = now.date() - (timedelta(days=1) if now.time() < MORNING else timedelta())
    morning, evening, next_morning = (
        datetime.combine(date, at, now.tzinfo)
        for date, at in ((day, MORNING), (day, EVENING), (day + timedelta(days=1), MORNING))
    )
    if morning <= now < evening:
        return Span(morning, evening, night=False)
    return Span(evening, next_morning, night=True)
