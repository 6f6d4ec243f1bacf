"""The ladder goes on while nobody has acknowledged: who is paged now, and when the next one is."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from cem.domain.actors import HUB
from cem.domain.escalation import NextStep, Rung, next_step, people_for
from cem.domain.reasons import Reason
from cem.domain.vocabulary import CaseState, Priority, PromiseKind
from cem.engine import case_steps as steps
from cem.engine import groups, recusal
from cem.engine.organisation import Place, current
from cem.engine.transaction import Tx, transaction
from cem.models import Case, Promise


def escalate(case_id: UUID) -> bool:
    """The next step of an open case is due. False where somebody has acknowledged in the meantime."""
    with transaction() as tx:
        case = steps.load(tx, case_id)
        if case.state is not CaseState.OPEN or case.next_step_at is None or case.next_step_at > tx.now:
            return False
        if (later := groups.waits_with_others(tx, case)) is not None:
            steps.change(tx, case, next_step_at=later)
            return False
        page_next(tx, case, Reason("nobody_acknowledged"))
        return True


def go_on(case_id: UUID, step: int, asked: str) -> bool:
    """Whoever was asked at `step` has the app alone: the next is paged at once. False where it has been,
    somebody has taken the case, or it is paged with its group."""
    with transaction() as tx:
        case = steps.load(tx, case_id)
        if case.state is not CaseState.OPEN or case.step != step or case.next_step_at is None:
            return False
        if groups.waits_with_others(tx, case) is not None:
            return False
        page_next(tx, case, Reason("app_only", {"user": asked}))
        return True


def page_next(tx: Tx, case: Case, reason: Reason) -> None:
    """Page the next person, and set when the one after is paged: again and again until somebody acts.

    A case of a group that nobody contacted is paged with all of it; one that is worse, or was not solved, has
    become another matter and leaves it.
    """
    if reason.code == "acknowledgement_expired":
        if (at := groups.page_together(tx, case)) is not None:
            steps.change(tx, case, next_step_at=at)
            return
    elif reason.code not in ("nobody_acknowledged", "app_only"):
        groups.leave(tx, case, HUB, reason)
    place = steps.place_of(tx, case)
    step = case.step + 1
    rung = whom(tx, case, place, step)
    following = _following(tx, case, place, step)
    steps.change(tx, case, step=step, last_paged_at=tx.now, next_step_at=following.at)
    details = {"step": step, "to": rung.person, "reason": reason.as_dict(), "why": rung.reason.as_dict()}
    steps.append(tx, case, "escalated" if step else "paged", HUB, case.state, details)
    steps.announce(tx, case, "case.escalated", step=step, to=rung.person)
    steps.announce(tx, case)


def whom(tx: Tx, case: Case, place: Place, step: int) -> Rung:
    """The person at a step now; whoever any of its feedbacks is about is passed over."""
    organisation = current(tx.connection)
    recused = recusal.of_case(tx.session, case.id)
    people = people_for(
        place.ladder,
        place.roster,
        tx.now,
        lambda user: organisation.is_active(user) and user not in recused,
    )
    return people.at(step)


def _following(tx: Tx, case: Case, place: Place, step: int) -> NextStep:
    live = current(tx.connection).by_id[case.site_id].policy  # the ladder is read live
    return next_step(
        Priority(case.priority),
        live,
        ladder_started_at(case),
        step,
        tx.now,
        place.calendar,
        _acknowledge_due(tx, case),
    )


def ladder_started_at(case: Case) -> datetime:
    """The ladder runs from the opening. One that began again later is behind its plan, so it keeps the
    distances of the plan between its steps."""
    return case.opened_at


def _acknowledge_due(tx: Tx, case: Case) -> datetime | None:
    return tx.session.scalar(
        select(Promise.due_at).where(
            Promise.case_id == case.id, Promise.kind == PromiseKind.ACKNOWLEDGE, Promise.round == 1
        )
    )
