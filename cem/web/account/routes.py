"""`/sign-in` and `/me`."""

from __future__ import annotations

from typing import Any, Final

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response

from cem import clock
from cem.domain.actors import Actor
from cem.engine import accounts, audit
from cem.extensions import db, limiter
from cem.http import limits, sign_in
from cem.http.access import actor
from cem.http.i18n import COOKIE, LANGUAGES
from cem.http.pages import THEME_COOKIE, THEMES
from cem.http.preferences import local_address, remember
from cem.models import Site
from cem.web.account.forms import PasswordForm, SignInForm
from cem.web.times import zone

account = Blueprint("account", __name__)

NOBODY: Final = Actor("hub")


@account.after_request
def _keep_private(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response


@account.get("/sign-in", endpoint="sign_in")
def door() -> Any:
    if current_user.is_authenticated:
        return redirect(_next(), 303)
    return _door(SignInForm())


@account.post("/sign-in")
@limiter.limit(limits.SIGN_IN_ADDRESS, key_func=limits.address)
@limiter.limit(limits.SIGN_IN_PERSON_HERE, key_func=limits.tried_name_here)
@limiter.limit(limits.SIGN_IN_PERSON, key_func=limits.tried_name)
def open_session() -> Any:
    """Right or not is all that the answer tells; which of the two was wrong stays with us."""
    form = SignInForm()
    if not form.validate():
        return _door(form), 422
    username = form.username.data.strip()
    person = sign_in.check(username, form.password.data)
    if person is None:
        audit.record(NOBODY, "account.sign_in_refused", sign_in.known_id(username))
        form.password.errors = [gettext("The user name or the password is not right.")]
        return _door(form), 401
    sign_in.enter(person)
    audit.record(Actor("user", str(person.id)), "account.signed_in", person.id)
    response = redirect(_next(), 303)
    remember(response, COOKIE, person.locale, tuple(LANGUAGES))
    return remember(response, THEME_COOKIE, person.theme, THEMES)


@account.post("/sign-out")
def sign_out() -> Response:
    audit.record(actor(), "account.signed_out", current_user.id)
    sign_in.leave()
    return redirect(url_for("account.sign_in"), 303)


@account.get("/me")
def me() -> str:
    return _own_page(PasswordForm(formdata=None))


@account.post("/me/language")
def choose_language() -> Response:
    chosen = request.form.get("language", "")
    response = remember(redirect(url_for("account.me"), 303), COOKIE, chosen, tuple(LANGUAGES))
    accounts.prefer_language(current_user.id, chosen)
    return response


@account.post("/me/theme")
def choose_theme() -> Response:
    chosen = request.form.get("theme", "")
    response = remember(redirect(url_for("account.me"), 303), THEME_COOKIE, chosen, THEMES)
    accounts.prefer_theme(current_user.id, chosen)
    return response


@account.post("/me/password")
@limiter.limit(limits.SIGN_IN_PERSON_HERE, key_func=limits.signed_in)
def change_password() -> Any:
    """Every other session of this person ends; this one goes on."""
    form, person = PasswordForm(), current_user._get_current_object()
    if not form.validate():
        return _own_page(form), 422
    if sign_in.check(person.username, form.present.data) is None:
        form.present.errors = [gettext("This is not your password.")]
        return _own_page(form), 422
    accounts.change_password(person.id, sign_in.hash_password(form.new.data), str(actor()))
    again = sign_in.load(f"{person.id}:{person.session_version + 1}")
    if again is None:
        return redirect(url_for("account.sign_in"), 303)
    sign_in.enter(again)
    return redirect(url_for("account.me", changed="password"), 303)


def _door(form: SignInForm) -> str:
    return render_template(
        "account/sign_in.html",
        username=form.username.data or "",
        errors=form.errors,
        next=request.values.get("next", ""),
    )


def _own_page(form: PasswordForm) -> str:
    place = db.session.scalar(db.select(Site.name).where(Site.path == current_user.scope_path)) or {}
    return render_template(
        "account/me.html",
        me=current_user,
        place=place,
        now=clock.now().astimezone(zone()),
        changed=request.args.get("changed") == "password",
        errors=form.errors,
    )


def _next() -> str:
    return local_address(request.values.get("next", "") or "/")
