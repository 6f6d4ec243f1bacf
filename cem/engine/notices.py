"""What people are told that is about no case: nobody is on duty, somebody asks for a swap or answers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select

from cem.domain.delivery import Message
from cem.domain.roster import on_duty, present
from cem.domain.vocabulary import DeliveryKind, Role, SwapState
from cem.engine.organisation import Place, current, of
from cem.engine.transaction import Tx
from cem.models import Case, CaseGroup, Swap, User


@dataclass(frozen=True, slots=True)
class Notice:
    """`key` makes telling it twice harmless, whichever event asked for it."""

    key: str
    message: Message


def asked_for(tx: Tx, event_id: UUID, kind: str, ids: dict[str, Any]) -> Iterator[Notice]:
    """The notices that an event asks for, beside the message about its case."""
    if kind in ("swap.asked", "swap.decided"):
        args = {"notice": kind, "swap": ids["swap"], "site": ids["site"]}
        yield Notice(str(event_id), Message(DeliveryKind.NEWS, ids["to"], args))
    elif kind in ("swap.waits", "swap.expired"):
        yield from _unanswered(tx, kind, ids)
    elif kind == "duty.soon":
        yield from _soon(tx, ids)
    elif kind == "roster.uncovered":
        place = current(tx.connection).by_id[UUID(ids["site"])]
        yield from _uncovered(tx, place, datetime.fromisoformat(ids["start"]), ids["start"])
    elif kind == "page.unreached":
        yield from _unreached(tx, ids)
    elif kind == "address.asked":
        args = {"notice": kind, "by": ids["by"]}
        message = Message(DeliveryKind.NEWS, ids["to"], args)
        yield Notice(f"asked:{ids['to']}:{tx.now:%Y-%m-%d}", message)
    elif kind == "reading.drifted":
        yield from _drifted(tx, ids)
    elif kind in _ASK_FOR_SOMEBODY and not ids.get("late"):
        yield from _nobody_on_duty(tx, kind, ids)


_ASK_FOR_SOMEBODY: Final = ("case.opened", "case.escalated", "group.escalated")


def _nobody_on_duty(tx: Tx, kind: str, ids: dict[str, Any]) -> Iterator[Notice]:
    """Somebody was to be asked while no shift covered the place: its administrators are told, once for each
    such time, whoever was found instead: by the ladder, by a rule, or as the fallback."""
    organisation = of(tx)
    row = tx.session.execute(_asked(kind, ids)).one_or_none()
    if row is None:
        return
    place, at = organisation.by_id[row[0]], row[1] or tx.now
    there = present(place.roster, at, organisation.is_active)
    if there.source in ("manager", "fallback"):
        until = on_duty(place.roster, at, organisation.is_active).until
        identity = until.isoformat() if until else f"{at:%G-%V}"
        yield from _uncovered(tx, place, at, identity)


def _unanswered(tx: Tx, kind: str, ids: dict[str, Any]) -> Iterator[Notice]:
    """Once for each time that it fell due; not at all where somebody has answered by now."""
    swap = tx.session.get_one(Swap, UUID(ids["swap"]))
    still = SwapState.EXPIRED if kind == "swap.expired" else SwapState.ASKED
    if swap.state is still:
        args = {"notice": kind, "swap": ids["swap"], "site": ids["site"], "to": ids["to"]}
        key = f"{kind}:{swap.id}:{ids['due']}:{ids['to']}"
        mine = str(swap.user_id) == ids["to"]
        loud = mine if kind == "swap.expired" else not mine
        yield Notice(key, Message(DeliveryKind.WARNING if loud else DeliveryKind.NEWS, ids["to"], args))


def _soon(tx: Tx, ids: dict[str, Any]) -> Iterator[Notice]:
    """Where the duty is still theirs: it may have been taken back, or taken by somebody else."""
    organisation = current(tx.connection)
    place = organisation.by_id[UUID(ids["site"])]
    start = datetime.fromisoformat(ids["start"])
    if ids["to"] in present(place.roster, start, organisation.is_active).people:
        args = {"notice": "duty.soon", "site": ids["site"], "start": ids["start"], "end": ids["end"]}
        key = f"soon:{place.id}:{ids['to']}:{ids['start']}"
        yield Notice(key, Message(DeliveryKind.WARNING, ids["to"], args))


def _unreached(tx: Tx, ids: dict[str, Any]) -> Iterator[Notice]:
    """Whoever was asked has the app alone: the administrators of the place are told, once for each duty."""
    organisation = current(tx.connection)
    place = organisation.by_id[UUID(ids["site"])]
    until = on_duty(place.roster, tx.now, organisation.is_active).until
    key = f"unreached:{place.id}:{ids['to']}:{until.isoformat() if until else f'{tx.now:%G-%V}'}"
    args = {"notice": "page.unreached", "site": ids["site"], "who": ids["to"]}
    for admin in _administrators(tx, place):
        yield Notice(key, Message(DeliveryKind.WARNING, str(admin.id), args))


def _administrators(tx: Tx, place: Place) -> list[User]:
    """Those who see the place."""
    admins = select(User).where(User.role == Role.ADMIN, User.ended_at.is_(None)).order_by(User.id)
    return [admin for admin in tx.session.scalars(admins) if admin.sees(place.path)]


def _drifted(tx: Tx, ids: dict[str, Any]) -> Iterator[Notice]:
    """Those who see everything and may do something about the model are told, once for each week."""
    args = {"notice": "reading.drifted", "week": ids["week"], "model": ids["model"]}
    admins = select(User).where(User.role == Role.ADMIN, User.ended_at.is_(None)).order_by(User.id)
    for admin in tx.session.scalars(admins):
        if admin.scope_path.count("/") <= 1:
            yield Notice(f"drift:{ids['week']}", Message(DeliveryKind.NEWS, str(admin.id), args))


def _asked(kind: str, ids: dict[str, Any]) -> Any:
    """Where, and when somebody was asked."""
    if "group" in ids:
        return select(CaseGroup.site_id, CaseGroup.last_paged_at).where(CaseGroup.id == UUID(ids["group"]))
    when = Case.opened_at if kind == "case.opened" else Case.last_paged_at
    return select(Case.site_id, when).where(Case.id == UUID(ids["case"]))


def _uncovered(tx: Tx, place: Place, start: datetime, identity: str) -> Iterator[Notice]:
    organisation = current(tx.connection)
    duty = on_duty(place.roster, start, organisation.is_active)
    until = duty.until.isoformat() if duty.until else None
    args = {"notice": "roster.uncovered", "site": str(place.id), "start": start.isoformat(), "until": until}
    for admin in _administrators(tx, place):
        message = Message(DeliveryKind.WARNING, str(admin.id), args | {"answers": duty.first})
        yield Notice(f"uncovered:{place.id}:{identity}", message)
