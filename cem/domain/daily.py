"""When the hub looks over many texts at once: every night, and by day where much is new. Pure."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final

from cem.domain.localtime import local_date

NIGHT: Final = timedelta(hours=3)
"""After midnight, where the group is: when few texts wait."""
APART: Final = timedelta(hours=1)
"""From one look to the next, at least."""
MUCH: Final = 50
"""So many new texts are worth a look by day; fewer texts in all are worth none."""


def look_of(now: datetime, zone_name: str) -> date:
    """The day whose look is the last one due."""
    return local_date(now - NIGHT, zone_name)


def is_due(day: date, last_day: date | None, last_at: datetime | None, now: datetime, new: bool) -> bool:
    """Whether to look now. `new`: whether much has come since the last look."""
    if last_day is None or last_at is None or last_day < day:
        return True
    return new and now - last_at >= APART
