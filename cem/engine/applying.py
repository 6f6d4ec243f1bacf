"""Rules are applied to the cases that are open, where somebody wants that and has looked at it first.

They raise, name the owner of what nobody has taken, and promise sooner, as if the words had just been read.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from cem.domain.actors import Actor
from cem.domain.case import LIVE
from cem.domain.findings import Findings
from cem.domain.rules import Verdict
from cem.domain.severity import priority, worse
from cem.domain.vocabulary import Priority, PromiseState
from cem.engine import case_steps as steps
from cem.engine import raising, triage
from cem.engine.organisation import current
from cem.engine.transaction import transaction
from cem.extensions import db
from cem.models import Case, Feedback, Promise, Site, findings_of, findings_that_hold


@dataclass(frozen=True, slots=True)
class Would:
    """What would become of one case; `sooner` and `owner` say what else beside its priority would change."""

    case_id: UUID
    number: int
    before: Priority
    after: Priority
    sooner: bool
    owner: bool


def preview(path: str) -> list[Would]:
    """The live cases below a place that the rules of today would change; nothing is changed."""
    return [would for case, verdict in _judged(path) if (would := _would(case, verdict)) is not None]


def apply_to_open(path: str, by: Actor) -> int:
    """Apply the rules of today to them, each in a transaction of its own. How many changed."""
    changed = 0
    for case_id in [would.case_id for would in preview(path)]:
        with transaction() as tx:
            case = steps.load(tx, case_id)
            before = case.version
            feedback = tx.session.get_one(Feedback, case.feedback_id)
            place = current(tx.connection).by_id[case.site_id]
            found = tx.session.scalar(findings_of(feedback.id))
            findings = Findings.from_dict(found) if found else None
            raising.raise_case(tx, case, triage.verdict_of(place, feedback, findings, case.tier))
            if case.version != before:
                tx.audit(str(by), "rules.applied", case.id)
                changed += 1
    return changed


def _judged(path: str) -> Iterator[tuple[Case, Verdict]]:
    known = current(db.session.connection())
    statement = (
        select(Case, Feedback, findings_that_hold())
        .join(Feedback, Feedback.id == Case.feedback_id)
        .join(Site, Site.id == Case.site_id)
        .where(Case.state.in_(LIVE), Site.path.startswith(path, autoescape=True))
        .order_by(Case.number)
    )
    for case, feedback, found in db.session.execute(statement):
        place = known.by_id[case.site_id]
        findings = Findings.from_dict(found) if found else None
        yield case, triage.verdict_of(place, feedback, findings, case.tier)


def _would(case: Case, verdict: Verdict) -> Would | None:
    found, after = verdict.triage, case.priority
    if found is not None and worse(found.severity, case.severity):
        after = min(priority(found.severity, case.tier)[0], case.priority)
    sooner = _sooner(case, verdict)
    owner = raising.new_owner(case, verdict.guidance, db.session()) is not None
    if after is case.priority and not sooner and not owner:
        return None
    return Would(case.id, case.number, case.priority, after, sooner, owner)


def _sooner(case: Case, verdict: Verdict) -> bool:
    targets = verdict.guidance.promises
    running = select(Promise).where(
        Promise.case_id == case.id, Promise.state == PromiseState.RUNNING, Promise.round == 1
    )
    return any(
        promise.kind in targets and targets[promise.kind] < promise.target
        for promise in db.session.scalars(running)
    )
