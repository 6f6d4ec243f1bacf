"""What became of a feedback of the past. All times are instants in UTC, all people user names."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from cem.domain.reasons import Reason
from cem.domain.vocabulary import (
    AnswerHow,
    ExcuseReason,
    LedgerState,
    Outcome,
    Priority,
    PromiseKind,
    ResolutionCode,
    Severity,
    Via,
)


@dataclass(frozen=True, slots=True)
class PastContact:
    """One try to reach the guest. `summary` is the key of a note, or words where it was not reached."""

    at: datetime
    by: str
    via: Via
    outcome: Outcome
    summary: str


@dataclass(frozen=True, slots=True)
class PastCase:
    """The case that a feedback opened, up to the end of the history.

    `paged` is who was told, in the order of the ladder, until somebody acknowledged. `note` and `reply` are
    keys of replies; `reply` is None where a contact had answered. A promise is in `breached` when it was not
    kept before its due time, by the promises that every pack starts with.
    """

    severity: Severity
    priority: Priority
    reason: Reason
    owner: str
    paged: tuple[str, ...]
    acknowledged_at: datetime | None = None
    acknowledged_by: str | None = None
    contacts: tuple[PastContact, ...] = ()
    resolved_at: datetime | None = None
    resolution: ResolutionCode | None = None
    note: str | None = None
    reply: str | None = None
    closed_at: datetime | None = None
    dismissed_at: datetime | None = None
    breached: tuple[PromiseKind, ...] = ()


@dataclass(frozen=True, slots=True)
class Fate:
    """Where the ledger stands at the end of the history, and how it came to that.

    - answered: `how`, `at`, and for a person's answer `by` and `via`. `reply` is the key of what was
      written; it is None when a contact of the case that reached the guest is the answer.
    - excused: `excuse`, `at`, `by` and `evidence` (words).
    - owed: `owner` has to answer; `overdue` when that is already late.
    """

    state: LedgerState
    owner: str
    how: AnswerHow | None = None
    at: datetime | None = None
    by: str | None = None
    via: Via | None = None
    reply: str | None = None
    excuse: ExcuseReason | None = None
    evidence: str | None = None
    overdue: bool = False
    case: PastCase | None = None
