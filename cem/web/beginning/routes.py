"""`/setup/{token}`: once, while the hub is empty."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, redirect, render_template
from werkzeug.wrappers import Response

from cem.domain.reasons import NotFound, Refused
from cem.extensions import limiter
from cem.http import limits, sign_in
from cem.http.i18n import page_language
from cem.settings import Settings
from cem.setup import invitation
from cem.setup.founding import Founding, found
from cem.web.beginning.forms import PACKS, BeginningForm

beginning = Blueprint("beginning", __name__, url_prefix="/setup")


@beginning.after_request
def _keep_private(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response


@beginning.get("/<token>")
@limiter.limit(limits.SIGN_IN_ADDRESS, key_func=limits.address)
def show(token: str) -> str:
    _must_be_invited(token)
    return _page(token, BeginningForm(formdata=None))


@beginning.post("/<token>")
@limiter.limit(limits.SIGN_IN_ADDRESS, key_func=limits.address)
def begin(token: str) -> Any:
    """The organisation and its administrator begin together, and the administrator is signed in."""
    _must_be_invited(token)
    form = BeginningForm()
    if not form.validate():
        return _page(token, form), 422
    try:
        admin = found(_founding(form))
    except Refused:
        raise NotFound from None  # somebody was a moment earlier
    invitation.use_up(_settings().instance)
    person = sign_in.load(f"{admin}:1")
    assert person is not None, "who has just been added is there"
    sign_in.enter(person)
    return redirect("/", 303)


def _founding(form: BeginningForm) -> Founding:
    return Founding(
        name=form.name.data.strip(),
        pack=form.pack.data,
        timezone=form.timezone.data,
        username=form.username.data,
        person=form.person.data.strip(),
        password_hash=sign_in.hash_password(form.password.data),
        locale=page_language(),
    )


def _must_be_invited(token: str) -> None:
    if not invitation.is_valid(_settings().instance, token):
        raise NotFound


def _settings() -> Settings:
    settings: Settings = current_app.extensions["cem_settings"]
    return settings


def _page(token: str, form: BeginningForm) -> str:
    return render_template("beginning/begin.html", token=token, form=form, errors=form.errors, packs=PACKS)
