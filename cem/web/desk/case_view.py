"""One case with everything about it, in the order of the page."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext

from cem.domain.findings import Findings
from cem.domain.ratings import SCALES
from cem.domain.reasons import Reason
from cem.domain.vocabulary import PromiseState
from cem.http import labels
from cem.http.clocks import ClockView, clock_view
from cem.http.correctors import last_lines
from cem.http.i18n import localized
from cem.http.marks import Segment, segments
from cem.http.words import PROMISES, STATES, sentence
from cem.models import Case, Customer, Feedback, Promise
from cem.web.desk import reading_view, why
from cem.web.desk.case_rows import Rows
from cem.web.desk.reading_view import ReadingView
from cem.web.desk.rows import Reader, goes_on_at, resuming, until
from cem.web.desk.spans import spoken


@dataclass(frozen=True, slots=True)
class PromiseView:
    code: str
    word: str
    clock: ClockView
    now: bool


@dataclass(frozen=True, slots=True)
class Words:
    """What one feedback of the case said: written, or a face that was touched."""

    pieces: tuple[Segment, ...]
    language: str
    tapped: tuple[int, str] | None
    reading: ReadingView | None
    flagged: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reach:
    """How to reach the customer; nothing of it is shown where they did not agree."""

    name: str
    phone: str
    email: str
    agreed: bool


@dataclass(frozen=True, slots=True)
class CaseView:
    number: int
    version: int
    state: str
    where: str
    who: str
    tier: str
    channel: str
    received_at: str
    promises: tuple[PromiseView, ...]
    paused: str
    words: tuple[Words, ...]
    reach: Reach
    last: str
    why: str
    severity: str
    reasons: tuple[str, ...]
    owner: str


def view(rows: Rows, reader: Reader) -> CaseView:
    case = rows.case
    names = [localized(rows.site.name), localized(rows.touchpoint.name) if rows.touchpoint else ""]
    short = rows.site.path == reader.scope_path and names[1]
    return CaseView(
        number=case.number,
        version=case.version,
        state=state_word(case),
        where=names[1] if short else " · ".join(name for name in names if name),
        who=rows.customer.name or "" if rows.customer else "",
        tier=case.tier.value,
        channel=str(labels.CHANNELS[rows.first.channel.value]),
        received_at=reader.time(case.received_at),
        promises=tuple(_promises(rows, reader)),
        paused=_paused(rows, reader),
        words=_said(rows, reader),
        reach=_reach(rows.customer),
        last=_last_time(rows, reader),
        why=_why(rows, reader),
        severity=sentence(Reason.from_dict(case.reason)),
        reasons=why.reasons(case, _why(rows, reader)),
        owner=rows.owner.name,
    )


def state_word(case: Case) -> str:
    return str(STATES[case.state.value])


def _promises(rows: Rows, reader: Reader) -> list[PromiseView]:
    """The three promises; of several rounds the last. What is due next is marked."""
    latest = {promise.kind: promise for promise in sorted(rows.case.promises, key=lambda one: one.round)}
    live = [one for one in latest.values() if one.fulfilled_at is None and one.ended_at is None]
    first = min(live, key=lambda one: one.due_at, default=None)
    return [
        PromiseView(kind.value, str(PROMISES[kind.value]), _clock(promise, rows, reader), promise is first)
        for kind, promise in sorted(latest.items(), key=lambda pair: list(PROMISES).index(pair[0].value))
    ]


def _clock(promise: Promise, rows: Rows, reader: Reader) -> ClockView:
    ended = promise.fulfilled_at or promise.ended_at
    if ended is not None:
        kept = promise.state is PromiseState.MET
        what = gettext("Kept") if kept and promise.fulfilled_at else gettext("Ended")
        if not kept:
            what = gettext("Not kept in time")
        return clock_view(promise.started_at, promise.due_at, reader.now, what, fulfilled_at=ended)
    if promise.state is PromiseState.PAUSED:
        since = max((p.started_at for p in rows.case.pauses if p.ended_at is None), default=reader.now)
        return clock_view(promise.started_at, promise.due_at, since, gettext("Paused"), paused=True)
    resumes = goes_on_at(rows.case.site_id, promise.hours, reader)
    if resumes is not None and promise.due_at > reader.now:
        what = resuming(resumes, reader)
        return clock_view(promise.started_at, promise.due_at, reader.now, what, paused=True)
    what = until(promise.due_at, reader)
    return clock_view(promise.started_at, promise.due_at, reader.now, what)


def _paused(rows: Rows, reader: Reader) -> str:
    """Why a working clock stands, and that the customer's own clock does not."""
    case = rows.case
    if case.ended_at is not None or case.resolved_at is not None:
        return ""
    waited = spoken(reader.now - case.received_at)
    if case.paused_because is not None:
        reason = labels.PAUSES[case.paused_because.value]
        return gettext(
            "Paused: %(reason)s. The customer's own clock goes on: %(waited)s.", reason=reason, waited=waited
        )
    live = [one for one in case.promises if one.fulfilled_at is None and one.ended_at is None]
    times = [at for one in live if (at := goes_on_at(case.site_id, one.hours, reader)) is not None]
    if not times:
        return ""
    return gettext(
        "Counted in business hours, so it goes on %(time)s. The customer's own clock goes on: %(waited)s.",
        time=reader.time(min(times)),
        waited=waited,
    )


def _said(rows: Rows, reader: Reader) -> tuple[Words, ...]:
    lines = last_lines([one.id for one in rows.feedback])
    found = rows.findings
    return tuple(
        _words(
            one,
            found.get(one.id),
            reading_view.view(one, found.get(one.id), rows.site.pack, lines, reader),
        )
        for one in rows.feedback
    )


def _words(feedback: Feedback, findings: Findings | None, reading: ReadingView | None) -> Words:
    pieces = segments(feedback.text, findings.topics if findings else ()) if feedback.text else []
    language = (findings.language if findings else feedback.language) or ""
    return Words(tuple(pieces), language, _tapped(feedback), reading, labels.flags(feedback.flags))


def _tapped(feedback: Feedback) -> tuple[int, str] | None:
    rating = feedback.rating
    if rating is None:
        return None
    high = SCALES[rating.scale].high
    return (rating.value if high == 5 else 0, labels.rating(rating.scale, rating.value, high))


def _reach(customer: Customer | None) -> Reach:
    if customer is None:
        return Reach("", "", "", agreed=False)
    if not customer.contact_consent:
        return Reach(customer.name or "", "", "", agreed=False)
    return Reach(customer.name or "", customer.phone or "", customer.email or "", agreed=True)


def _last_time(rows: Rows, reader: Reader) -> str:
    last = rows.last
    if last is None or last.resolution is None or last.resolved_at is None:
        return ""
    how = str(labels.RESOLUTIONS[last.resolution.value])
    time = reader.time(last.resolved_at)
    return gettext("Case %(number)s, %(time)s: %(how)s", number=last.number, time=time, how=how)


def _why(rows: Rows, reader: Reader) -> str:
    case = rows.case
    if case.owner_id == reader.id:
        return sentence(Reason.from_dict(case.owner_reason))
    return gettext("With %(name)s", name=rows.owner.name)
