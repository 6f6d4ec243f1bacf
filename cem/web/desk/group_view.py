"""A group as a person sees it: how many, what they have in common, and what can be done about all of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from flask import url_for
from flask_babel import gettext

from cem.dashboards.groups import Facts, facts_of
from cem.domain.reasons import Reason
from cem.domain.storms import WINDOW, CauseKind
from cem.engine.group_answers import answered
from cem.engine.group_digest import common_topics
from cem.extensions import db
from cem.http.clocks import ClockView, clock_view
from cem.http.i18n import localized
from cem.http.topic_words import topic_name
from cem.http.words import PROMISES, person, sentence
from cem.web.desk import group_queries, queries
from cem.web.desk.rows import Reader, RowView, case_row, until

SAMPLES: Final = 3
SHOWN: Final = 100
"""Cases in the list of the page at first; its link leads to the others."""
ALL: Final = 1000
"""Cases in the list of those that are asked for."""
PARTS: Final = ("all", "owed", "open")


@dataclass(frozen=True, slots=True)
class Bar:
    """One minute: percent from the left, from above, and high; `hot` is part of the storm."""

    x: float
    y: float
    height: float
    hot: bool


@dataclass(frozen=True, slots=True)
class GroupRow:
    """A group as one line of the queue."""

    id: str
    href: str
    clock: ClockView | None
    where: str
    count: int
    why: str
    taken: str


@dataclass(frozen=True, slots=True)
class GroupPage:
    id: UUID
    where: str
    why: str
    facts: Facts
    clock: ClockView | None
    bars: tuple[Bar, ...]
    counts: str
    since: str
    until: str
    hours: str
    topics: tuple[tuple[str, int], ...]
    samples: tuple[RowView, ...]
    rows: tuple[tuple[RowView, str], ...]
    apart: tuple[RowView, ...]
    taken: str
    ended: bool
    solvable: int
    of: str | None
    listed: int


def rows(person_id: UUID, path: str, reader: Reader, *, everybodys: bool) -> list[GroupRow]:
    """The groups of a list, each in one line."""
    found = group_queries.groups_in(path) if everybodys else group_queries.groups_of(person_id, path)
    facts = facts_of([row.id for row in found])
    return [_row(row, facts[row.id], reader) for row in found]


def _row(row: Any, facts: Facts, reader: Reader) -> GroupRow:
    return GroupRow(
        id=f"group-{row.id}",
        href=url_for("desk.group", id=row.id),
        clock=_clock(row, reader),
        where=where(row, reader),
        count=facts.count,
        why=sentence(Reason.from_dict(row.reason)),
        taken=_taken(row),
    )


def page(row: Any, reader: Reader, of: str | None = None) -> GroupPage:
    """All of it; the list holds the first cases, or with `of` each that a figure counts."""
    of, facts = of if of in PARTS else None, facts_of([row.id])[row.id]
    which = group_queries.members(row.id, of or "all")
    cases = queries.cases_where(reader.id, which, ALL if of else SHOWN, ended=True)
    alone = queries.cases_where(reader.id, group_queries.apart(row), SHOWN)
    shown = [(case_row(each, reader), str(each.id)) for each in cases]
    minutes = group_queries.per_minute(row, reader.now)
    spoken = [view for view, _ in shown if view.words]
    return GroupPage(
        id=row.id,
        where=where(row, reader),
        why=sentence(Reason.from_dict(row.reason)),
        facts=facts,
        clock=_clock(row, reader),
        bars=_bars(minutes, row),
        counts=" ".join(str(count) for _, count in minutes),
        since=reader.local(minutes[0][0]).strftime("%H:%M"),
        until=reader.local(minutes[-1][0]).strftime("%H:%M"),
        hours=_hours(row, reader),
        topics=_topics(row),
        samples=tuple(spoken[:SAMPLES]),
        rows=tuple(shown),
        apart=tuple(case_row(each, reader) for each in alone),
        taken=_taken(row),
        ended=row.ended_at is not None,
        solvable=len(answered(db.session, row.id)),
        of=of,
        listed={"owed": facts.owed, "open": facts.open}.get(of or "", facts.count),
    )


def where(row: Any, reader: Reader) -> str:
    site = localized(row.site)
    if row.cause_kind is CauseKind.TOPIC:
        return f"{site} · {localized(topic_name(row.pack, row.cause_code))}"
    if row.cause_kind is not CauseKind.TOUCHPOINT:
        return site
    touchpoint = localized(group_queries.touchpoint_name(UUID(row.cause_code)))
    place = reader.organisation.by_id.get(row.site_id)
    return touchpoint if place is not None and place.path == reader.scope_path else f"{site} · {touchpoint}"


def _taken(row: Any) -> str:
    if row.acknowledged_at is None:
        return ""
    if row.acknowledged_by is None:
        return gettext("Each of them was taken by itself.")
    return gettext("%(name)s has taken all of them.", name=person(row.acknowledged_by))


def _clock(row: Any, reader: Reader) -> ClockView | None:
    """By when the first of them has to be taken; None where nobody has to any more."""
    due = group_queries.first_due(row.id)
    if due is None:
        return None
    what = f"{PROMISES['acknowledge']}\n{until(due.due_at, reader)}"
    return clock_view(due.received_at, due.due_at, reader.now, what)


def _hours(row: Any, reader: Reader) -> str:
    first, last = reader.time(row.started_at), reader.time(row.joined_at)
    return first if first == last else f"{first} – {last}"


def _topics(row: Any) -> tuple[tuple[str, int], ...]:
    found = common_topics(db.session, row.id)
    return tuple((localized(topic_name(row.pack, code)), count) for code, count in found)


def _bars(minutes: Sequence[tuple[Any, int]], row: Any) -> tuple[Bar, ...]:
    most = max(1, *(count for _, count in minutes))
    width = 100 / len(minutes)
    return tuple(
        Bar(
            x=round(number * width, 2),
            y=round(100 - max(4.0, 100 * count / most), 1),
            height=round(max(4.0, 100 * count / most), 1),
            hot=count > 0 and at >= row.started_at - WINDOW,
        )
        for number, (at, count) in enumerate(minutes)
    )
