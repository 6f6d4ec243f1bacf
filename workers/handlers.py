"""What happens when: which jobs an event causes, and on which queue each runs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from cem.domain.events import PUBLIC
from cem.queues import NLP, NOTIFY, OUTSIDE

HANDLERS: Final[dict[str, tuple[tuple[str, str], ...]]] = {
    "feedback.stored": (("analyse", NLP),),
    "feedback.reread": (("analyse", NLP),),
    "model.ready": (("reread", NLP),),
    "head.due": (("refit", NLP),),
    "texts.look": (("find_phrases", NLP), ("measure_drift", NLP)),
    "reading.drifted": (("plan", NOTIFY),),
    "rehearsal.due": (("rehearse", NLP),),
    "feedback.overdue": (("plan", NOTIFY),),
    "case.opened": (("plan", NOTIFY),),
    "case.escalated": (("plan", NOTIFY),),
    "case.assigned": (("plan", NOTIFY),),
    "case.breached": (("plan", NOTIFY),),
    "case.warned": (("plan", NOTIFY),),
    "roster.uncovered": (("plan", NOTIFY),),
    "swap.asked": (("plan", NOTIFY),),
    "page.unreached": (("go_on", NOTIFY), ("plan", NOTIFY)),
    "address.asked": (("plan", NOTIFY),),
    "address.proving": (("prove", OUTSIDE),),
    "swap.decided": (("plan", NOTIFY),),
    "swap.waits": (("plan", NOTIFY),),
    "swap.expired": (("plan", NOTIFY),),
    "duty.soon": (("plan", NOTIFY),),
    "group.escalated": (("plan", NOTIFY),),
    "group.digest": (("plan", NOTIFY),),
    "group.acknowledged": (("take_group", NOTIFY),),
    "delivery.planned": (("deliver", NOTIFY),),
    "delivery.leaving": (("send", OUTSIDE),),
}
"""Event kind -> (job, queue). An event that is not here is only told to those who look."""


PROGRAMS: Final = ("tell", NOTIFY)
"""What a public event causes beside that where a webhook listens."""


def effects(kind: str, ids: dict[str, Any], heard: bool = False) -> Sequence[tuple[str, str]]:
    """The jobs that this event causes. A rating without words has nothing to be understood."""
    if kind == "feedback.stored" and not ids.get("text"):
        return ()
    own = HANDLERS.get(kind, ())
    return (*own, PROGRAMS) if heard and kind in PUBLIC else own


def has_effects(kind: str, ids: dict[str, Any]) -> bool:
    """Whether the relay has anything to do for this event."""
    return bool(effects(kind, ids))
