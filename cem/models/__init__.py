"""Rows that can answer questions about themselves. They never commit, read the clock or set a state."""

from cem.extensions import db
from cem.models import seeds, triggers
from cem.models.assistant import AssistantCall, AssistantSwitch
from cem.models.audit import AuditRow
from cem.models.case import Breach, BreachEnd, Case, CaseEvent, Contact, Note, Pause, Promise
from cem.models.coordination import AlikeRow
from cem.models.correction import CorrectionRow
from cem.models.customer import Customer, Purchase
from cem.models.delivery import Delivery
from cem.models.drafts import Rehearsal, RuleDraft
from cem.models.duty import Swap
from cem.models.feedback import (
    Answer,
    Feedback,
    FindingsRow,
    IdempotencyKey,
    ModelUse,
    findings_of,
    findings_that_hold,
    newest_versions,
)
from cem.models.group import CaseGroup, GroupMember
from cem.models.head import HeadRow
from cem.models.ledger import LedgerEntry, LedgerMove, Reply, overdue_at
from cem.models.looks import DailyLook, EmergingLook, EmergingPhrase, HiddenPhrase, ReadingWeek
from cem.models.meaning import Meaning
from cem.models.outbox import Counter, OutboxRow, Task
from cem.models.people import ApiToken, User
from cem.models.places import PublicLink, Revision, RuleVersion, Site, Survey, SurveyVersion, Touchpoint
from cem.models.proof import Reconciliation
from cem.models.recourse import Recourse
from cem.models.route import Address, Attempt, Proof, Robot

__all__ = [
    "Address",
    "AlikeRow",
    "Answer",
    "ApiToken",
    "AssistantCall",
    "AssistantSwitch",
    "Attempt",
    "AuditRow",
    "Breach",
    "BreachEnd",
    "Case",
    "CaseEvent",
    "CaseGroup",
    "Contact",
    "CorrectionRow",
    "Counter",
    "Customer",
    "DailyLook",
    "Delivery",
    "EmergingLook",
    "EmergingPhrase",
    "Feedback",
    "FindingsRow",
    "GroupMember",
    "HeadRow",
    "HiddenPhrase",
    "IdempotencyKey",
    "LedgerEntry",
    "LedgerMove",
    "Meaning",
    "ModelUse",
    "Note",
    "OutboxRow",
    "Pause",
    "Promise",
    "Proof",
    "PublicLink",
    "Purchase",
    "ReadingWeek",
    "Reconciliation",
    "Recourse",
    "Rehearsal",
    "Reply",
    "Revision",
    "Robot",
    "RuleDraft",
    "RuleVersion",
    "Site",
    "Survey",
    "SurveyVersion",
    "Swap",
    "Task",
    "Touchpoint",
    "User",
    "findings_of",
    "findings_that_hold",
    "newest_versions",
    "overdue_at",
]

triggers.attach(db.metadata)
seeds.attach(db.metadata)
