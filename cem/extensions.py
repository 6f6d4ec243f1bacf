"""Flask's extensions, unbound."""

from __future__ import annotations

from typing import Any

from flask_babel import Babel
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import LoginManager
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session
from flask_wtf.csrf import CSRFProtect
from sqlalchemy import Connection, Engine, MetaData, event
from sqlalchemy.orm import DeclarativeBase

from cem.sqlite_turns import WritingConnection

READING = "reading"
"""The bind of requests that only read (SQLite: a plain BEGIN on a connection that cannot write)."""

_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=_NAMES)


class RoutedSession(Session):
    """Reads through the reading engine, writes through the other: `engine.transaction` says which."""

    def get_bind(self, *args: Any, **kwargs: Any) -> Engine | Connection:
        engines = self._db.engines
        if self.info.get("writing") or READING not in engines:
            return engines[None]
        return engines[READING]


db = SQLAlchemy(model_class=Base, session_options={"class_": RoutedSession})
migrate = Migrate(render_as_batch=True)
babel = Babel()
csrf = CSRFProtect()
login = LoginManager()
limiter = Limiter(get_remote_address, default_limits=[])


def prepare_sqlite(engine: Engine, *, reading: bool) -> None:
    """Durable, enforced and honest about locks: a writer takes the lock when it begins, or waits for it."""

    @event.listens_for(engine, "do_connect")
    def _kind(_dialect: Any, _record: Any, _args: Any, options: dict[str, Any]) -> None:
        if not reading:
            options["factory"] = WritingConnection

    @event.listens_for(engine, "connect")
    def _pragmas(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        for pragma in (
            "busy_timeout=15000",
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "temp_store=MEMORY",
        ):
            connection.execute(f"PRAGMA {pragma}")
        if reading:
            connection.execute("PRAGMA query_only=ON")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        if not reading:
            connection.connection.dbapi_connection.wait()  # type: ignore[union-attr]
        connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")
