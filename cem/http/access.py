"""Who may open what, in one table. What is not in it is refused to everybody; a test walks every route."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from flask import Flask, g, redirect, request, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response

from cem.domain.actors import Actor
from cem.domain.reasons import NotFound
from cem.domain.vocabulary import Role, Scope
from cem.engine import audit
from cem.http.auth import require
from cem.http.errors import ApiError, answer, wants_json


@dataclass(frozen=True, slots=True)
class Public:
    """Anybody: the customers' pages, the sign-in, what a process manager asks."""


@dataclass(frozen=True, slots=True)
class Roles:
    """People who signed in with one of these roles (administrators always)."""

    allowed: frozenset[Role]


@dataclass(frozen=True, slots=True)
class Scopes:
    """Programs whose token has one of these scopes (`admin` always)."""

    allowed: frozenset[Scope]


Rule = Public | Roles | Scopes

PUBLIC: Final = Public()
EVERYBODY_HERE: Final = Roles(frozenset(Role))


def roles(*allowed: Role) -> Roles:
    return Roles(frozenset({Role.ADMIN, *allowed}))


def scopes(*allowed: Scope) -> Scopes:
    return Scopes(frozenset({Scope.ADMIN, *allowed}))


RULES: Final[dict[str, Rule]] = {
    "static": PUBLIC,
    "assets.site_stylesheet": PUBLIC,
    "health.alive": PUBLIC,
    "health.ready": PUBLIC,
    "preferences.choose_language": PUBLIC,
    "preferences.choose_theme": PUBLIC,
    "sandbox.read_clock": scopes(),
    "sandbox.move_clock": scopes(),
    "sandbox.deliveries": scopes(),
}
"""By endpoint. Blueprints add theirs with `rule`."""


def rule(endpoint: str, who: Rule) -> None:
    """Say who may open an endpoint. Saying it twice differently is a defect."""
    if RULES.setdefault(endpoint, who) != who:
        raise ValueError(f"two rules for {endpoint}")


def init_app(app: Flask) -> None:
    app.before_request(_guard)


def _guard() -> Response | None:
    """Before every request, whatever the view does."""
    if request.endpoint is None:
        return None  # no such address: the error page answers
    match RULES.get(request.endpoint):
        case Public():
            return None
        case Scopes(allowed):
            require(*allowed)
            return None
        case Roles(allowed):
            return _guard_person(allowed)
        case None:
            return answer(403, gettext("This is not for you."))


def _guard_person(allowed: frozenset[Role]) -> Response | None:
    if not current_user.is_authenticated:
        if wants_json():
            raise ApiError(401, gettext("Sign in first."))
        return redirect(url_for("account.sign_in", next=request.full_path.rstrip("?")), 303)
    g.user_language = current_user.locale
    if current_user.role not in allowed:
        refuse_and_record()
    return None


def refuse_and_record() -> None:
    """A look at what is somebody else's is refused and kept in the audit trail."""
    audit.record(actor(), "access.refused", request.endpoint)
    raise ApiError(403, gettext("This is somebody else's; you did nothing wrong. The attempt is recorded."))


def actor() -> Actor:
    """Whoever makes this request: the program with its token, or the person who signed in."""
    token = g.get("token")
    return token.actor if token is not None else Actor("user", str(current_user.id))


def sees(path: str) -> bool:
    """Whether a place lies in the part of the tree that this request may see."""
    token = g.get("token")
    return path.startswith(token.sees if token is not None else current_user.scope_path)


def visible_path() -> str:
    """The prefix of the paths that this request may see: the one filter of every list."""
    token = g.get("token")
    return str(token.sees if token is not None else current_user.scope_path)


def must_see(path: str) -> None:
    """Programs are told that there is no such thing, people that it is not theirs, and that is recorded."""
    if sees(path):
        return
    if g.get("token") is not None:
        raise NotFound
    refuse_and_record()
