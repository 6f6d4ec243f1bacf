"""The contract's table "What moves a case": the state that each action leads to from each state."""

from __future__ import annotations

from cem.domain.vocabulary import CaseState

SAME = "same"
NO = "409"
STATES = tuple(CaseState)
TABLE = {
    # open, acknowledged, in_progress, waiting_customer, resolved, closed, dismissed
    "acknowledgement": ("acknowledged", NO, NO, NO, NO, NO, NO),
    "assignment": (SAME, SAME, SAME, SAME, SAME, NO, NO),
    "notes": (SAME, SAME, SAME, SAME, SAME, SAME, NO),
    "contacts": ("in_progress", "in_progress", SAME, "in_progress", SAME, NO, NO),
    "pause waiting_customer": (NO, "waiting_customer", "waiting_customer", NO, NO, NO, NO),
    "pause waiting_third_party": (NO, SAME, SAME, NO, NO, NO, NO),
    "resumption": (NO, NO, NO, "in_progress", NO, NO, NO),
    "resolution": (NO, "resolved", "resolved", "resolved", NO, NO, NO),
    "closure": (NO, NO, NO, NO, "closed", NO, NO),
    "dismissal": ("dismissed", "dismissed", "dismissed", "dismissed", NO, NO, NO),
    "merge": ("closed", "closed", "closed", "closed", NO, NO, NO),
    "reopening": (NO, NO, NO, NO, "in_progress", "in_progress", "in_progress"),
    "not solved": (NO, NO, NO, "in_progress", "open", "open", NO),
}
