"""`/admin/assistant`: whether somebody else's language model rewords drafts, and every word that left."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from flask import current_app, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from cem import clock
from cem.domain.reasons import Reason, Refused
from cem.engine import assistant, assistant_log
from cem.extensions import db
from cem.http import access, letter_words
from cem.http import assistant as asking
from cem.http.words import sentence
from cem.models import ApiToken, AssistantCall, Case, Feedback, Site, User
from cem.web.admin.blueprint import WRITERS, admin
from cem.web.times import zone

VIEWS: Final[dict[str, Any]] = {"assistant": WRITERS, "switch_assistant": WRITERS}
SHOWN: Final = 30
LONGEST: Final = timedelta(minutes=2)
"""What has not ended by then was cut short."""


@dataclass(frozen=True, slots=True)
class CallView:
    id: UUID
    at: datetime
    who: str
    number: int | None
    href: str
    host: str
    model: str
    sent: int
    received: int
    seconds: str
    used: bool
    said: str
    request: str
    answer: str
    old: bool


@admin.get("/assistant", endpoint="assistant")
def shown() -> str:
    before = request.args.get("before", type=UUID)
    calls = _calls(before)
    settings = current_app.extensions["cem_settings"]
    server = asking.server()
    return render_template(
        "admin/assistant.html",
        server=server,
        named=settings.assistant_url is not None,
        on=assistant.is_on(server),
        switched=_switched(),
        calls=calls[:SHOWN],
        days=settings.assistant_days,
        older=calls[SHOWN - 1].id if len(calls) > SHOWN else None,
        first=before is None,
    )


@admin.post("/assistant/switch")
def switch_assistant() -> Response:
    """One click either way; off takes effect with the next question that would have been asked."""
    server = asking.server()
    if server is None:
        raise Refused("assistant_not_named")
    assistant.switch(server, request.form.get("on") == "yes", access.actor())
    return redirect(url_for("admin.assistant"), 303)


def _switched() -> tuple[str, datetime] | None:
    """Who last switched it, and when."""
    last = assistant.last_switch()
    return (_who({last.by}).get(last.by, ""), last.at.astimezone(zone())) if last else None


def _calls(before: UUID | None) -> list[CallView]:
    """The newest first, of the places that this administrator sees; one more than is shown."""
    statement = (
        _select()
        .where(Site.path.startswith(access.visible_path(), autoescape=True))
        .order_by(AssistantCall.id.desc())
        .limit(SHOWN + 1)
    )
    if before is not None:
        statement = statement.where(AssistantCall.id < before)
    rows = db.session.execute(statement).all()
    names = _who({call.by for call, _ in rows})
    return [_view(call, number, names) for call, number in rows]


def _select() -> Any:
    return (
        db.select(AssistantCall, Case.number)
        .join(Feedback, Feedback.id == AssistantCall.feedback_id)
        .join(Site, Site.id == Feedback.site_id)
        .outerjoin(Case, Case.id == AssistantCall.case_id)
    )


def _who(actors: set[str]) -> dict[str, str]:
    """People by their names, programs by those of their tokens."""
    return _named("user", User, actors) | _named("token", ApiToken, actors)


def _named(kind: str, table: Any, actors: set[str]) -> dict[str, str]:
    ids = [UUID(actor.partition(":")[2]) for actor in actors if actor.startswith(f"{kind}:")]
    rows = db.session.execute(db.select(table.id, table.name).where(table.id.in_(ids))) if ids else ()
    return {f"{kind}:{id}": name for id, name in rows}


def _view(call: AssistantCall, number: int | None, names: dict[str, str]) -> CallView:
    path = ("desk.case", {"number": number}) if number else ("desk.feedback", {"id": call.feedback_id})
    return CallView(
        id=call.id,
        at=call.at.astimezone(zone()),
        who=names.get(call.by, ""),
        number=number,
        href=url_for(path[0], **path[1]),
        host=call.host,
        model=call.model,
        sent=call.sent,
        received=call.received or 0,
        seconds=f"{(call.milliseconds or 0) / 1000:.1f}",
        used=call.outcome == "used",
        said=_said(call),
        request=call.request,
        answer=call.answer or "",
        old=call.at <= clock.now() - assistant_log.kept_for(),
    )


def _said(call: AssistantCall) -> str:
    if call.outcome == "used":
        if call.by.startswith("token:"):
            return str(gettext("Its words were given to the program that asked."))
        return str(gettext("Its words were put into the field."))
    if call.outcome is None:
        waiting = call.at > clock.now() - LONGEST
        return str(
            gettext("It is being asked.") if waiting else gettext("It was cut short: no answer was kept.")
        )
    details = call.details or {}
    said = sentence(Reason(call.outcome, {"error": details.get("error", "")}))
    return " ".join((said, *letter_words.kinds(details.get("amiss", {}))))
