"""`/admin/people`: who works here, in which role and for which places; what goes to whom when they leave."""

from __future__ import annotations

import secrets
from typing import Any, Final
from uuid import UUID

from flask import redirect, render_template, request, session, url_for
from flask_babel import gettext
from flask_login import current_user
from sqlalchemy import select
from werkzeug.wrappers import Response

from cem.domain.localtime import zone
from cem.domain.reasons import Invalid, NotFound
from cem.domain.submission import N_
from cem.domain.vocabulary import Role
from cem.engine import leaving, moving, people
from cem.engine.people import NewUser
from cem.extensions import db
from cem.http import access, sign_in
from cem.http.i18n import LANGUAGES, localized
from cem.http.labels import ROLES
from cem.models import User
from cem.web.admin import choosing, reach
from cem.web.admin.blueprint import READERS, WRITERS, admin

VIEWS: Final[dict[str, Any]] = {
    "people": READERS,
    "new_person": WRITERS,
    "add_person": WRITERS,
    "person": WRITERS,
    "move_person": WRITERS,
    "end_person": WRITERS,
}
_SHOWN_ONCE: Final = "password_shown_once"


@admin.get("/people", endpoint="people")
def listing() -> str:
    """The password of somebody who was just added stands here once."""
    seen = [user for user in _everybody() if user.scope_path.startswith(access.visible_path())]
    names = {str(user.id): user.name for user in seen}
    return render_template(
        "admin/people.html",
        people=seen,
        reach={each.id: each for each in reach.of(list(names), names)},
        roles=ROLES,
        place_names=_place_names(),
        password=session.pop(_SHOWN_ONCE, None),
        done=request.args.get("done", ""),
    )


@admin.get("/people/new")
def new_person() -> str:
    return _form({"role": "staff", "timezone": current_user.timezone, "locale": "zh-Hans"}, {})


@admin.post("/people")
def add_person() -> Any:
    """Their first password is made here and shown once; they change it on their account."""
    given = {name: value.strip() for name, value in request.form.items()}
    try:
        new, password = _read(given)
        people.add_user(new, access.actor())
    except Invalid as invalid:
        return _form(given, _words(invalid)), 422
    session[_SHOWN_ONCE] = [new.name, new.username, password]
    return redirect(url_for("admin.people"), 303)


@admin.get("/people/<uuid:user_id>")
def person(user_id: UUID) -> str:
    user = _one(user_id)
    handover = moving.preview(db.session(), user_id)
    names = choosing.names()
    others = [(str(each.id), each.name) for each in _everybody() if each.id != user_id]
    return render_template(
        "admin/person.html",
        user=user,
        roles=[(role.value, ROLES[role.value]) for role in Role],
        places=choosing.place_options(),
        site=next((p.code for p in choosing.places() if p.path == user.scope_path), ""),
        handover=handover,
        names=names,
        others=others,
        place_names={place.code: localized(place.name) for place in choosing.places()},
        errors={},
    )


@admin.post("/people/<uuid:user_id>")
def move_person(user_id: UUID) -> Response:
    _one(user_id)
    role = Role(request.form.get("role", "")) if request.form.get("role") in set(Role) else Role.STAFF
    moving.move_user(user_id, role, request.form.get("site") or None, access.actor())
    return redirect(url_for("admin.people", done="kept"), 303)


@admin.post("/people/<uuid:user_id>/end")
def end_person(user_id: UUID) -> Response:
    """Everything they own goes in the same moment to whoever the page named."""
    _one(user_id)
    successor = request.form.get("successor") or None
    leaving.end_user(user_id, access.actor(), UUID(successor) if successor else None)
    return redirect(url_for("admin.people", done="ended"), 303)


def _everybody() -> list[User]:
    return list(db.session.scalars(select(User).where(User.ended_at.is_(None)).order_by(User.name)))


def _one(user_id: UUID) -> User:
    user: User | None = db.session.get(User, user_id)
    if user is None or user.ended_at is not None or not access.sees(user.scope_path):
        raise NotFound
    return user


def _read(given: dict[str, str]) -> tuple[NewUser, str]:
    wrong: dict[str, list[str]] = {}
    if not given.get("username") or len(given["username"]) > 200 or " " in given["username"]:
        wrong["username"] = [N_("Write a user name without spaces.")]
    if not given.get("name") or len(given["name"]) > 200:
        wrong["name"] = [N_("Write a name that colleagues know.")]
    if given.get("role") not in set(Role):
        wrong["role"] = [N_("Choose a role.")]
    if given.get("locale") not in LANGUAGES:
        wrong["locale"] = [N_("Choose a language.")]
    try:
        zone(given.get("timezone", ""))
    except Invalid:
        wrong["timezone"] = [N_("Write a time zone as Asia/Shanghai.")]
    if wrong:
        raise Invalid(wrong)
    password = secrets.token_urlsafe(12)
    new = NewUser(
        username=given["username"],
        name=given["name"],
        role=Role(given["role"]),
        password_hash=sign_in.hash_password(password),
        site=given.get("site") or None,
        email=None,
        locale=given["locale"],
        timezone=given["timezone"],
    )
    return new, password


def _form(given: dict[str, str], errors: dict[str, list[str]]) -> str:
    return render_template(
        "admin/new_person.html",
        given=given,
        errors=errors,
        roles=[(role.value, ROLES[role.value]) for role in Role],
        places=choosing.place_options(),
    )


def _place_names() -> dict[str, str]:
    return {place.path: localized(place.name) for place in choosing.places()}


def _words(invalid: Invalid) -> dict[str, list[str]]:
    return {name: [gettext(words) for words in said] for name, said in invalid.fields.items()}
