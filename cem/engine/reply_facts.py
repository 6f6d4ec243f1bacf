"""What a letter about a case may say: read from what this customer said, and from what they may see.

Notes, summaries and everything else that is for colleagues are not read here, so that they cannot leak.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from cem import clock
from cem.domain.actors import Actor
from cem.domain.findings import Findings, Span, Topic
from cem.domain.letters.facts import CaseFacts, Promised, Said, Stage, language_of, named
from cem.domain.ratings import SCALES
from cem.domain.reasons import NotFound
from cem.domain.vocabulary import CaseState, Channel, Outcome, PromiseKind, PromiseState, ResolutionCode
from cem.engine import recourse
from cem.models import (
    Answer,
    Case,
    Customer,
    Feedback,
    LedgerEntry,
    Promise,
    Reply,
    Site,
    Touchpoint,
    User,
    findings_that_hold,
)
from nlp import pii
from nlp.script import fold

Link = Callable[[str], str]
"""The address of the customer's page, by their code."""

_SOLVED = frozenset({CaseState.RESOLVED, CaseState.CLOSED})


@dataclass(frozen=True, slots=True)
class Asked:
    """Who writes, and what for: `solving` where this letter says that it is solved, by `done`."""

    by: Actor
    link: Link
    solving: bool = False
    done: ResolutionCode | None = None


def of_case(session: Session, case_id: UUID, asked: Asked) -> CaseFacts:
    """The facts of a case. Raises `NotFound`."""
    statement = select(Case).where(Case.id == case_id)
    case = session.scalar(statement.options(selectinload(Case.promises), selectinload(Case.events)))
    if case is None:
        raise NotFound
    return _facts(session, case.feedback_id, case, asked)


def of_feedback(session: Session, feedback_id: UUID, asked: Asked) -> CaseFacts:
    """The facts of a feedback that has no case."""
    return _facts(session, feedback_id, None, asked)


def _facts(session: Session, feedback_id: UUID, case: Case | None, asked: Asked) -> CaseFacts:
    first, findings, site, touchpoint, customer = _first(session, feedback_id)
    theirs = [(first, findings), *_more(session, first, case)]
    hidden = _known_of(customer)
    language = language_of(findings.language if findings and first.text else first.language)
    letters = session.scalars(
        select(Reply.text).where(Reply.feedback_id.in_([one.id for one, _ in theirs])).order_by(Reply.at)
    ).all()
    owner = session.get(User, case.owner_id) if case else None
    stage = _stage(case, asked)
    ratings = [one.rating for one, _ in theirs if one.rating is not None]
    zone = ZoneInfo(site.timezone)
    return CaseFacts(
        key=str(case.id if case else first.id),
        language=language,
        stage=stage,
        site=named(site.name, language),
        touchpoint=named(touchpoint.name, language) if touchpoint else "",
        code=first.tracking_code,
        link=asked.link(first.tracking_code),
        kind=first.kind.value,
        said=_said(theirs, hidden),
        dissatisfied=any(rating.dissatisfied for rating in ratings) or _negative(theirs),
        satisfied=any(rating.satisfied for rating in ratings) or _positive(theirs),
        words="\n".join(masked(one.text, read, hidden=hidden) for one, read in theirs if one.text),
        rating=" · ".join(f"{rating.value} / {SCALES[rating.scale].high}" for rating in ratings),
        risks=tuple(dict.fromkeys(risk.code for _, read in theirs if read for risk in read.risks)),
        who=owner.name if owner and stage is Stage.TAKEN else "",
        mine=owner is not None and asked.by == Actor("user", str(owner.id)),
        reached=_contacted(case, reached=True),
        tried=_contacted(case, reached=False),
        call=bool(customer and customer.contact_consent and customer.phone and not customer.erased_at),
        contact=_promised(case, PromiseKind.FIRST_CONTACT, zone),
        result=_promised(case, PromiseKind.RESOLVE, zone),
        done=asked.done or (case.resolution if case else None),
        letters=tuple(letters),
        more=tuple(_else(session, [one for one, _ in theirs], hidden)),
        received_at=first.received_at.astimezone(zone),
        public=first.channel is Channel.REVIEW,
        recourse=recourse.said(language),
    )


_Read = tuple[Feedback, Findings | None]


def _first(
    session: Session, feedback_id: UUID
) -> tuple[Feedback, Findings | None, Site, Touchpoint | None, Customer | None]:
    row = session.execute(
        select(Feedback, findings_that_hold(), Site, Touchpoint, Customer)
        .join(Site, Site.id == Feedback.site_id)
        .outerjoin(Touchpoint, Touchpoint.id == Feedback.touchpoint_id)
        .outerjoin(Customer, Customer.id == Feedback.customer_id)
        .where(Feedback.id == feedback_id)
    ).first()
    if row is None:
        raise NotFound
    feedback, document, *around = row
    return (feedback, Findings.from_dict(document) if document else None, *around)


def _more(session: Session, first: Feedback, case: Case | None) -> list[_Read]:
    """What else hangs on the case and is of the same customer: others are none of this one's business."""
    if case is None or first.customer_id is None:
        return []
    rows = session.execute(
        select(Feedback, findings_that_hold())
        .join(LedgerEntry, LedgerEntry.feedback_id == Feedback.id)
        .where(LedgerEntry.case_id == case.id, Feedback.customer_id == first.customer_id)
        .where(Feedback.id != first.id)
        .order_by(Feedback.received_at)
    )
    return [(one, Findings.from_dict(document) if document else None) for one, document in rows]


def _stage(case: Case | None, asked: Asked) -> Stage:
    if case is None:
        return Stage.NO_CASE
    if case.state in _SOLVED:
        return Stage.SOLVED
    if asked.solving:
        return Stage.SOLVING
    return Stage.OPEN if case.state is CaseState.OPEN else Stage.TAKEN


def _said(theirs: Sequence[_Read], hidden: Sequence[str]) -> tuple[Said, ...]:
    """Each topic once; where it was both praised and complained of, the complaint counts."""
    order = ("positive", "neutral", "negative")
    found: dict[str, Said] = {}
    for feedback, findings in theirs:
        for topic in _not_only_waited_for(findings.topics) if findings else ():
            known = found.get(topic.code)
            if known is None or order.index(topic.sentiment) > order.index(known.sentiment):
                words = masked(feedback.text or "", findings, topic.spans[0], hidden) if topic.spans else ""
                found[topic.code] = Said(topic.code, topic.sentiment, words)
    return tuple(found.values())


def _not_only_waited_for(topics: Sequence[Topic]) -> list[Topic]:
    """Without what was blamed only because they waited there: breakfast is not the fault of its queue."""
    waits = [span for topic in topics if topic.code == "waiting" for span in topic.spans]
    return [
        topic
        for topic in topics
        if topic.code == "waiting" or topic.sentiment != "negative" or not _all_within(topic.spans, waits)
    ]


def _all_within(spans: Sequence[Span], waits: Sequence[Span]) -> bool:
    """Whether each of the places, of which there is one at least, shares words with a wait."""
    touches = (any(start < last and first < end for first, last in waits) for start, end in spans)
    return bool(spans) and all(touches)


def _negative(theirs: Sequence[_Read]) -> bool:
    return any(
        read and read.sentiment.label == "negative" and not read.sentiment.abstained for _, read in theirs
    )


def _positive(theirs: Sequence[_Read]) -> bool:
    return all(
        read and read.sentiment.label == "positive" and not read.sentiment.abstained for _, read in theirs
    )


def _known_of(customer: Customer | None) -> tuple[str, ...]:
    """What we know of this customer from elsewhere: hidden wherever they wrote it themselves."""
    if customer is None:
        return ()
    known = (customer.name, customer.phone, customer.email, customer.external_id)
    return tuple(each for each in known if each and len(each) > 1)


def masked(text: str, findings: Findings | None, span: Span | None = None, hidden: Sequence[str] = ()) -> str:
    """The text, or a part of it, without what would tell who somebody is, and without the `hidden` words."""
    start, end = span or (0, len(text))
    spans = {each.span for each in (*pii.find(fold(text), text), *(findings.pii if findings else ()))}
    for words in hidden:
        spans.update(match.span() for match in re.finditer(re.escape(words), text, re.I))
    signs = list(text)
    for first, last in sorted(spans):
        for at in range(max(0, first), min(last, len(signs))):
            signs[at] = pii.HIDDEN if at == first else ""
    return "".join(signs[start:end]).strip()


def _contacted(case: Case | None, *, reached: bool) -> bool:
    outcomes = [
        (event.details or {}).get("outcome")
        for event in (case.events if case else ())
        if event.kind == "contacted"
    ]
    return any((outcome == Outcome.REACHED) is reached for outcome in outcomes)


def _promised(case: Case | None, kind: PromiseKind, zone: ZoneInfo) -> Promised | None:
    """The last round of it, while it is still owed and its time is known."""
    rounds: list[Promise] = sorted(
        (one for one in (case.promises if case else ()) if one.kind is kind), key=lambda one: one.round
    )
    if not rounds:
        return None
    last = rounds[-1]
    if last.fulfilled_at or last.ended_at or last.state is PromiseState.PAUSED:
        return None
    return Promised(last.due_at.astimezone(zone), late=last.due_at <= clock.now())


def _else(session: Session, theirs: Sequence[Feedback], hidden: Sequence[str]) -> Iterator[str]:
    """Whatever else this customer gave: an order's number, answers, what came with it."""
    for one in theirs:
        values = (one.order_id, *(str(value) for value in (one.attributes or {}).values()))
        yield from (masked(value, None, hidden=hidden) for value in values if value)
    answers = select(Answer).where(Answer.feedback_id.in_([one.id for one in theirs]))
    for answer in session.scalars(answers):
        given = (answer.text, *(answer.choices or ()))
        yield from (masked(each, None, hidden=hidden) for each in given if each)
        if answer.value is not None:
            yield str(answer.value)
