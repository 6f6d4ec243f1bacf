"""One week of a roster as people see it: in the site's own time, with its gaps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from flask_babel import gettext

from cem.domain.calendars import Calendar, SpecialDay
from cem.domain.localtime import utc
from cem.domain.roster import Active, Roster
from cem.domain.roster_changes import Stretch, stretches

_HOUR = timedelta(hours=1)
_HALF = 30


@dataclass(frozen=True, slots=True)
class Bar:
    """A time on duty. `start` and `end` are halves of hours from midnight, 0 to 48."""

    who: str
    hours: str
    start: int
    end: int
    kind: str
    begins: datetime
    ends: datetime


@dataclass(frozen=True, slots=True)
class Day:
    date: date
    weekday: str
    today: bool
    special: str
    bars: tuple[Bar, ...]
    uncovered: float


@dataclass(frozen=True, slots=True)
class Week:
    monday: date
    sunday: date
    number: int
    days: tuple[Day, ...]
    gaps: int
    uncovered: float

    @property
    def before(self) -> str:
        return (self.monday - timedelta(days=7)).isoformat()

    @property
    def after(self) -> str:
        return (self.monday + timedelta(days=7)).isoformat()


def monday_of(text: str, today: date) -> date:
    """The Monday of the week that holds a date; of this week where none is given."""
    try:
        day = date.fromisoformat(text) if text else today
    except ValueError:
        day = today
    return day - timedelta(days=day.weekday())


def week(
    roster: Roster,
    calendar: Calendar,
    monday: date,
    now: datetime,
    active: Active,
    names: Mapping[str, str],
) -> Week:
    today = now.astimezone(ZoneInfo(roster.timezone)).date()
    days = tuple(_day(roster, calendar, monday + timedelta(days=i), today, active, names) for i in range(7))
    gaps = sum(bar.kind == "gap" for day in days for bar in day.bars)
    uncovered = sum(day.uncovered for day in days)
    return Week(monday, monday + timedelta(days=6), monday.isocalendar().week, days, gaps, uncovered)


def _day(
    roster: Roster, calendar: Calendar, day: date, today: date, active: Active, names: Mapping[str, str]
) -> Day:
    found = stretches(roster, day, active)
    bars = tuple(_bar(roster, each, day, names) for each in found)
    hours = sum((each.period.end - each.period.start) / _HOUR for each in found if each.is_gap)
    special = calendar.exceptions.get(day)
    return Day(day, weekdays()[day.weekday()], day == today, _special(special), bars, hours)


def _bar(roster: Roster, stretch: Stretch, day: date, names: Mapping[str, str]) -> Bar:
    zone = ZoneInfo(roster.timezone)
    start, end = (moment.astimezone(zone) for moment in (stretch.period.start, stretch.period.end))
    until = f"{end:%H:%M}" if end.date() == day else "24:00"
    hours = f"{start:%H:%M}–{until}"
    first = _halves(start)
    last = _halves(end) if end.date() == day else 48
    who = gettext("%(name)s and %(more)s more", name="%s", more=len(stretch.people) - 1)
    name = names.get(stretch.people[0], "")
    who = who % name if len(stretch.people) > 1 else name
    if standing_for := _relieved(roster, stretch):
        who = gettext("%(name)s for %(other)s", name=name, other=names.get(standing_for, ""))
    return Bar(who, hours, first, max(last, first + 1), _kind(stretch, start, until), start, end)


def _kind(stretch: Stretch, start: datetime, until: str) -> str:
    if stretch.is_gap:
        return "gap"
    if stretch.source == "override":
        return "swap"
    return "night" if start.hour >= 22 or (start.hour < 6 and until <= "09:00") else "day"


def _relieved(roster: Roster, stretch: Stretch) -> str | None:
    """For whom the first stands in."""
    at = stretch.period.start
    return next(
        (
            each.user
            for each in roster.overrides
            if each.by == stretch.people[0] and utc(each.start) <= at < utc(each.end)
        ),
        None,
    )


def _halves(moment: datetime) -> int:
    return moment.hour * 2 + (moment.minute >= _HALF)


def _special(day: SpecialDay | None) -> str:
    if day is None:
        return ""
    word = special_kinds()[day.kind]
    return f"{day.name} · {word}" if day.name else word


def special_kinds() -> dict[str, str]:
    return {
        "closed": gettext("closed"),
        "hours": gettext("special hours"),
        "working": gettext("make-up day"),
    }


def weekdays() -> tuple[str, ...]:
    return (
        gettext("Monday"), gettext("Tuesday"), gettext("Wednesday"), gettext("Thursday"),
        gettext("Friday"), gettext("Saturday"), gettext("Sunday"),
    )  # fmt: skip
