"""The rows of the demo's history: every feedback with its whole life, as if the hub had been there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any, Final
from uuid import UUID

from cem.demo.content import DemoPerson
from cem.demo.history import PastFeedback
from cem.domain import calendars
from cem.domain.case import LIVE
from cem.domain.findings import Findings
from cem.domain.reasons import Reason
from cem.domain.severity import Triage, priority, triage, worse
from cem.domain.submission import GivenCustomer, Source, Submission
from cem.domain.vocabulary import CaseState, Hours, LedgerState, PromiseKind, Tier
from cem.engine.assigning import assign
from cem.engine.intake import plan_past
from cem.engine.intake_lookup import Known
from cem.engine.opening import Opening, open_case
from cem.engine.organisation import Organisation, Place
from cem.engine.rows import Rows
from cem.models import Case, FindingsRow, OutboxRow, Promise
from cem.setup.acts import acts_of
from cem.setup.letters import Letters
from cem.setup.life import HUB, Life

READ_AFTER: Final = timedelta(seconds=2)
"""So long after it was stored a text had been understood."""
_BETWEEN: Final = timedelta(seconds=3)

Progress = Callable[[Iterable[PastFeedback]], Iterable[PastFeedback]]


@dataclass(slots=True)
class Past:
    """Where the lives are written to, and what they need to know."""

    rows: Rows
    organisation: Organisation
    known: Known
    letters: Letters
    tiers: dict[UUID, Tier]
    lives: list[Life]

    def tell(self, past: Sequence[PastFeedback], readings: dict[int, Findings], until: datetime) -> None:
        """Write every life up to `until`; `readings` are the findings by the number of the feedback."""
        for each in past:
            life = self._begin(each)
            if found := readings.get(each.number):
                self._understand(life, each, found)
            self._go_on(life, each, until)
            life.warn_from(until)
            self.lives.append(life)
        self.rows.tables.pop(OutboxRow, None)  # what it told of has happened
        self.rows.events.clear()

    def unseen(self) -> set[Any]:
        """Ids of the cases and feedbacks that somebody still has to see to."""
        owed = [life for life in self.lives if life.entry["state"] is LedgerState.OWED]
        live = [life for life in self.lives if life.case and life.case["state"] in LIVE]
        return {life.feedback["id"] for life in owed} | {life.live_case["id"] for life in live}

    def _begin(self, past: PastFeedback) -> Life:
        promised = len(self.rows.tables.get(Promise, ()))
        at = past.received_at
        feedback, entry, case = plan_past(self.organisation, self.known, self.rows, _as_sent(past), at)
        place = self.organisation.by_code[past.site]
        promises = tuple(self.rows.tables.get(Promise, [])[promised:])
        life = Life(self.rows, self.letters, self.organisation, place, feedback, entry, case, promises)
        if case:
            self.letters.first(life)
        return life

    def _understand(self, life: Life, past: PastFeedback, found: Findings) -> None:
        """As `engine.triage`, but it is as bad as its writer meant it."""
        at = past.received_at + READ_AFTER
        life.live_to(at)
        row = {"feedback_id": life.feedback["id"], "version": 1, "model": found.model}
        self.rows.add(FindingsRow, row | {"document": found.as_dict(), "at": at, "stood_in": False})
        if past.fate.case is None:
            return
        verdict = _verdict(past, found)
        if life.case is None:
            self._open(life, verdict, at)
        elif worse(verdict.severity, life.case["severity"]):
            _raise(life, verdict, at)

    def _open(self, life: Life, verdict: Triage, at: datetime) -> None:
        feedback = life.feedback
        opening = Opening(
            feedback["id"],
            life.place,
            feedback["touchpoint_id"],
            feedback["customer_id"],
            self.tiers.get(feedback["customer_id"], Tier.UNKNOWN),
            feedback["occurred_at"],
            feedback["received_at"],
            verdict,
            assign(self.organisation, life.place, None, at),
        )
        opened = open_case(self.rows, opening, at, by="triage")
        life.case = opened.row
        life.promises = tuple(self.rows.tables[Promise][-len(PromiseKind) :])
        due_at = opened.first_contact_due_at
        live = {"owner_id": opened.owner_id, "due_at": due_at, "next_step_at": due_at}
        life.move(HUB, at, state=LedgerState.OWED, case_id=opened.id, **live)
        self.letters.first(life)

    def _go_on(self, life: Life, past: PastFeedback, until: datetime) -> None:
        """What people did, and in between what fell due; nothing before the text had been understood."""
        earliest = past.received_at + _BETWEEN
        for at, act in acts_of(past.fate, self.organisation):
            at = max(at, earliest)  # noqa: PLW2901
            life.live_to(at)
            act(life, at)
            earliest = at + timedelta(milliseconds=1)
        life.live_to(until)


def read(past: Sequence[PastFeedback], packs: dict[str, str]) -> Iterator[tuple[int, Findings]]:
    """The findings of everything that was written, by number. `packs`: the pack of each site."""
    from nlp.pipeline import TextIn, load

    written = sorted((each for each in past if each.text), key=lambda each: packs[each.site])
    for pack, group in groupby(written, key=lambda each: packs[each.site]):
        said = list(group)
        texts = [TextIn(each.text or "", each.rating, each.language) for each in said]
        findings = load("fast", pack).analyse(texts)
        yield from zip((each.number for each in said), findings, strict=True)


def people_by_id(organisation: Organisation, people: Iterable[DemoPerson]) -> dict[str, DemoPerson]:
    return {organisation.user_ids[person.username]: person for person in people}


def number_in_order(rows: Rows) -> int:
    """Number the cases in the order in which they were opened. The last number."""
    cases = sorted(rows.tables.get(Case, []), key=lambda case: case["opened_at"])
    for number, case in enumerate(cases, 1):
        case["number"] = number
    return len(cases)


def _as_sent(past: PastFeedback) -> Submission:
    source = Source(past.source_system, past.source_id) if past.source_system and past.source_id else None
    return Submission(
        channel=past.channel,
        site=past.site,
        touchpoint=past.touchpoint,
        rating=past.rating,
        text=past.text,
        survey_code=past.survey,
        language=past.language,
        occurred_at=past.occurred_at,
        customer=GivenCustomer(external_id=past.customer) if past.customer else None,
        source=source,
        kind=past.kind,
        attributes={"author": past.author} if past.author else None,
    )


def _verdict(past: PastFeedback, found: Findings) -> Triage:
    """What the findings say where they say the same; else what the demo's own reading said."""
    case = past.fate.case
    assert case is not None
    real = triage(past.rating, found)
    if real and real.severity is case.severity:
        return real
    args = {**case.reason.args, "model": found.model} if "model" in case.reason.args else case.reason.args
    return Triage(case.severity, Reason(case.reason.code, args))


def _raise(life: Life, verdict: Triage, at: datetime) -> None:
    """A worse reading: faster promises, counted from when it was received; the ladder begins anew."""
    case = life.live_case
    rank, lifted = priority(verdict.severity, case["tier"])
    reason = {**verdict.reason.as_dict(), "priority": lifted.as_dict()}
    life.change(severity=verdict.severity, priority=rank, reason=reason, step=-1, next_step_at=at)
    life.redate(
        {kind: _promised(life.place, life.feedback["received_at"], rank, kind) for kind in PromiseKind}
    )
    first_contact = next(p for p in life.promises if p["kind"] is PromiseKind.FIRST_CONTACT)
    life.move(HUB, at, due_at=first_contact["due_at"], next_step_at=first_contact["due_at"])
    said = {"severity": verdict.severity.value, "reason": verdict.reason.as_dict()}
    life.append("raised", HUB, at, CaseState.OPEN, said)
    life.page("raised", at)
    life.finish()


def _promised(place: Place, start: datetime, rank: Any, kind: PromiseKind) -> tuple[datetime, int, Hours]:
    table = place.policy[rank]
    target = table.target(kind)
    calendar = place.calendar if table.hours is Hours.BUSINESS else None
    return calendars.due_at(start, target, calendar), int(target.total_seconds()), table.hours
