"""A past, put straight into the database: what was answered when, and how it stands in the ledger."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

from sqlalchemy import insert

from cem import clock
from cem.domain.vocabulary import (
    AnswerHow,
    CaseState,
    Channel,
    ExcuseReason,
    Hours,
    Kind,
    LedgerState,
    Priority,
    PromiseKind,
    PromiseState,
    Severity,
    Tier,
)
from cem.extensions import db
from cem.ids import new_id
from cem.models import Answer, Case, Feedback, LedgerEntry, Promise, RuleVersion
from tests.world import World

Rows = tuple[dict[str, Any], dict[str, Any], dict[str, Any]]
"""A feedback, its entry in the ledger and its answer."""

_numbers = count(1)
LAST_MONDAY = datetime.fromisoformat("2026-11-16T00:00+08:00")
"""The first instant, in Shanghai, of the last full week of the tests' world."""


@dataclass
class Past:
    """Writes the past of a world; everything is answered in person unless told otherwise."""

    world: World
    site: str = "bund"

    def answers(self, scale: str, values: Iterable[int], at: datetime, **more: Any) -> list[UUID]:
        """One feedback for each value, a second apart."""
        return self._write(
            self._rows(scale, value, at + timedelta(seconds=i), **more) for i, value in enumerate(values)
        )

    def feedback(
        self,
        scale: str | None,
        value: int | None,
        at: datetime,
        state: str = "personal",
        due_at: datetime | None = None,
        text: str | None = None,
        **more: Any,
    ) -> UUID:
        return self._write([self._rows(scale, value, at, state, due_at, text, **more)])[0]

    def write_texts(self, texts: Iterable[str], at: datetime, **more: Any) -> list[UUID]:
        """One feedback without a rating for each text, a second apart."""
        return self._write(
            self._rows(None, None, at + timedelta(seconds=i), text=text, **more)
            for i, text in enumerate(texts)
        )

    def _write(self, said: Iterable[Rows]) -> list[UUID]:
        rows = list(said)
        with db.engines[None].begin() as connection:
            for i, model in enumerate((Feedback, LedgerEntry, Answer)):
                if found := [each[i] for each in rows if each[i]]:
                    connection.execute(insert(model), found)
        return [feedback["id"] for feedback, _entry, _answer in rows]

    def _rows(
        self,
        scale: str | None,
        value: int | None,
        at: datetime,
        state: str = "personal",
        due_at: datetime | None = None,
        text: str | None = None,
        excuse: ExcuseReason = ExcuseReason.DUPLICATE,
        **more: Any,
    ) -> Rows:
        id, place = new_id(at), self.world.places[self.site]
        row = {
            "id": id,
            "tracking_code": f"T{next(_numbers):011}",
            "channel": Channel.LINK,
            "site_id": place,
            "kind": Kind.REVIEW,
            "kind_given": False,
            "rating_scale": scale,
            "rating_value": value,
            "text": text or (None if value is not None else "…"),
            "language": None,
            "occurred_at": at,
            "received_at": at,
            "local_day": at.date(),
            "local_hour": at.hour,
        }
        entry = self._entry(id, state, at, due_at or clock.now() + timedelta(days=1), excuse)
        answer = {"id": new_id(at), "feedback_id": id, "question": "rating", "scale": scale}
        answer |= {"value": value, "site_id": place, "occurred_at": at}
        return row | more, entry, answer if scale is not None else {}

    def _entry(
        self, id: UUID, state: str, at: datetime, due_at: datetime, excuse: ExcuseReason
    ) -> dict[str, Any]:
        entry: dict[str, Any] = {"feedback_id": id, "changed_at": at, "evidence": {"kind": "test"}}
        if state == "owed":
            owner = {"owner_id": self.world.people["lin"], "due_at": due_at, "next_step_at": due_at}
            return entry | owner | {"state": LedgerState.OWED, "evidence": None}
        if state == "excused":
            return entry | {"state": LedgerState.EXCUSED, "reason": excuse}
        return entry | {"state": LedgerState.ANSWERED, "how": AnswerHow(state)}

    def promise(self, kind: PromiseKind, due_at: datetime, kept: bool) -> UUID:
        """A feedback with an ended case of which one promise fell due. The feedback's id."""
        at = due_at - timedelta(hours=8)
        feedback = self.feedback("faces5", 1, at)
        case_id, number = new_id(at), next(_numbers)
        with db.engines[None].begin() as connection:
            policy = connection.execute(
                db.select(RuleVersion.id).where(RuleVersion.kind == "policy")
            ).scalar_one()
            connection.execute(insert(Case), [self._case(case_id, number, feedback, policy, at)])
            state = PromiseState.MET if kept else PromiseState.BREACHED
            promise = {"id": new_id(at), "case_id": case_id, "kind": kind, "target_seconds": 28800}
            promise |= {"hours": Hours.WALL, "started_at": at, "due_at": due_at, "state": state}
            connection.execute(insert(Promise), [promise])
        return feedback

    def _case(self, id: UUID, number: int, feedback: UUID, policy: UUID, at: datetime) -> dict[str, Any]:
        return {
            "id": id,
            "number": number,
            "state": CaseState.CLOSED,
            "severity": Severity.HIGH,
            "priority": Priority.P2,
            "reason": {"code": "very_dissatisfied", "args": {}},
            "site_id": self.world.places[self.site],
            "feedback_id": feedback,
            "tier": Tier.UNKNOWN,
            "owner_id": self.world.people["lin"],
            "owner_reason": {"code": "owner_by_shift", "args": {}},
            "policy_version_id": policy,
            "received_at": at,
            "opened_at": at,
            "ended_at": at + timedelta(hours=9),
        }


def day(text: str, hour: int = 12) -> datetime:
    """That hour of that day in Shanghai."""
    return datetime.fromisoformat(f"{date.fromisoformat(text)}T{hour:02}:00+08:00")
