"""The steps that every action on a case is made of. Each is a conditional change with its history."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, update

from cem import clock
from cem.domain import sla
from cem.domain.actors import HUB, Actor
from cem.domain.case import LIVE, CaseSnapshot
from cem.domain.reasons import NotFound, Refused
from cem.domain.vocabulary import CaseState, LedgerState, PromiseKind, PromiseState
from cem.engine import ledger, stopping
from cem.engine.organisation import Place, current, hold
from cem.engine.promise_steps import QUIET, end_breach, paused_since, set_promise, until_open
from cem.engine.transaction import Tx
from cem.ids import new_id
from cem.models import Breach, Case, CaseEvent, Note, Pause, Promise, Site


@dataclass(frozen=True, slots=True)
class Seen:
    """Which case, who acts, and which version of it they were looking at (None: whichever it is)."""

    case_id: UUID
    by: Actor
    version: int | None = None


def load(tx: Tx, case_id: UUID, seen_version: int | None = None) -> Case:
    """The case, locked until this transaction ends.

    Raises `NotFound`, and `Refused` where somebody changed it after `seen_version` was shown.
    """
    case = lock(tx, case_id).get(case_id)
    if case is None:
        raise NotFound
    if seen_version is not None and case.version != seen_version:
        raise somebody_was_first(tx, case)
    return case


def lock(tx: Tx, *case_ids: UUID) -> dict[UUID, Case]:
    """These cases, locked in one order, so that two who want the same ones never wait for each other.

    Whoever waited acts after those it waited for: the instant of the transaction moves on.
    """
    hold(tx.connection)
    statement = select(Case).where(Case.id.in_(case_ids)).order_by(Case.id).with_for_update(key_share=True)
    found = {case.id: case for case in tx.session.scalars(statement)}
    tx.now = max(tx.now, clock.now())
    return found


def snapshot(case: Case) -> CaseSnapshot:
    return CaseSnapshot(
        state=case.state,
        paused_because=case.paused_because,
        answered=case.answered_at is not None,
        ended_at=case.ended_at,
        merged=case.merged_into_id is not None,
    )


def place_of(tx: Tx, case: Case) -> Place:
    """The case's place with its people of today, and the promises of the day on which it was opened."""
    organisation = current(tx.connection)
    return replace(organisation.by_id[case.site_id], policy=organisation.policies[case.policy_version_id])


def change(tx: Tx, case: Case, **values: Any) -> None:
    """Change the case if nobody else has since it was read; otherwise `Refused`, and nothing has changed."""
    statement = (
        update(Case)
        .where(Case.id == case.id, Case.version == case.version)
        .values(version=Case.version + 1, **values)
        .execution_options(synchronize_session=False)
    )
    if tx.session.connection().execute(statement).rowcount != 1:
        raise somebody_was_first(tx, case)
    tx.session.refresh(case)


def somebody_was_first(tx: Tx, case: Case) -> Refused:
    """Who was first, and when: the second person is told."""
    last = tx.session.scalar(
        select(CaseEvent).where(CaseEvent.case_id == case.id).order_by(CaseEvent.id.desc()).limit(1)
    )
    return Refused(
        "somebody_was_first",
        by=last.by if last else None,
        at=last.at.isoformat() if last else None,
        kind=last.kind if last else None,
    )


def append(
    tx: Tx,
    case: Case,
    kind: str,
    by: Actor,
    before: CaseState | None,
    details: dict[str, Any] | None = None,
    note: tuple[str, str] | None = None,
) -> UUID | None:
    """Append what happened; `note` is its kind and its words. The id of the note, if there was one."""
    note_id = None
    if note is not None:
        note_id = new_id(tx.now)
        words = {"kind": note[0], "text": note[1], "at": tx.now, "by": str(by)}
        tx.session.execute(insert(Note), [{"id": note_id, "case_id": case.id, **words}])
    row = {
        "id": new_id(tx.now),
        "case_id": case.id,
        "at": tx.now,
        "kind": kind,
        "by": str(by),
        "from_state": before,
        "to_state": case.state,
        "details": details,
        "note_id": note_id,
    }
    tx.session.execute(insert(CaseEvent), [row])
    return note_id


def announce(tx: Tx, case: Case, kind: str = "case.changed", **ids: Any) -> None:
    path = tx.session.scalar(select(Site.path).where(Site.id == case.site_id))
    tx.say(kind, case=case.id, site_path=path, owner=case.owner_id, state=case.state.value, **ids)


def unfulfilled(tx: Tx, case: Case) -> list[Promise]:
    statement = select(Promise).where(
        Promise.case_id == case.id, Promise.fulfilled_at.is_(None), Promise.ended_at.is_(None)
    )
    return list(tx.session.scalars(statement))


def fulfil(tx: Tx, case: Case, kinds: Iterable[PromiseKind]) -> None:
    """Keep these promises now: met in time, or still breached and kept late."""
    for promise in unfulfilled(tx, case):
        if promise.kind not in kinds:
            continue
        late = promise.state is PromiseState.RUNNING and tx.now >= promise.due_at
        if late:
            breach(tx, case, promise)
        kept = PromiseState.BREACHED if late or promise.state is PromiseState.BREACHED else PromiseState.MET
        set_promise(tx, promise, state=kept, fulfilled_at=tx.now, paused_because=None)
        if kept is PromiseState.BREACHED:
            end_breach(tx, place_of(tx, case), promise, kept=True)
        stopping.stop_warnings(tx, case.id, promise.id)


def breach(tx: Tx, case: Case, promise: Promise) -> bool:
    """A promise fell due and was not kept: once, for good. False where that is known already."""
    quiet = {} if 100 in sla.levels_of(promise.kind, promise.hours) else QUIET
    statement = (
        update(Promise)
        .where(Promise.id == promise.id, Promise.state == PromiseState.RUNNING)
        .values(state=PromiseState.BREACHED, **quiet)
        .execution_options(synchronize_session=False)
    )
    if tx.session.connection().execute(statement).rowcount != 1:
        return False
    row = {
        "id": new_id(tx.now),
        "case_id": case.id,
        "promise_id": promise.id,
        "policy_version_id": case.policy_version_id,
        "owner_id": case.owner_id,
        "due_at": promise.due_at,
        "at": tx.now,
    }
    tx.session.execute(insert(Breach), [row])
    about = {"promise": promise.id, "promise_kind": promise.kind.value}
    announce(tx, case, "case.breached", **about, after=until_open(tx, place_of(tx, case), promise))
    tx.session.refresh(promise)
    return True


def end_promises(tx: Tx, case: Case) -> None:
    """Nobody owes this any more (dismissed, or gone on in another case): neither kept nor broken."""
    end_pause(tx, case)
    for promise in unfulfilled(tx, case):
        broken = promise.state is PromiseState.BREACHED
        state = PromiseState.BREACHED if broken else PromiseState.MET
        set_promise(tx, promise, state=state, ended_at=tx.now, paused_because=None)
        if broken:
            end_breach(tx, place_of(tx, case), promise, kept=False)
        stopping.stop_warnings(tx, case.id, promise.id)


def end_pause(tx: Tx, case: Case) -> None:
    tx.session.execute(
        update(Pause)
        .where(Pause.case_id == case.id, Pause.ended_at.is_(None))
        .values(ended_at=tx.now)
        .execution_options(synchronize_session=False)
    )


def earliest_due(tx: Tx, case: Case) -> datetime | None:
    """When the next promise of this case falls due, or fell due; None where nothing runs."""
    running = [p for p in unfulfilled(tx, case) if p.state is not PromiseState.PAUSED]
    return min((promise.due_at for promise in running), default=None)


def answers_with(tx: Tx, case: Case) -> Promise:
    """With which promise what is owed through this live case is due: the first contact, after it the end."""
    waiting = {p.kind: p for p in sorted(unfulfilled(tx, case), key=lambda promise: promise.round)}
    return waiting.get(PromiseKind.FIRST_CONTACT, waiting[PromiseKind.RESOLVE])


def finish(tx: Tx, case: Case) -> None:
    """What every action ends with: the case knows its next due time, and everybody who looks is told."""
    due_at = earliest_due(tx, case)
    if due_at != case.due_at:
        change(tx, case, due_at=due_at)
    if case.state in LIVE:
        redate(tx, case)
    announce(tx, case)


def redate(tx: Tx, case: Case) -> None:
    """What is owed through a live case is due when its promise is, and rests while that rests."""
    promise = answers_with(tx, case)
    ledger.redate(tx, case.id, promise.due_at, paused_since(tx, promise), HUB)


def dismiss_if_nothing_is_owed(tx: Tx, case: Case, by: Actor) -> None:
    """A live case whose feedback was all excused has nothing left to put right."""
    if case.state not in LIVE or set(ledger.states_of(tx, case.id)) != {LedgerState.EXCUSED}:
        return
    before = case.state
    change(tx, case, state=CaseState.DISMISSED, **nothing_pending(), ended_at=tx.now)
    end_promises(tx, case)
    append(tx, case, "dismissed", by, before)
    finish(tx, case)


def nothing_pending() -> dict[str, None]:
    """What a case that ended no longer waits for."""
    return dict.fromkeys(("next_step_at", "acknowledgement_expires_at", "paused_because"))
