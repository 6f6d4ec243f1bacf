"""Calls of programs are spared what only browsers need.

Measured on an API call that stores a feedback: Flask-Limiter asks itself about every request, a quarter of
the call's time, though programs are counted elsewhere (`cem.http.calls`); reading and writing a cookie's
session that a bearer of a token never has is another twentieth.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from flask import Flask, Request, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface

PREFIX: Final = "/api/v1/"


def spare(app: Flask) -> None:
    """Called once, after the extensions have put their hooks into `app`."""
    app.session_interface = BrowserSessions()
    before, after = app.before_request_funcs[None], app.after_request_funcs[None]
    before[:] = [_before(hook) if _is_the_limiters(hook) else hook for hook in before]
    after[:] = [_after(hook) if _is_the_limiters(hook) else hook for hook in after]


class BrowserSessions(SecureCookieSessionInterface):
    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        if request.path.startswith(PREFIX):
            return self.make_null_session(app)
        return super().open_session(app, request)


def _is_the_limiters(hook: Any) -> bool:
    return str(getattr(hook, "func", hook).__module__).startswith("flask_limiter")


def _before(hook: Callable[[], Any]) -> Callable[[], Any]:
    return lambda: None if request.path.startswith(PREFIX) else hook()


def _after(hook: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda response: response if request.path.startswith(PREFIX) else hook(response)
