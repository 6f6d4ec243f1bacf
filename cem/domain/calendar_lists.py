"""Calendars as people write them: ranges of a day, a list of special days, and the events of an ICS file.

2026-10-01..2026-10-07 closed National Day
2026-10-10 working
2026-12-24 10:00-14:00 Christmas Eve
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final

from cem.domain.calendars import Range, SpecialDay, SpecialKind
from cem.domain.localtime import DAY, MIDNIGHT, wall_time
from cem.domain.reasons import Invalid
from cem.domain.submission import N_

LONGEST: Final = 62
"""Days in one line at most: a slip of the year must not close a place for ever."""
_CLOSED: Final = frozenset({"closed", "休", "休息", "放假", "休假"})
_WORKING: Final = frozenset({"working", "班", "上班", "调休", "补班", "補班", "調休"})
_DAYS: Final = re.compile(r"(\d{4}-\d{2}-\d{2})(?:\.\.(\d{4}-\d{2}-\d{2}))?(?:\s+(.*))?")
_RANGES: Final = re.compile(r"\d{2}:\d{2}-\d{2}:\d{2}(?:,\d{2}:\d{2}-\d{2}:\d{2})*")
_FOLDED: Final = re.compile(r"\r?\n[ \t]")


def read_ranges(text: str) -> tuple[Range, ...]:
    """`09:00-12:00, 14:00-21:00`; nothing is a closed day. `ValueError` where it is neither."""
    found = []
    for part in filter(None, (each.strip() for each in re.split(r"[,，、;；]", text))):
        start, dash, end = part.replace("–", "-").replace("—", "-").replace(" ", "").partition("-")
        if not dash:
            raise ValueError(f"{part!r} is not a range")
        found.append((wall_time(start), wall_time(end, may_end_a_day=True)))
    return tuple(sorted(found))


def write_ranges(ranges: Iterable[Range]) -> str:
    return ", ".join(f"{a:%H:%M}-{'24:00' if b == MIDNIGHT else f'{b:%H:%M}'}" for a, b in ranges)


def read_days(text: str) -> dict[date, SpecialDay]:
    """The special days of a list, one line each. `Invalid` names the line that is not understood."""
    found: dict[date, SpecialDay] = {}
    for line in text.splitlines():
        if line.strip():
            try:
                first, last, day = _line(line.strip())
            except ValueError as error:
                raise Invalid({"days": [N_("This line is not understood:"), line.strip()]}) from error
            for ahead in range((last - first).days + 1):
                found[first + ahead * DAY] = day
    return found


def write_days(days: Mapping[date, SpecialDay]) -> str:
    """One line for each run of equal days, as `read_days` reads it back."""
    lines: list[tuple[date, date, SpecialDay]] = []
    for day, special in sorted(days.items()):
        if lines and lines[-1][1] + DAY == day and lines[-1][2] == special:
            lines[-1] = (lines[-1][0], day, special)
        else:
            lines.append((day, day, special))
    return "\n".join(_written(*line) for line in lines)


def from_ics(text: str) -> dict[date, SpecialDay]:
    """The all-day events of a calendar file as closed days, by name, for somebody to look through.

    An event whose name says that it is a working day (班, 补班) is one. `Invalid` where there is none.
    """
    found: dict[date, SpecialDay] = {}
    for event in _FOLDED.sub("", text).split("BEGIN:VEVENT")[1:]:
        values = dict(_property(line) for line in event.split("END:VEVENT")[0].splitlines() if ":" in line)
        first = _ics_date(values.get("DTSTART", ""))
        if first is None:
            continue
        last = (_ics_date(values.get("DTEND", "")) or first + DAY) - DAY
        name = values.get("SUMMARY", "").replace("\\,", ",").strip()[:80]
        works = any(word in name for word in ("补班", "補班", "调休", "調休", "上班")) or name.endswith("班")
        for ahead in range(min(max((last - first).days, 0), LONGEST) + 1):
            found[first + ahead * DAY] = SpecialDay("working" if works else "closed", (), name)
    if not found:
        raise Invalid({"ics": [N_("There is no all-day event in this file.")]})
    return found


def documents(days: Mapping[date, SpecialDay]) -> list[dict[str, Any]]:
    """The exceptions as a calendar's document has them."""
    return [
        {
            "date": day.isoformat(),
            "kind": special.kind,
            "ranges": [[f"{a:%H:%M}", "24:00" if b == MIDNIGHT else f"{b:%H:%M}"] for a, b in special.ranges],
            "name": special.name,
        }
        for day, special in sorted(days.items())
    ]


def _line(line: str) -> tuple[date, date, SpecialDay]:
    matched = _DAYS.fullmatch(line)
    if matched is None:
        raise ValueError(line)
    first = date.fromisoformat(matched[1])
    last = date.fromisoformat(matched[2]) if matched[2] else first
    if not timedelta() <= last - first <= timedelta(days=LONGEST):
        raise ValueError(line)
    word, _, rest = (matched[3] or "closed").partition(" ")
    return first, last, _special(word, rest.strip())


def _special(word: str, rest: str) -> SpecialDay:
    if _RANGES.fullmatch(word):
        return SpecialDay("hours", read_ranges(word), rest)
    if word.casefold() in _CLOSED:
        return SpecialDay("closed", (), rest)
    if word.casefold() not in _WORKING:
        return SpecialDay("closed", (), f"{word} {rest}".strip())
    ranges, _, name = rest.partition(" ")
    if _RANGES.fullmatch(ranges):
        return SpecialDay("working", read_ranges(ranges), name.strip())
    return SpecialDay("working", (), rest)


def _written(first: date, last: date, special: SpecialDay) -> str:
    days = first.isoformat() if first == last else f"{first.isoformat()}..{last.isoformat()}"
    kind: SpecialKind = special.kind
    ranges = write_ranges(special.ranges).replace(" ", "")
    word = ranges if kind == "hours" else kind
    hours = ranges if kind == "working" else ""
    return " ".join(filter(None, (days, word, hours, special.name)))


def _property(line: str) -> tuple[str, str]:
    name, _, value = line.strip().partition(":")
    return name.partition(";")[0].upper(), value


def _ics_date(value: str) -> date | None:
    try:
        return datetime.strptime(value[:8], "%Y%m%d").date() if len(value) == 8 else None  # noqa: DTZ007
    except ValueError:
        return None
