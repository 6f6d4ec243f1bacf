"""`/admin/robots`: the groups and programs that are told, each tried with a message that is really sent."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlsplit
from uuid import UUID

from flask import current_app, redirect, render_template, request, session, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from cem.domain.events import PUBLIC
from cem.domain.reasons import Invalid, NotFound
from cem.domain.vocabulary import TransportName
from cem.engine import robots, webhooks
from cem.engine.robots import Changes, NewRobot
from cem.engine.webhooks import NewWebhook
from cem.extensions import db
from cem.http import access, trials
from cem.http.destinations import refuse_unusable
from cem.http.failures import TRANSPORTS, why
from cem.http.i18n import LANGUAGES, localized
from cem.models import Delivery, Robot, Site
from cem.settings import Settings
from cem.web.admin import messages
from cem.web.admin.blueprint import READERS, WRITERS, admin
from cem.web.admin.robot_form import RobotForm

VIEWS: Final[dict[str, Any]] = {
    "robots": READERS,
    "new_robot": WRITERS,
    "add_robot": WRITERS,
    "edit_robot": WRITERS,
    "change_robot": WRITERS,
    "try_robot": WRITERS,
    "rotate_robot": WRITERS,
    "end_robot": WRITERS,
}
_SHOWN_ONCE: Final = "shown_once"


@admin.get("/robots", endpoint="robots")
def listing() -> str:
    """The secret of a webhook that was just made stands here once."""
    tried = request.args.get("tried", type=UUID)
    return render_template(
        "admin/robots.html",
        minutes=messages.minutes(access.visible_path()),
        ways=TRANSPORTS,
        host_of=lambda robot: urlsplit(robot.url).hostname or "",
        result=_result(tried) if tried else None,
        secret=session.pop(_SHOWN_ONCE, None),
        nothing_leaves=_settings().nothing_leaves,
        place_of=_place_names().get,
    )


@admin.get("/robots/new")
def new_robot() -> str:
    return _form(RobotForm(formdata=None, transport=request.args.get("transport", "wecom")))


@admin.post("/robots")
def add_robot() -> Any:
    form = RobotForm()
    try:
        _check(form, needs_address=True)
        tried = _add(form)
    except Invalid as invalid:
        return _form(_with(form, invalid)), 422
    return redirect(url_for("admin.robots", tried=tried), 303)


@admin.get("/robots/<uuid:robot_id>")
def edit_robot(robot_id: UUID) -> str:
    robot = _one(robot_id)
    code = db.session.scalar(db.select(Site.code).where(Site.id == robot.site_id))
    given = {"name": robot.name, "transport": robot.transport.value, "site": code, "locale": robot.locale}
    return _form(RobotForm(formdata=None, **given, events=robot.events or sorted(PUBLIC)), robot)


@admin.post("/robots/<uuid:robot_id>")
def change_robot(robot_id: UUID) -> Any:
    robot, form = _one(robot_id), RobotForm()
    form.transport.data = robot.transport.value
    try:
        _check(form, needs_address=False)
        to = Changes(
            name=form.name.data,
            site=form.site.data,
            url=form.url.data or None,
            secret=None if robot.transport is TransportName.WEBHOOK else form.secret.data or None,
            locale=form.locale.data,
            events=form.events.data,
        )
        robots.change_robot(robot_id, to, access.actor())
    except Invalid as invalid:
        return _form(_with(form, invalid), _one(robot_id)), 422
    return redirect(url_for("admin.robots"), 303)


@admin.post("/robots/<uuid:robot_id>/trial")
def try_robot(robot_id: UUID) -> Response:
    """Waits for the other side, a few seconds at most."""
    _one(robot_id)
    return redirect(url_for("admin.robots", tried=_try(robot_id)), 303)


@admin.post("/robots/<uuid:robot_id>/rotation")
def rotate_robot(robot_id: UUID) -> Response:
    name = _one(robot_id).name
    session[_SHOWN_ONCE] = [name, webhooks.rotate(robot_id, access.actor())]
    return redirect(url_for("admin.robots"), 303)


@admin.post("/robots/<uuid:robot_id>/end")
def end_robot(robot_id: UUID) -> Response:
    _one(robot_id)
    robots.end_robot(robot_id, access.actor())
    return redirect(url_for("admin.robots"), 303)


def _add(form: RobotForm) -> UUID:
    """Make it, and try it at once. The id of the trial."""
    if form.transport.data == TransportName.WEBHOOK:
        hook = NewWebhook(form.name.data, form.site.data, form.url.data, form.events.data)
        made = webhooks.make(hook, access.actor())
        session[_SHOWN_ONCE] = [form.name.data, made.secret]
        return _try(made.id)
    new = NewRobot(
        name=form.name.data,
        transport=TransportName(form.transport.data),
        site=form.site.data,
        url=form.url.data,
        secret=form.secret.data or None,
        locale=form.locale.data,
    )
    return _try(robots.add_robot(new, access.actor()))


def _try(robot_id: UUID) -> UUID:
    return trials.try_out(robot_id, access.actor(), _settings())


def _check(form: RobotForm, *, needs_address: bool) -> None:
    """Raises `Invalid` with everything that is wrong."""
    form.site.choices = _places()
    form.validate()
    if needs_address and not form.url.data:
        form.url.errors = [gettext("Paste the address that the messenger shows, or your program's.")]
    found = {name: [str(word) for word in words] for name, words in form.errors.items() if words}
    if found:
        raise Invalid(found)
    if form.url.data:
        refuse_unusable(form.url.data, _settings())


def _with(form: RobotForm, invalid: Invalid) -> RobotForm:
    for name, words in invalid.fields.items():
        form[name].errors = [gettext(word) for word in words]
    return form


def _form(form: RobotForm, robot: Robot | None = None) -> str:
    form.site.choices = _places()
    return render_template(
        "admin/robot.html",
        form=form,
        robot=robot,
        errors={name: words for name, words in form.errors.items() if words and name != "csrf_token"},
        ways=TRANSPORTS,
        places=_places(),
        languages_of=[(one.code, one.name) for one in LANGUAGES.values()],
        host=urlsplit(robot.url).hostname if robot else "",
    )


def _places() -> list[tuple[str, str]]:
    """Codes and names of the places that this person may speak for, from the top."""
    here = Site.path.startswith(access.visible_path(), autoescape=True)
    rows = db.session.scalars(db.select(Site).where(here, Site.ended_at.is_(None)).order_by(Site.path))
    return [(site.code, localized(site.name)) for site in rows]


def _place_names() -> dict[UUID, str]:
    return {site.id: localized(site.name) for site in db.session.scalars(db.select(Site))}


def _one(robot_id: UUID) -> Robot:
    """Raises `NotFound` for one that is not there, has ended, or speaks for another part of the tree."""
    here = Site.path.startswith(access.visible_path(), autoescape=True)
    live = db.select(Robot).join(Site, Site.id == Robot.site_id).where(here, Robot.ended_at.is_(None))
    robot = db.session.scalar(live.where(Robot.id == robot_id))
    if robot is None:
        raise NotFound
    return robot


def _result(delivery_id: UUID) -> dict[str, Any] | None:
    """What became of a trial, in words."""
    here = messages.below(access.visible_path())
    found = db.session.scalar(db.select(Delivery).where(Delivery.id == delivery_id, here))
    if found is None:
        return None
    return {"to": found.to, "state": found.state.value, "why": why(found.error), "text": found.text}


def _settings() -> Settings:
    settings: Settings = current_app.extensions["cem_settings"]
    return settings
