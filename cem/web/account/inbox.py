"""`/me/messages`: what the hub has told a person, and the bell that says how much of it is unread."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from flask import Flask, g, redirect, render_template, url_for
from flask_login import current_user
from sqlalchemy import ColumnElement, func
from werkzeug.wrappers import Response

from cem import clock
from cem.domain.vocabulary import DeliveryState, TransportName
from cem.engine import notify
from cem.extensions import db
from cem.http.failures import KINDS
from cem.http.messages import link_of
from cem.models import Delivery
from cem.web.account.routes import account
from cem.web.times import zone

OWN: Final = ("messages", "bell", "see_messages")
SHOWN: Final = 100
BACK: Final = timedelta(days=7)
"""What is older and was never looked at is no news any more."""


@dataclass(frozen=True, slots=True)
class Line:
    """`link` is where to act on it."""

    kind: Any
    text: str
    link: str
    at: datetime
    seen: bool


def register(app: Flask) -> None:
    app.add_template_global(unread_messages)


def unread_messages() -> int:
    if not current_user.is_authenticated:
        return 0
    if "unread_messages" not in g:
        unread = db.select(func.count()).where(*_mine(), Delivery.seen_at.is_(None))
        g.unread_messages = int(db.session.scalar(unread) or 0)
    return int(g.unread_messages)


@account.get("/me/messages")
def messages() -> str:
    """Newest first."""
    here = zone()
    rows = db.session.scalars(db.select(Delivery).where(*_mine()).order_by(Delivery.id.desc()).limit(SHOWN))
    lines = [
        Line(
            KINDS[row.kind],
            row.text or "",
            link_of(row, ""),
            (row.sent_at or row.created_at).astimezone(here),
            row.seen_at is not None,
        )
        for row in rows
    ]
    return render_template("account/messages.html", lines=lines)


@account.get("/me/messages/bell")
def bell() -> str:
    return render_template("account/_bell.html")


@account.post("/me/messages/seen")
def see_messages() -> Response:
    notify.seen_all(current_user.id, clock.now() - BACK)
    return redirect(url_for("account.messages"), 303)


def _mine() -> tuple[ColumnElement[bool], ...]:
    return (
        Delivery.user_id == current_user.id,
        Delivery.transport == TransportName.INBOX,
        Delivery.state == DeliveryState.SENT,
        Delivery.created_at > clock.now() - BACK,
    )
