"""A line of the desk: the clock in the margin, where, who, the words, and why it is mine."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from flask import url_for
from flask_babel import gettext
from flask_login import current_user

from cem.domain.calendars import next_open
from cem.domain.findings import Findings
from cem.domain.ratings import SCALES
from cem.domain.reasons import Reason
from cem.domain.vocabulary import CaseState, Hours
from cem.engine.organisation import Organisation
from cem.http import labels
from cem.http.clocks import ClockView, clock_view
from cem.http.correctors import last_lines
from cem.http.i18n import localized
from cem.http.marks import Segment, private_spans, segments
from cem.http.pages import when
from cem.http.words import PROMISES, sentence
from cem.web.times import Span, span

SOON: Final = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class RowView:
    """What `components/case_row.html` shows."""

    id: str
    href: str
    clock: ClockView
    where: str
    who: str
    tier: str
    language: str
    words: tuple[Segment, ...]
    tapped: tuple[int, str] | None
    why: str
    group: str = ""
    flagged: tuple[str, ...] = ()
    corrected: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    code: str
    word: str
    rows: tuple[RowView, ...]


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads, when (in their own zone), and the organisation that they read in."""

    id: UUID
    scope_path: str
    now: datetime
    organisation: Organisation

    @classmethod
    def current(cls, now: datetime, organisation: Organisation) -> Reader:
        return cls(current_user.id, current_user.scope_path, now, organisation)

    def local(self, at: datetime) -> datetime:
        return at.astimezone(self.now.tzinfo)

    def time(self, at: datetime) -> str:
        return when(self.local(at), self.now)


def groups(rows: Iterable[Any], reader: Reader, of: str | None = None) -> list[Group]:
    """Overdue, then by the time that is left; the tier breaks ties. What is solved comes last."""
    today = span(reader.now)
    dated = sorted(((_rank(row, reader, today), row) for row in rows), key=lambda pair: pair[0])
    found: dict[str, list[RowView]] = {}
    for (group, *_), row in dated:
        found.setdefault(_CODES[group], []).append(case_row(row, reader, of))
    return [Group(code, _group_word(code, today), tuple(views)) for code, views in found.items()]


_CODES: Final = ("overdue", "soon", "today", "later", "solved")


def _group_word(code: str, today: Span) -> str:
    words = {
        "overdue": gettext("Overdue"),
        "soon": gettext("Within 10 minutes"),
        "today": gettext("Tonight") if today.night else gettext("Today"),
        "later": gettext("Later"),
        "solved": gettext("Solved, waiting to be closed"),
    }
    return words[code]


def _rank(row: Any, reader: Reader, today: Span) -> tuple[Any, ...]:
    due_at = row.promise_due_at
    if row.state is CaseState.RESOLVED or due_at is None:
        return (4, False, row.resolved_at or row.received_at, row.tier.value, row.number)
    paused = row.paused_because is not None
    minute = due_at.replace(second=0, microsecond=0)
    return (_group(due_at, paused, reader.now, today), paused, minute, row.tier.value, row.number)


def _group(due_at: datetime, paused: bool, now: datetime, today: Span) -> int:
    if paused:
        return 2 if due_at < today.end else 3
    if due_at <= now:
        return 0
    if due_at - now <= SOON:
        return 1
    return 2 if due_at < today.end else 3


def case_row(row: Any, reader: Reader, of: str | None = None) -> RowView:
    words, language = said(row)
    return RowView(
        id=f"case-{row.number}",
        href=url_for("desk.case", number=row.number, of=of),
        clock=_case_clock(row, reader),
        where=where(row, reader),
        who=who(row),
        tier=row.tier.value,
        language=language,
        words=words,
        tapped=tapped(row),
        why=_why(row, reader),
        flagged=labels.flags(row.flags),
    )


def entry_row(row: Any, reader: Reader) -> RowView:
    """A feedback of the ledger; it leads to its case where it has one."""
    words, language = said(row)
    href = url_for("desk.case", number=row.number) if row.number else url_for("desk.feedback", id=row.id)
    return RowView(
        id=f"feedback-{row.id}",
        href=href,
        clock=entry_clock(row, reader),
        where=where(row, reader),
        who=who(row),
        tier=row.tier,
        language=language,
        words=words,
        tapped=tapped(row),
        why=_entry_why(row, reader),
        flagged=labels.flags(row.flags),
    )


def where(row: Any, reader: Reader) -> str:
    """The touchpoint, with its site where the reader has several."""
    place = reader.organisation.by_id.get(row.site_id)
    site, touchpoint = localized(row.site), localized(row.touchpoint or {})
    if place is not None and place.path == reader.scope_path and touchpoint:
        return touchpoint
    return f"{site} · {touchpoint}" if touchpoint else site


def who(row: Any) -> str:
    channel = str(labels.CHANNELS[row.channel.value])
    if row.customer:
        return f"{row.customer} · {channel}"
    nobody = gettext("no name given")
    return f"{channel} · {nobody}"


def said(row: Any) -> tuple[tuple[Segment, ...], str]:
    """The words with the reader's marks, without what tells who somebody is, and their language."""
    if not row.text:
        return (), ""
    findings = None if row.findings is None else Findings.from_dict(row.findings)
    topics = findings.topics if findings else ()
    words = segments(row.text, topics, private_spans(row.text, findings))
    return tuple(words), (findings.language if findings else row.language) or ""


def tapped(row: Any) -> tuple[int, str] | None:
    """The face (0 on a scale without faces) and its words, where nothing was written."""
    if row.text or row.rating_scale is None:
        return None
    high = SCALES[row.rating_scale].high
    words = labels.rating(row.rating_scale, row.rating_value, high)
    return (row.rating_value if high == 5 else 0, gettext("%(touched)s, no words", touched=words))


def entry_clock(row: Any, reader: Reader) -> ClockView:
    if row.due_at is None:
        what = gettext("Settled %(time)s", time=reader.time(row.changed_at))
        later = max(row.changed_at, row.received_at)
        return clock_view(row.received_at, later, reader.now, what, fulfilled_at=later)
    answer = gettext("Answer")
    if row.paused_at is not None:
        return clock_view(row.received_at, row.due_at, row.paused_at, answer, paused=True)
    what = f"{answer}\n{until(row.due_at, reader)}"
    return clock_view(row.received_at, row.due_at, reader.now, what)


def _case_clock(row: Any, reader: Reader) -> ClockView:
    if row.promise is None:
        done = row.resolved_at or row.received_at
        what = gettext("Solved %(time)s", time=reader.time(done))
        return clock_view(row.received_at, done, reader.now, what, fulfilled_at=done)
    word, due_at = PROMISES[row.promise.value], row.promise_due_at
    if row.paused_because is not None:
        return clock_view(row.started_at, due_at, row.paused_at or reader.now, str(word), paused=True)
    resumes = goes_on_at(row.site_id, row.hours, reader)
    if resumes is not None and due_at > reader.now:
        what = f"{word}\n{resuming(resumes, reader)}"
        return clock_view(row.started_at, due_at, reader.now, what, paused=True)
    what = f"{word}\n{until(due_at, reader)}"
    return clock_view(row.started_at, due_at, reader.now, what)


def until(at: datetime, reader: Reader) -> str:
    return str(gettext("by %(time)s", time=reader.time(at)))


def resuming(at: datetime, reader: Reader) -> str:
    return str(gettext("goes on %(time)s", time=reader.time(at)))


def goes_on_at(site_id: UUID, hours: Hours, reader: Reader) -> datetime | None:
    """When a promise in business hours goes on; None while it runs."""
    place = reader.organisation.by_id.get(site_id)
    if hours is not Hours.BUSINESS or place is None:
        return None
    opens = next_open(place.calendar, reader.now)
    return opens if opens > reader.now else None


def _why(row: Any, reader: Reader) -> str:
    if row.paused_because is not None:
        return gettext("Paused: %(reason)s", reason=labels.PAUSES[row.paused_because.value])
    if row.owner_id == reader.id:
        return sentence(Reason.from_dict(row.owner_reason))
    if row.paged_at is not None and row.state is CaseState.OPEN:
        time = reader.time(row.paged_at)
        return gettext("%(name)s had not taken it; it came to you at %(time)s.", name=row.owner, time=time)
    return gettext("With %(name)s", name=row.owner)


def _entry_why(row: Any, reader: Reader) -> str:
    if row.owner_id is None:
        return gettext("Settled")
    if row.owner_id == reader.id:
        return (
            gettext("It opened no case; the answer is yours to give.") if not row.number else gettext("Yours")
        )
    return gettext("With %(name)s", name=row.owner)


def in_order(rows: Sequence[Any], reader: Reader) -> list[RowView]:
    lines = last_lines([row.id for row in rows])
    return [replace(entry_row(row, reader), corrected=lines.get(row.id, ("",))[0]) for row in rows]
