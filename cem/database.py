"""Where the database is and how its connections behave."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from flask import Flask
from sqlalchemy import Engine, text

from cem.extensions import READING, db, prepare_sqlite
from cem.settings import Settings

ROOT: Final = Path(__file__).resolve().parent.parent
STATIC: Final = Path(__file__).resolve().parent / "static"
MIGRATIONS: Final = Path(__file__).resolve().parent / "migrations"

_POOL: Final = {"pool_pre_ping": True, "pool_size": 20, "max_overflow": 20}


def flask_config(settings: Settings) -> dict[str, Any]:
    """What Flask and its extensions are told."""
    options: dict[str, Any] = {"url": settings.database_url} | ({} if settings.on_sqlite else _POOL)
    binds = {READING: {"url": settings.database_url}} if settings.on_sqlite else {}
    return {
        "SECRET_KEY": settings.secret_key,
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": {name: value for name, value in options.items() if name != "url"},
        "SQLALCHEMY_BINDS": binds,
        "SESSION_COOKIE_NAME": "answered",
        "SESSION_COOKIE_SECURE": settings.secure,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "REMEMBER_COOKIE_SECURE": settings.secure,
        "REMEMBER_COOKIE_HTTPONLY": True,
        "REMEMBER_COOKIE_SAMESITE": "Lax",
        "PERMANENT_SESSION_LIFETIME": 12 * 3600,
        "MAX_CONTENT_LENGTH": 17 * 1024 * 1024,
        "BABEL_TRANSLATION_DIRECTORIES": "translations",
        "WTF_CSRF_TIME_LIMIT": None,
        "WTF_CSRF_SSL_STRICT": settings.secure,
        "RATELIMIT_STORAGE_URI": "memory://",
        "RATELIMIT_HEADERS_ENABLED": True,
        "TEMPLATES_AUTO_RELOAD": False,
    }


def prepare(app: Flask, settings: Settings) -> None:
    """Set up the engines' connections; none is opened here."""
    if not settings.on_sqlite:
        return
    settings.instance.mkdir(parents=True, exist_ok=True)
    with app.app_context():
        prepare_sqlite(db.engines[None], reading=False)
        prepare_sqlite(db.engines[READING], reading=True)


def writing_engine(app: Flask) -> Engine:
    with app.app_context():
        return db.engines[None]


def answers() -> bool:
    """Whether the database can be read."""
    db.session.execute(text("SELECT 1"))
    return True


def upgrade(app: Flask) -> None:
    """Bring the database to the newest version. Processes that do so at once wait for one another."""
    from alembic import command

    from cem.extensions import migrate

    with app.app_context(), _alone(app.extensions["cem_settings"]):
        command.upgrade(migrate.get_config(), "head")


@contextmanager
def _alone(settings: Settings) -> Iterator[None]:
    """On SQLite a file's lock keeps others out (PostgreSQL has one of its own): a new database cannot be
    given its write-ahead log by two processes at once."""
    if not settings.on_sqlite:
        yield
        return
    path = Path(settings.database_url.removeprefix("sqlite:///"))
    with Path(f"{path}.migrating").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        path.touch(mode=0o600)  # customers' words are in it: a new one is its owner's alone, with its log
        yield
