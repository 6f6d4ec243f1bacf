"""What a rehearsal found, as its page shows it: pairs of figures, each with its n; days and their items."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from flask_babel import gettext, lazy_gettext, ngettext
from sqlalchemy import select

from cem.domain.localtime import zone
from cem.domain.ratings import SCALES
from cem.domain.rehearsal_tally import NO_CASE, Item, Load, Outcome, Side, Tally
from cem.domain.vocabulary import PromiseKind
from cem.engine import rehearsals
from cem.extensions import db
from cem.http import labels
from cem.http.i18n import localized
from cem.http.promise_words import PROMISES
from cem.models import Feedback, Rehearsal, Site

_l = lazy_gettext


@dataclass(frozen=True, slots=True)
class Pair:
    """One figure before and after, and of how many it is."""

    word: Any
    before: float
    after: float
    of: str
    digits: int = 0


@dataclass(frozen=True, slots=True)
class LoadRow:
    name: str
    before: Load
    after: Load


@dataclass(frozen=True, slots=True)
class DayRow:
    """One day: notifications and broken promises, before and after; `items` can be opened."""

    day: date
    pages: tuple[int, int]
    broken: tuple[int, int]
    items: int


@dataclass(frozen=True, slots=True)
class Chart:
    """Two lines of pages a day in a box of `width` by 100; `top` is the most of any day."""

    before: str
    after: str
    width: int
    top: int
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Shown:
    feedback: int
    changed: int
    days: int
    figures: Sequence[Pair]
    moves: Sequence[tuple[str, str, int]]
    loads: Sequence[LoadRow]
    worst: Sequence[DayRow]
    chart: Chart


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One feedback of a day; `said` is how it came and what was touched, never a customer's words."""

    id: str
    time: str
    place: str
    said: str
    before: str
    after: str
    differs: bool


@dataclass(frozen=True, slots=True)
class Day:
    row: DayRow
    items: Sequence[ItemRow]


def result(found: Rehearsal, timezone: str, names: Mapping[str, str]) -> Shown:
    tally = rehearsals.result(found)
    days = max(round((found.until - found.since) / timedelta(days=1)), 1)
    return Shown(
        tally.feedback,
        tally.changed,
        days,
        _figures(tally, days, found),
        _moves(tally),
        _loads(tally, names),
        [_day_row(tally, day) for day in tally.worst_days()],
        _chart(tally, found, timezone),
    )


def day(found: Rehearsal, wanted: date, timezone: str, names: Mapping[str, str]) -> Day:
    tally = rehearsals.result(found)
    items = tally.days.get(wanted, [])
    ids = [UUID(item.feedback) for item in items]
    statement = select(Feedback, Site).join(Site, Site.id == Feedback.site_id).where(Feedback.id.in_(ids))
    known = {str(feedback.id): (feedback, site) for feedback, site in db.session.execute(statement)}
    rows = [_item(item, *known[item.feedback], names) for item in items if item.feedback in known]
    return Day(_day_row(tally, wanted), rows)


def _figures(tally: Tally, days: int, found: Rehearsal) -> Sequence[Pair]:
    b, a = tally.before, tally.after
    of_days = ngettext("%(num)s day", "%(num)s days", days)
    of_cases = _pair_of(b.cases, a.cases)
    rostered = _hours(found.until - found.since)
    return [
        Pair(_l("Pages a day"), b.pages.total() / days, a.pages.total() / days, of_days, 1),
        Pair(_l("Cases"), b.cases, a.cases, f"n {tally.feedback}"),
        *(
            Pair(
                gettext("“%(promise)s” not kept", promise=PROMISES[kind.value]),
                b.breaches[kind],
                a.breaches[kind],
                of_cases,
            )
            for kind in PromiseKind
        ),
        Pair(
            _l("Hours with nobody on the roster"),
            _hours(b.uncovered),
            _hours(a.uncovered),
            gettext("n %(hours)s h a place", hours=round(rostered)),
        ),
        Pair(_l("Cases that came in those hours"), b.nobody_on_duty, a.nobody_on_duty, of_cases),
    ]


def _pair_of(before: int, after: int) -> str:
    return f"n {before}" if before == after else f"n {before} → {after}"


def _hours(time: timedelta) -> float:
    return time / timedelta(hours=1)


def _moves(tally: Tally) -> list[tuple[str, str, int]]:
    """How many went from one priority to another; a dash is no case."""
    found = sorted(tally.moves.items())
    return [(_rank(before), _rank(after), count) for (before, after), count in found]


def _rank(priority: str) -> str:
    return "—" if priority == NO_CASE else priority.upper()


def _loads(tally: Tally, names: Mapping[str, str]) -> list[LoadRow]:
    """In the order of names: this ranks nobody."""
    people = {*tally.before.loads, *tally.after.loads}
    rows = [
        LoadRow(names.get(each, ""), _load(tally.before, each), _load(tally.after, each)) for each in people
    ]
    return sorted(rows, key=lambda row: row.name)


def _load(outcome: Outcome, person: str) -> Load:
    return outcome.loads.get(person) or Load()


def _day_row(tally: Tally, day: date) -> DayRow:
    b, a = tally.before, tally.after
    return DayRow(
        day, (b.pages[day], a.pages[day]), (b.broken[day], a.broken[day]), len(tally.days.get(day, ()))
    )


def _item(item: Item, feedback: Feedback, site: Site, names: Mapping[str, str]) -> ItemRow:
    return ItemRow(
        item.feedback,
        feedback.received_at.astimezone(zone(site.timezone)).strftime("%H:%M"),
        localized(site.name),
        _said(feedback),
        _side(item.before, names),
        _side(item.after, names),
        item.differs,
    )


def _said(feedback: Feedback) -> str:
    words = [str(labels.CHANNELS[feedback.channel.value])]
    if (rating := feedback.rating) is not None:
        words.append(labels.rating(rating.scale, rating.value, SCALES[rating.scale].high))
    return " · ".join(words)


def _side(side: Side, names: Mapping[str, str]) -> str:
    if side.priority == NO_CASE:
        return gettext("no case")
    words = [
        side.priority.upper(),
        names.get(side.owner, ""),
        ngettext("%(num)s notification", "%(num)s notifications", side.pages),
    ]
    if side.broken:
        kinds = gettext(", ").join(str(PROMISES[kind]) for kind in side.broken)
        words.append(gettext("not kept: %(promises)s", promises=kinds))
    return " · ".join(words)


def _chart(tally: Tally, found: Rehearsal, timezone: str) -> Chart:
    first, last = (at.astimezone(zone(timezone)).date() for at in (found.since, found.until))
    days = [first + timedelta(days=each) for each in range((last - first).days + 1)]
    top = max([1, *tally.before.pages.values(), *tally.after.pages.values()])
    before, after = (_line([out.pages[day] for day in days], top) for out in (tally.before, tally.after))
    return Chart(before, after, len(days), top, first, last)


def _line(counts: Sequence[int], top: int) -> str:
    """A step for each day."""
    steps = (f"H{day} V{100 - 96 * count / top:.1f} H{day + 1}" for day, count in enumerate(counts))
    return "M0 100 " + " ".join(steps)
