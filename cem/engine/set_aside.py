"""Work that was given up after three tries: a person has it tried again, or reads the text themselves."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final
from uuid import UUID

from sqlalchemy import update

from cem.domain.actors import Actor
from cem.domain.findings import Findings, Label, Risk, Sentiment
from cem.domain.reasons import Invalid, NotFound, Refused
from cem.domain.submission import N_
from cem.domain.vocabulary import RiskCode
from cem.engine import outbox, triage
from cem.engine.transaction import Tx, transaction
from cem.models import Feedback, Task

BY_HAND: Final = "person@1"
"""The model of what a person read in place of one."""


def try_again(task_ids: Collection[UUID], by: Actor) -> int:
    """From the beginning, as if it had never been tried. How many were still set aside."""
    with transaction() as tx:
        again = update(Task).where(
            Task.id.in_(task_ids), Task.set_aside_at.is_not(None), Task.done_at.is_(None)
        )
        fresh = {"set_aside_at": None, "error": None, "attempts": 0, "tries": 0, "claimed_at": None}
        statement = again.values(available_at=tx.now, **fresh).returning(Task.id)
        ids = list(tx.session.scalars(statement.execution_options(synchronize_session=False)))
        for id in ids:
            tx.audit(str(by), "task.tried_again", id)
        return len(ids)


def read_by_hand(task_id: UUID, level: int, risks: Collection[str], by: Actor) -> UUID:
    """Keep what a person understood, act on it, and end the task, in one commit. The feedback's id.

    Raises `NotFound`, `Invalid`, and `Refused` where somebody was faster.
    """
    wrong = {} if level in range(-2, 3) else {"level": [N_("Choose how the customer feels.")]}
    if not wrong and set(risks) - set(RiskCode):
        wrong = {"risks": [N_("There is no such risk.")]}
    if wrong:
        raise Invalid(wrong)
    with transaction() as tx:
        feedback = _of(tx, task_id)
        triage.act_on(tx, {feedback.id: _findings(feedback, level, risks)})
        outbox.finish_with(tx, [task_id])
        tx.audit(str(by), "feedback.read_by_hand", feedback.id)
        return feedback.id


def _of(tx: Tx, task_id: UUID) -> Feedback:
    task = tx.session.get(Task, task_id, with_for_update=True)
    if task is None or task.job != "analyse":
        raise NotFound
    if task.set_aside_at is None or task.done_at is not None:
        raise Refused("not_set_aside")
    return tx.session.get_one(Feedback, UUID(task.ids["feedback"]))


def _findings(feedback: Feedback, level: int, risks: Collection[str]) -> Findings:
    label: Label = "positive" if level > 0 else "negative" if level < 0 else "neutral"
    return Findings(
        language=feedback.language or triage.UNKNOWN,
        sentiment=Sentiment(label, level, level * 0.5 or 0.0001, 1.0, abstained=False),
        topics=(),
        risks=tuple(Risk(code, 1.0) for code in sorted(risks)),
        urgency="high" if risks else "normal",
        pii=(),
        model=BY_HAND,
    )
