"""Bringing a case into a state, and doing each action of the contract to it, by the engine alone."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from cem.domain.vocabulary import CaseState, ExcuseReason, PauseReason, ResolutionCode, Via
from cem.engine import case_endings, cases, reopenings
from cem.engine.case_endings import Resolution
from cem.engine.intake_lookup import Receipt
from cem.extensions import db
from cem.models import Case
from tests.world import World

SAID = "A marker that must stay where words belong: 标记"


def complaint(world: World) -> Receipt:
    """A very bad tap: an open case of lin's."""
    return world.tap(1)


def solved(reply: str | None = None) -> Resolution:
    return Resolution(ResolutionCode.APOLOGISED, "said sorry", reply=reply)


def bring(world: World, receipt: Receipt, state: CaseState) -> None:
    """Lead the case of a complaint to `state`, the way people would."""
    for step in PATHS[state]:
        DO[step](world, receipt, "lin")


def other_case(world: World, than: Receipt) -> UUID:
    """The newest other case."""
    mine = world.case(than).id
    ids = db.session.scalars(db.select(Case.id).where(Case.id != mine).order_by(Case.number.desc()))
    return ids.first() or world.case(complaint(world)).id


def _not_solved(world: World, receipt: Receipt, who: str) -> None:
    reopenings.not_solved(receipt.feedback_id)


DO: dict[str, Callable[[World, Receipt, str], object]] = {
    "acknowledgement": lambda w, r, who: cases.acknowledge(w.seen(r, who)),
    "assignment": lambda w, r, who: cases.assign(w.seen(r, who), "shen"),
    "notes": lambda w, r, who: cases.note(w.seen(r, who), SAID),
    "contacts": lambda w, r, who: cases.contact(w.seen(r, who), Via.PHONE, SAID),
    "pause waiting_customer": lambda w, r, who: cases.pause(w.seen(r, who), PauseReason.WAITING_CUSTOMER),
    "pause waiting_third_party": lambda w, r, who: cases.pause(
        w.seen(r, who), PauseReason.WAITING_THIRD_PARTY
    ),
    "resumption": lambda w, r, who: cases.resume(w.seen(r, who)),
    "resolution": lambda w, r, who: case_endings.resolve(w.seen(r, who), solved(SAID)),
    "closure": lambda w, r, who: case_endings.close(w.seen(r, who)),
    "dismissal": lambda w, r, who: case_endings.dismiss(w.seen(r, who), ExcuseReason.TEST, SAID),
    "merge": lambda w, r, who: case_endings.merge(w.seen(r, who), other_case(w, r)),
    "reopening": lambda w, r, who: reopenings.reopen(w.seen(r, who), SAID),
    "not solved": _not_solved,
}

PATHS: dict[CaseState, tuple[str, ...]] = {
    CaseState.OPEN: (),
    CaseState.ACKNOWLEDGED: ("acknowledgement",),
    CaseState.IN_PROGRESS: ("contacts",),
    CaseState.WAITING_CUSTOMER: ("acknowledgement", "pause waiting_customer"),
    CaseState.RESOLVED: ("acknowledgement", "resolution"),
    CaseState.CLOSED: ("acknowledgement", "resolution", "closure"),
    CaseState.DISMISSED: ("dismissal",),
}
