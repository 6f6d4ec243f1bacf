"""The customer's own page: everything about one feedback that its tracking code opens."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from flask_babel import gettext
from sqlalchemy import select

from cem.domain.findings import Findings
from cem.domain.reasons import NotFound
from cem.domain.vocabulary import AnswerHow, CaseState, LedgerState, PromiseKind, PromiseState
from cem.extensions import db
from cem.http.marks import Segment, segments
from cem.ids import clean_tracking_code
from cem.models import Case, Feedback, FindingsRow, LedgerEntry, Reply, Site, Touchpoint, User
from surveys import stages
from surveys.stages import Happening
from surveys.views import Letter, Place, StatusView, Step, Texts

_TAKEN = frozenset({CaseState.ACKNOWLEDGED, CaseState.IN_PROGRESS, CaseState.WAITING_CUSTOMER})


@dataclass(frozen=True, slots=True)
class Tracked:
    """The rows behind one tracking code."""

    feedback: Feedback
    entry: LedgerEntry
    site: Site
    touchpoint: Touchpoint | None
    case: Case | None

    @property
    def place(self) -> Place:
        return Place(Texts(self.site.name), Texts(self.touchpoint.name) if self.touchpoint else {})


def track(code: str) -> Tracked:
    """What a typed code stands for. Raises `NotFound`."""
    row = db.session.execute(
        select(Feedback, LedgerEntry, Site, Touchpoint, Case)
        .join(LedgerEntry, LedgerEntry.feedback_id == Feedback.id)
        .join(Site, Site.id == Feedback.site_id)
        .outerjoin(Touchpoint, Touchpoint.id == Feedback.touchpoint_id)
        .outerjoin(Case, Case.id == LedgerEntry.case_id)
        .where(Feedback.tracking_code == clean_tracking_code(code))
    ).first()
    if row is None:
        raise NotFound
    return Tracked(*row)


def status_view(tracked: Tracked, now: datetime, gesture: str) -> StatusView:
    """Where it stands at `now`, in the site's own time and the reader's language."""
    feedback, case = tracked.feedback, tracked.case
    zone = ZoneInfo(tracked.site.timezone)
    names = _names(tracked)
    said, language = _said(feedback)
    rating = feedback.rating
    return StatusView(
        tracking_code=feedback.tracking_code,
        place=tracked.place,
        received_at=feedback.received_at.astimezone(zone),
        now=now.astimezone(zone),
        state=_state(tracked, names),
        seal=_seal(tracked, now),
        rating=(rating.scale, rating.value) if rating else None,
        said=said,
        language=language,
        letters=_letters(feedback, names),
        steps=tuple(_steps(tracked, names, zone)),
        asks=case is not None and case.state is CaseState.RESOLVED,
        reopenable=case is not None and case.state is CaseState.CLOSED and not case.merged_into_id,
        gesture=gesture,
        solved=_their_word(case),
    )


def _state(tracked: Tracked, names: dict[str, str]) -> str:
    case, entry = tracked.case, tracked.entry
    if case is None or entry.state is LedgerState.EXCUSED:
        return stages.entry_words(entry.state, entry.how)
    who = names.get(f"user:{case.owner_id}", _team())
    return stages.state_words(
        case.state, who, answered=case.answered_at is not None, confirmed=_their_word(case) is True
    )


def _seal(tracked: Tracked, now: datetime) -> str:
    """A named person who has taken it has responded, though the answer is still owed."""
    entry, case = tracked.entry, tracked.case
    if entry.state is LedgerState.EXCUSED:
        return "excused"
    if entry.state is LedgerState.ANSWERED:
        return (entry.how or AnswerHow.PERSONAL).value
    if case is not None and case.state in _TAKEN:
        return "personal"
    late = entry.due_at is not None and entry.due_at < now and entry.paused_at is None
    return "overdue" if late else "owed"


def _their_word(case: Case | None) -> bool | None:
    """What the customer last said of it: solved, not solved, or nothing yet."""
    said = [event.kind for event in case.events if event.kind in ("confirmed", "not_solved")] if case else []
    return said[-1] == "confirmed" if said else None


def _said(feedback: Feedback) -> tuple[tuple[Segment, ...], str]:
    if not feedback.text:
        return (), ""
    document = db.session.scalar(
        select(FindingsRow.document)
        .where(FindingsRow.feedback_id == feedback.id)
        .order_by(FindingsRow.version.desc())
        .limit(1)
    )
    if document is None:
        return tuple(segments(feedback.text)), feedback.language or ""
    findings = Findings.from_dict(document)
    return tuple(segments(feedback.text, findings.topics)), findings.language


def _letters(feedback: Feedback, names: dict[str, str]) -> tuple[Letter, ...]:
    """Newest first: it is what the customer came for."""
    replies = db.session.scalars(
        select(Reply).where(Reply.feedback_id == feedback.id).order_by(Reply.at.desc())
    )
    return tuple(
        Letter(
            tuple(part.strip() for part in reply.text.split("\n\n") if part.strip()), _who(names, reply.by)
        )
        for reply in replies
    )


def _steps(tracked: Tracked, names: dict[str, str], zone: ZoneInfo) -> Iterator[Step]:
    feedback, case = tracked.feedback, tracked.case
    yield Step(feedback.occurred_at.astimezone(zone), gettext("You told us"))
    for event in case.events if case else ():
        happened = Happening(event.at, event.kind, _who(names, event.by), event.details or {})
        if words := stages.happening_words(happened):
            yield Step(event.at.astimezone(zone), words[0], words[1])
    yield from _coming(tracked, zone)


def _coming(tracked: Tracked, zone: ZoneInfo) -> Iterator[Step]:
    """What happens next, also if nobody acts."""
    case, entry = tracked.case, tracked.entry
    if entry.state is not LedgerState.OWED:
        return
    if case is None:
        if entry.due_at:
            yield Step(entry.due_at.astimezone(zone), gettext("By then you have an answer"), "next")
        return
    if case.next_step_at:
        at = case.next_step_at.astimezone(zone)
        yield Step(at, gettext("If nobody has taken it by then, the next person is told"), "next")
    for promise in case.promises:
        if promise.kind is PromiseKind.FIRST_CONTACT and promise.state is PromiseState.RUNNING:
            at = promise.due_at.astimezone(zone)
            yield Step(at, gettext("By then somebody gets back to you"), "next")


def _names(tracked: Tracked) -> dict[str, str]:
    """The names of the people who acted, by what history calls them."""
    ids = {UUID(by[5:]) for by in _actors(tracked) if by.startswith("user:")}
    if tracked.case:
        ids.add(tracked.case.owner_id)
    rows = db.session.execute(select(User.id, User.name).where(User.id.in_(ids)))
    return {f"user:{id}": name for id, name in rows}


def _actors(tracked: Tracked) -> Sequence[str]:
    replied = db.session.scalars(select(Reply.by).where(Reply.feedback_id == tracked.feedback.id)).all()
    return [*replied, *(event.by for event in tracked.case.events)] if tracked.case else replied


def _who(names: dict[str, str], by: str) -> str:
    return names.get(by, _team())


def _team() -> str:
    return str(gettext("Our team"))
