"""What commands need of the hub: its settings and its application."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from cem.commands import Trouble
from cem.settings import Settings, UnsafeSettings

if TYPE_CHECKING:
    from flask import Flask


def settings_here() -> Settings:
    """The settings of the environment. Raises `Trouble` where they are unsafe or make no sense."""
    try:
        return Settings.from_environ(os.environ)
    except UnsafeSettings as refusal:
        raise Trouble(str(refusal)) from refusal
    except OSError as error:
        raise Trouble(f"The instance folder cannot be used: {error}.") from error


def application(settings: Settings, *, serving: bool = True) -> Flask:
    """The application, for a command that may run beside a hub on the same database and clock."""
    from cem.app import create_app

    return create_app(settings, serving=serving)


@contextmanager
def opened() -> Iterator[Flask]:
    """The application without its pages, inside its context, in English, on a database that is up to date."""
    from flask_babel import force_locale
    from sqlalchemy.exc import OperationalError

    from cem import database
    from cem.extensions import db

    app = application(settings_here(), serving=False)
    try:
        database.upgrade(app)
        with app.app_context(), force_locale("en"):
            try:
                yield app
            finally:
                db.session.remove()
                for engine in db.engines.values():
                    engine.dispose()
    except OperationalError as error:
        reason = str(error.orig).strip().split("\n")[0]
        raise Trouble(f"The database does not answer ({reason}); see CEM_DATABASE_URL.") from error
