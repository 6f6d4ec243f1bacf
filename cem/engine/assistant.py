"""A draft reworded by a language model of somebody else's: off until two people's decisions switch it on.

Whoever runs the hub names a server in its settings, and an administrator switches it on for that server and
model. Every question is written down before it leaves, word for word, and its answer with what became of it.
The draft of the hub is there first and stays where anything goes wrong; nothing is asked twice by itself.
"""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import case, insert, select, update

from cem import clock
from cem.domain.actors import Actor
from cem.domain.letters import rewording
from cem.domain.letters.facts import language_of
from cem.domain.letters.grounding import Ungrounded
from cem.domain.reasons import Reason
from cem.engine import reply_drafts
from cem.engine.reply_drafts import Made
from cem.engine.transaction import transaction
from cem.extensions import db
from cem.ids import new_id
from cem.models import AssistantCall, AssistantSwitch
from cem.transports.base import TransportError
from cem.transports.completions import Server, ask
from nlp import language

A_MINUTE: Final = 5
"""Questions of one person, or of one program."""
MINUTE: Final = timedelta(minutes=1)
KEPT: Final = 20_000
"""Signs of an answer that are kept."""


@dataclass(frozen=True, slots=True)
class About:
    """Whose letter it is."""

    feedback_id: UUID
    case_id: UUID | None
    by: Actor


@dataclass(frozen=True, slots=True)
class Reworded:
    """`text` where the answer may stand; else `why` not, and what in it stands nowhere in the case."""

    text: str = ""
    why: Reason | None = None
    amiss: tuple[Ungrounded, ...] = ()


def last_switch() -> AssistantSwitch | None:
    found: AssistantSwitch | None = db.session.scalar(
        select(AssistantSwitch).order_by(AssistantSwitch.at.desc(), AssistantSwitch.id.desc()).limit(1)
    )
    return found


def is_on(server: Server | None) -> bool:
    """Only for the server and the model that the administrator saw when they switched it on."""
    last = last_switch()
    if server is None or last is None or not last.enabled:
        return False
    return (last.host, last.model) == (server.host, server.model)


def switch(server: Server, on: bool, by: Actor) -> None:
    """From this moment on it is asked, or not any more."""
    with transaction() as tx:
        row = {"id": new_id(tx.now), "at": tx.now, "by": str(by), "enabled": on}
        tx.session.execute(insert(AssistantSwitch), [row | {"host": server.host, "model": server.model}])
        tx.audit(str(by), "assistant.switched_on" if on else "assistant.switched_off", row["id"])


def reword(made: Made, server: Server | None, about: About) -> Reworded:
    """Ask for the draft in other words. No connection to the database is held meanwhile."""
    if server is None or not is_on(server):
        return Reworded(why=Reason("assistant_off"))
    if not made.draft.text:
        return Reworded(why=made.draft.why_none or Reason("assistant_off"))
    if made.facts.risks:
        return Reworded(why=Reason("assistant_not_for_risks"))
    if seconds := _wait(about.by):
        return Reworded(why=Reason("assistant_too_often", {"seconds": seconds}))
    asked = rewording.question(made.draft.text, made.facts, reply_drafts.known_names())
    request = asked.body(server.model)
    call_id = _begin(server, request, about)
    started = time.monotonic()
    said, result = _asked(server, request, asked, made)
    _end(call_id, about, said, result, round(1000 * (time.monotonic() - started)))
    return result


def _wait(by: Actor) -> int:
    """Whole seconds until this person or program may ask again; 0: now."""
    asked = select(AssistantCall.at).where(AssistantCall.by == str(by)).order_by(AssistantCall.at.desc())
    last = db.session.scalar(asked.offset(A_MINUTE - 1).limit(1))
    return max(0, math.ceil((last + MINUTE - clock.now()).total_seconds())) if last else 0


def _begin(server: Server, request: str, about: About) -> UUID:
    """What is about to leave is written down first; then the database is let go of."""
    with transaction() as tx:
        id = new_id(tx.now)
        row = {"id": id, "at": tx.now, "by": str(about.by), "feedback_id": about.feedback_id}
        row |= {"case_id": about.case_id, "host": server.host, "model": server.model}
        tx.session.execute(insert(AssistantCall), [row | {"request": request, "sent": len(request)}])
        tx.audit(str(about.by), "assistant.asked", id, feedback=str(about.feedback_id), sent=len(request))
    db.session.remove()
    return id


def _asked(
    server: Server, request: str, asked: rewording.Question, made: Made
) -> tuple[str | None, Reworded]:
    try:
        said = rewording.answered(ask(server, request))
    except TransportError as error:
        return None, Reworded(why=Reason("assistant_failed", {"error": str(error)}))
    if said is None:
        return None, Reworded(why=Reason("assistant_nonsense"))
    return said, judged(said, asked, made)


def judged(said: str, asked: rewording.Question, made: Made) -> Reworded:
    """Whether what it said may stand in the letter."""
    if rewording.too_long(said, made.draft.text):
        return Reworded(why=Reason("assistant_too_long"))
    text = rewording.filled(said, asked)
    if text is None:
        return Reworded(why=Reason("assistant_left_out"))
    plain = text
    for words in filter(None, (made.facts.recourse, made.facts.link, made.facts.who)):
        plain = plain.replace(words, "")
    if language_of(language.detect(plain, hint=made.facts.language)) != made.facts.language:
        return Reworded(why=Reason("assistant_wrong_language"))
    if amiss := reply_drafts.check(text, made.facts):
        return Reworded(why=Reason("assistant_ungrounded"), amiss=amiss)
    return Reworded(text)


def _end(call_id: UUID, about: About, said: str | None, result: Reworded, milliseconds: int) -> None:
    """What came back is kept beside what left; where that was erased meanwhile, so is this."""
    outcome = result.why.code if result.why else "used"
    details: dict[str, Any] = {"amiss": _counted(result.amiss)} if result.amiss else {}
    if result.why and "error" in result.why.args:
        details["error"] = result.why.args["error"]
    with transaction() as tx:
        ended: dict[str, Any] = {
            "answer": case((AssistantCall.request == "", ""), else_=said and said[:KEPT]),
            "received": len(said or ""),
            "outcome": outcome,
        }
        ended |= {"details": details or None, "milliseconds": milliseconds, "ended_at": tx.now}
        tx.session.execute(
            update(AssistantCall)
            .where(AssistantCall.id == call_id, AssistantCall.ended_at.is_(None))
            .values(**ended)
        )
        tx.audit(str(about.by), "assistant.answered", call_id, outcome=outcome, received=len(said or ""))


def _counted(amiss: Sequence[Ungrounded]) -> dict[str, int]:
    kinds = [each.kind for each in amiss]
    return {kind: kinds.count(kind) for kind in dict.fromkeys(kinds)}
