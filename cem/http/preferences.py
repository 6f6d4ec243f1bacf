"""The language and the theme that a person chose, kept in cookies of their own."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Blueprint, abort, current_app, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from cem.http.i18n import COOKIE, LANGUAGES
from cem.http.pages import THEME_COOKIE, THEMES

preferences = Blueprint("preferences", __name__)
A_YEAR = 365 * 24 * 3600


@preferences.post("/preferences/language")
def choose_language() -> BaseResponse:
    return remember(_redirected(), COOKIE, request.form.get("language", ""), tuple(LANGUAGES))


@preferences.post("/preferences/theme")
def choose_theme() -> BaseResponse:
    return remember(_redirected(), THEME_COOKIE, request.form.get("theme", ""), THEMES)


def _redirected() -> BaseResponse:
    return redirect(local_address(request.form.get("next", "/")), 303)


def remember(response: BaseResponse, cookie: str, value: str, allowed: tuple[str, ...]) -> BaseResponse:
    """Let the browser keep a choice for a year; anything that is no choice is refused."""
    if value not in allowed:
        abort(400)
    secure = bool(current_app.config.get("SESSION_COOKIE_SECURE"))
    response.set_cookie(cookie, value, max_age=A_YEAR, secure=secure, httponly=True, samesite="Lax")
    return response


def local_address(address: str) -> str:
    """Only a path of our own: anything else goes home."""
    parts = urlsplit(address)
    ours = not parts.scheme and not parts.netloc and address.startswith("/") and "\\" not in address
    return address if ours and not address.startswith("//") else "/"
