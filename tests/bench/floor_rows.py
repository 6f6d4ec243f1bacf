"""The rows that the hub writes for a tap, made without asking anybody: for the floor."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, select

from cem.ids import new_id, new_tracking_code
from cem.models import (
    Answer,
    Case,
    CaseEvent,
    Feedback,
    IdempotencyKey,
    LedgerEntry,
    LedgerMove,
    OutboxRow,
    Promise,
    RuleVersion,
    Site,
    User,
)

Row = tuple[Any, dict[str, Any]]
PROMISES: Final = (("acknowledge", 15), ("first_contact", 120), ("resolve", 2880))
REASON: Final = {"code": "very_dissatisfied", "args": {"scale": "faces5", "value": 1}}


@dataclass(frozen=True, slots=True)
class Ids:
    """What the rows point at; any of each kind will do."""

    site: UUID
    owner: UUID
    policy: UUID

    @classmethod
    def read(cls, connection: Connection) -> Ids:
        site = connection.execute(select(Site.id).where(Site.level == "branch")).scalars().first()
        owner = connection.execute(select(User.id)).scalars().first()
        policy = connection.execute(select(RuleVersion.id).where(RuleVersion.kind == "policy"))
        return cls(site, owner, policy.scalars().first())  # type: ignore[arg-type]


def rows_of(body: dict[str, Any], key: str, ids: Ids, now: datetime) -> Iterator[Row]:
    """For a satisfied tap six rows, for a very bad one twelve."""
    id, rating = new_id(now), body["rating"]
    yield Feedback, _feedback(id, body["channel"], rating, ids, now)
    yield Answer, _answer(id, rating, ids, now)
    yield IdempotencyKey, {"owner": "floor", "key": key, "body_hash": bytes(32), "feedback_id": id, "at": now}
    yield OutboxRow, _event(now, "feedback.stored", {"feedback": str(id), "site_path": "floor/"})
    state: dict[str, Any] = {"owner_id": None, "due_at": None, "next_step_at": None, "case_id": None}
    if rating["value"] > 2:
        thanked = {"how": "thanked", "evidence": {"kind": "thanks"}}
        yield LedgerEntry, {"feedback_id": id, "state": "answered", "changed_at": now, **state, **thanked}
        yield (
            LedgerMove,
            _move(id, now, {"to_state": "answered", **thanked, "owner_id": None, "due_at": None}),
        )
        return
    case_id, due_at = new_id(now), now + timedelta(hours=2)
    owed = {"owner_id": ids.owner, "due_at": due_at}
    state |= {**owed, "next_step_at": due_at, "case_id": case_id, "how": None, "evidence": None}
    yield LedgerEntry, {"feedback_id": id, "state": "owed", "changed_at": now, **state}
    yield LedgerMove, _move(id, now, {"to_state": "owed", "how": None, "evidence": None, **owed})
    yield from _case(case_id, id, ids, now)


def _case(case_id: UUID, feedback_id: UUID, ids: Ids, now: datetime) -> Iterator[Row]:
    yield (
        Case,
        {
            "id": case_id,
            "number": 0,
            "version": 1,
            "state": "open",
            "severity": "high",
            "priority": "p2",
            "reason": {**REASON, "priority": REASON},
            "site_id": ids.site,
            "feedback_id": feedback_id,
            "tier": "unknown",
            "owner_id": ids.owner,
            "owner_reason": REASON,
            "policy_version_id": ids.policy,
            "received_at": now,
            "opened_at": now,
            "due_at": now + timedelta(minutes=15),
            "step": 0,
            "next_step_at": now + timedelta(minutes=2),
            "last_paged_at": now,
            "reopenings": 0,
        },
    )
    for kind, minutes in PROMISES:
        yield Promise, _promise(case_id, kind, timedelta(minutes=minutes), now)
    yield (
        CaseEvent,
        {
            "id": new_id(now),
            "case_id": case_id,
            "at": now,
            "kind": "opened",
            "by": "intake",
            "to_state": "open",
            "details": {"reason": REASON},
        },
    )
    about = {"case": str(case_id), "feedback": str(feedback_id), "site_path": "floor/"}
    yield OutboxRow, _event(now, "case.opened", about)


def _feedback(id: UUID, channel: str, rating: dict[str, Any], ids: Ids, now: datetime) -> dict[str, Any]:
    return {
        "id": id,
        "tracking_code": new_tracking_code(),
        "channel": channel,
        "site_id": ids.site,
        "kind": "rating",
        "kind_given": False,
        "rating_scale": rating["scale"],
        "rating_value": rating["value"],
        "occurred_at": now,
        "received_at": now,
        "local_day": now.date(),
        "local_hour": now.hour,
    }


def _answer(id: UUID, rating: dict[str, Any], ids: Ids, now: datetime) -> dict[str, Any]:
    return {
        "id": new_id(now),
        "feedback_id": id,
        "question": "rating",
        "scale": rating["scale"],
        "value": rating["value"],
        "site_id": ids.site,
        "occurred_at": now,
    }


def _move(id: UUID, now: datetime, state: dict[str, Any]) -> dict[str, Any]:
    return {"id": new_id(now), "feedback_id": id, "at": now, "by": "floor", **state}


def _promise(case_id: UUID, kind: str, target: timedelta, now: datetime) -> dict[str, Any]:
    return {
        "id": new_id(now),
        "case_id": case_id,
        "kind": kind,
        "round": 1,
        "target_seconds": int(target.total_seconds()),
        "hours": "wall",
        "started_at": now,
        "due_at": now + target,
        "state": "running",
    }


def _event(now: datetime, kind: str, ids: dict[str, Any]) -> dict[str, Any]:
    return {"id": new_id(now), "kind": kind, "version": 1, "ids": ids, "at": now}
