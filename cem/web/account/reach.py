"""`/me/reach`: how a person is reached: the browsers that ring for them, and when what may wait does."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from flask import Response, current_app, redirect, render_template, request, url_for
from flask_babel import gettext, lazy_gettext
from flask_login import current_user
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as Answer
from wtforms import StringField
from wtforms.validators import InputRequired, Optional, Regexp

from cem.domain.reasons import NotFound
from cem.engine import accounts, browsers
from cem.extensions import db
from cem.http.access import actor
from cem.http.assets import STATIC
from cem.models import Address, User
from cem.settings import Settings
from cem.transports.webpush import key_from, public_text
from cem.web.account.routes import account
from cem.web.times import zone

_l = lazy_gettext

OWN: Final = ("reach", "ring_here", "end_browser", "choose_hours")

_HOUR: Final = Regexp(r"(?:[01]\d|2[0-3]):[0-5]\d", message=_l("Write the time as 22:00."))
_LONGEST: Final = 4_000
_BROWSERS: Final = (
    ("Edg/", "Edge"),
    ("MicroMessenger", "WeChat"),
    ("Firefox/", "Firefox"),
    ("OPR/", "Opera"),
)
_MORE: Final = (("Chrome/", "Chrome"), ("Safari/", "Safari"))
_SYSTEMS: Final = (("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"))
_OTHERS: Final = (("Mac OS X", "Mac"), ("Linux", "Linux"))


class HoursForm(FlaskForm):  # type: ignore[misc]
    """Both ends of the quiet hours, or none."""

    quiet_from = StringField(validators=[Optional(), _HOUR])
    quiet_to = StringField(validators=[Optional(), _HOUR])
    digest_at = StringField(validators=[InputRequired(_l("Write the time as 22:00.")), _HOUR])

    def validate(self, extra_validators: Any = None) -> bool:
        if not super().validate(extra_validators):
            return False
        if bool(self.quiet_from.data) != bool(self.quiet_to.data):
            empty = self.quiet_to if self.quiet_from.data else self.quiet_from
            empty.errors = [gettext("Give both ends of the quiet hours, or neither.")]
            return False
        return True


@account.get("/me/reach")
def reach() -> str:
    me = db.session.get_one(User, current_user.id)
    kept = {name: getattr(me, name) for name in ("quiet_from", "quiet_to", "digest_at")}
    return _page(HoursForm(formdata=None, **kept))


@account.post("/me/browsers")
def ring_here() -> Response:
    """What the browser gave; nothing is shown of it again."""
    raw = request.form.get("subscription", "")[:_LONGEST]
    browsers.subscribe(current_user.id, raw, _label(request.user_agent.string), actor())
    return Response(status=204)


@account.post("/me/browsers/<uuid:address_id>/end")
def end_browser(address_id: UUID) -> Answer:
    if not browsers.end(current_user.id, address_id, actor()):
        raise NotFound
    return redirect(url_for("account.reach"), 303)


@account.post("/me/hours")
def choose_hours() -> Any:
    form = HoursForm()
    if not form.validate():
        return _page(form), 422
    accounts.choose_hours(
        current_user.id, form.quiet_from.data or None, form.quiet_to.data or None, form.digest_at.data
    )
    return redirect(url_for("account.reach", changed="hours"), 303)


@account.get("/push-worker.js")
def push_worker() -> Response:
    """From the root, so that it may open any page; asked for anew each time the browser looks."""
    script = (STATIC / "js" / "push-worker.js").read_text(encoding="utf-8")
    return Response(script, mimetype="text/javascript")


def _page(form: HoursForm) -> str:
    settings: Settings = current_app.extensions["cem_settings"]
    live = db.select(Address).where(*browsers.LIVE, Address.user_id == current_user.id).order_by(Address.id)
    here = zone()
    return render_template(
        "account/reach.html",
        browsers=[(row, row.created_at.astimezone(here)) for row in db.session.scalars(live)],
        key=public_text(key_from(settings.secret_key)),
        form=form,
        errors={name: words for name, words in form.errors.items() if words and name != "csrf_token"},
        changed=request.args.get("changed") == "hours",
        zone=current_user.timezone,
    )


def _label(agent: str) -> str:
    """What people call this browser and this machine."""
    browser = next((name for mark, name in _BROWSERS + _MORE if mark in agent), gettext("Browser"))
    system = next((name for mark, name in _SYSTEMS + _OTHERS if mark in agent), "")
    return " · ".join(filter(None, [browser, system]))
