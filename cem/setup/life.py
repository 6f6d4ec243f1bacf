"""One feedback's life, written as the engine would have written it: what fell due is done at its own instant.

The engine does one step in one transaction; two thousand lives would take it minutes. Here the same rules
of the domain decide, and the rows of all lives are inserted together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final
from uuid import UUID

from cem.domain import sla
from cem.domain.escalation import acknowledgement_expires_at, next_step, people_for
from cem.domain.ledger import Settlement
from cem.domain.reasons import Reason
from cem.domain.vocabulary import (
    CaseState,
    DeliveryKind,
    Hours,
    LedgerState,
    PromiseKind,
    PromiseState,
)
from cem.engine.organisation import Organisation, Place
from cem.engine.owed import REMIND_EVERY
from cem.engine.rows import Rows
from cem.engine.transaction import audit_row
from cem.ids import new_id
from cem.models import AuditRow, Breach, CaseEvent, LedgerMove, Note
from cem.setup.letters import Letters

HUB: Final = "hub"
Row = dict[str, Any]
Due = tuple[datetime, Callable[[datetime], None]]


@dataclass(slots=True)
class Life:
    """The rows of one feedback as they stand; `rows` also takes what is only appended."""

    rows: Rows
    letters: Letters
    organisation: Organisation
    place: Place
    feedback: Row
    entry: Row
    case: Row | None = None
    promises: tuple[Row, ...] = ()

    # -- what falls due by itself

    def live_to(self, at: datetime) -> None:
        """Do everything that falls due until `at`, in order."""
        while dues := [due for due in self._dues() if due[0] <= at]:
            due_at, act = min(dues, key=lambda due: due[0])
            act(due_at)

    def _dues(self) -> Iterator[Due]:
        for promise in self.promises:
            if promise["state"] is PromiseState.RUNNING:
                yield promise["due_at"], partial(self._miss, promise)
        if self.case is None:
            if self.entry["state"] is LedgerState.OWED:
                yield self.entry["next_step_at"], self._hand_over_or_remind
        elif self.case["state"] is CaseState.OPEN:
            yield self.case["next_step_at"], lambda at: self.page("nobody_acknowledged", at)
        elif expires := self.case.get("acknowledgement_expires_at"):
            yield expires, self._expire

    def _miss(self, promise: Row, at: datetime) -> None:
        """The sweep found that a promise was not kept."""
        self.breach(promise, at)
        self.append("breached", HUB, at, details={"promise": promise["kind"].value, "round": 1})

    def page(self, reason: str, at: datetime) -> None:
        """As `engine.ladder.page_next`."""
        case = self.live_case
        step = case["step"] + 1
        people = people_for(self.place.ladder, self.place.roster, at, self.organisation.is_active)
        rung = people.at(step)
        following = next_step(
            case["priority"],
            self.place.policy,
            case["opened_at"],
            step,
            at,
            self.place.calendar,
            self._promise(PromiseKind.ACKNOWLEDGE)["due_at"],
        )
        self.change(step=step, last_paged_at=at, next_step_at=following.at)
        why = {"reason": Reason(reason).as_dict(), "why": rung.reason.as_dict()}
        self.append(
            "escalated" if step else "paged", HUB, at, details={"step": step, "to": rung.person, **why}
        )
        kind = DeliveryKind.ESCALATION if step else DeliveryKind.PAGE
        self.letters.write(self, kind, rung.person, at, {"step": step})

    def _expire(self, at: datetime) -> None:
        before = self.live_case["state"]
        self.change(state=CaseState.OPEN, step=-1, next_step_at=at, acknowledgement_expires_at=None)
        self.append("acknowledgement_expired", HUB, at, before)
        self.page("acknowledgement_expired", at)
        self.finish()

    def _hand_over_or_remind(self, at: datetime) -> None:
        """As `engine.owed.next_step`: to the site's manager after the duty, reminded daily once due."""
        if self.entry["due_at"] > at:
            manager = UUID(self.place.roster.manager or self.place.roster.fallback)
            self.move(HUB, at, owner_id=manager, next_step_at=self.entry["due_at"])
        else:
            self.entry["next_step_at"] = at + REMIND_EVERY
            about = {"feedback": str(self.feedback["id"])}
            self.letters.write(self, DeliveryKind.BREACH, str(self.entry["owner_id"]), at, about)

    # -- the steps that acts are made of

    @property
    def live_case(self) -> Row:
        assert self.case is not None, "this feedback opened no case"
        return self.case

    def change(self, **values: Any) -> None:
        self.live_case.update(values, version=self.live_case["version"] + 1)

    def take(self, by: str, to: CaseState, at: datetime) -> None:
        """Leave `open` behind: the ladder stops, and the person who took it owns it."""
        case, owner = self.live_case, self.live_case["owner_id"]
        values: Row = {"acknowledgement_expires_at": None}
        if case["state"] is CaseState.OPEN:
            owner = UUID(by.removeprefix("user:"))
            values |= {"next_step_at": None, "acknowledged_at": at, "owner_id": owner}
            values["owner_reason"] = Reason("owner_by_acknowledgement").as_dict()
            if to is CaseState.ACKNOWLEDGED:
                values["acknowledgement_expires_at"] = acknowledgement_expires_at(
                    case["priority"], self.place.policy, at, self.place.calendar
                )
        handed_over = owner != case["owner_id"]
        self.change(state=to, **values)
        if handed_over and self.entry["state"] is LedgerState.OWED:
            self.move(by, at, owner_id=owner)

    def fulfil(self, kinds: Iterable[PromiseKind], at: datetime) -> None:
        """Keep these promises now; one that was broken stays broken."""
        for promise in self.promises:
            if promise["kind"] in kinds and promise.get("fulfilled_at") is None:
                promise["fulfilled_at"] = at
                if promise["state"] is PromiseState.RUNNING:
                    promise["state"] = PromiseState.MET

    def warn_from(self, now: datetime) -> None:
        """What was warned of before `now` was warned of; what still runs is warned of in its time."""
        for promise in self.promises:
            coming = None
            if promise in self._unfulfilled() and promise["state"] is PromiseState.RUNNING:
                calendar = self.place.calendar if promise["hours"] is Hours.BUSINESS else None
                coming = sla.next_warning(_clock_of(promise), calendar, now)
            promise["warn_at"] = coming.at if coming else None
            promise["warn_level"] = coming.level if coming else None

    def end_promises(self, at: datetime) -> None:
        for promise in self._unfulfilled():
            promise["ended_at"] = at
            if promise["state"] is PromiseState.RUNNING:
                promise["state"] = PromiseState.MET

    def breach(self, promise: Row, at: datetime) -> None:
        case, promise["state"] = self.live_case, PromiseState.BREACHED
        row = {
            "id": new_id(at),
            "case_id": case["id"],
            "promise_id": promise["id"],
            "policy_version_id": case["policy_version_id"],
            "owner_id": case["owner_id"],
            "due_at": promise["due_at"],
            "at": at,
        }
        self.rows.add(Breach, row)
        if promise["kind"] is not PromiseKind.ACKNOWLEDGE:
            args = {"promise": promise["kind"].value}
            self.letters.write(self, DeliveryKind.BREACH, str(case["owner_id"]), at, args)

    def settle(self, settlement: Settlement, by: str, at: datetime) -> None:
        """What is owed is answered or excused; what is answered already keeps its first answer."""
        if self.entry["state"] is not LedgerState.OWED:
            return
        how = {"how": settlement.how, "reason": settlement.reason, "evidence": settlement.evidence}
        self.move(by, at, state=settlement.state, owner_id=None, due_at=None, next_step_at=None, **how)

    def move(self, by: str, at: datetime, **values: Any) -> None:
        """Change the entry, and append the move."""
        before = self.entry["state"]
        self.entry.update(values, changed_at=at)
        shown = {name: self.entry[name] for name in ("how", "reason", "evidence", "owner_id", "due_at")}
        row = {"id": new_id(at), "feedback_id": self.feedback["id"], "at": at, "by": by}
        states = {"from_state": before, "to_state": self.entry["state"]}
        self.rows.add(LedgerMove, row | states | shown)

    def append(
        self,
        kind: str,
        by: str,
        at: datetime,
        before: CaseState | None = None,
        details: Row | None = None,
        note: tuple[str, str] | None = None,
    ) -> UUID | None:
        """Append what happened to the case; `note` is its kind and its words."""
        case, note_id = self.live_case, None
        if note:
            note_id = new_id(at)
            words = {"kind": note[0], "text": note[1], "at": at, "by": by}
            self.rows.add(Note, {"id": note_id, "case_id": case["id"], **words})
        row = {
            "id": new_id(at),
            "case_id": case["id"],
            "at": at,
            "kind": kind,
            "by": by,
            "from_state": before or case["state"],
            "to_state": case["state"],
            "details": details,
            "note_id": note_id,
        }
        self.rows.add(CaseEvent, row)
        return note_id

    def audit(self, by: str, action: str, at: datetime, subject: object, **details: Any) -> None:
        self.rows.add(AuditRow, audit_row(at, by, action, subject, details))

    def finish(self) -> None:
        """The case knows its next due time."""
        self.live_case["due_at"] = min((each["due_at"] for each in self._unfulfilled()), default=None)

    def redate(self, dues: dict[PromiseKind, tuple[datetime, int, Hours]]) -> None:
        """Promises of another priority: when each is due, its target in seconds, and its hours."""
        for promise in self._unfulfilled():
            promise["due_at"], promise["target_seconds"], promise["hours"] = dues[promise["kind"]]

    def _promise(self, kind: PromiseKind) -> Row:
        return next(promise for promise in self.promises if promise["kind"] is kind)

    def _unfulfilled(self) -> list[Row]:
        return [p for p in self.promises if not p.get("fulfilled_at") and not p.get("ended_at")]


def _clock_of(promise: Row) -> sla.Clock:
    target = timedelta(seconds=promise["target_seconds"])
    return sla.Clock(promise["kind"], target, promise["hours"], promise["started_at"])
