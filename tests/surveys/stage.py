"""The small company with a kiosk and a link at a table of its own."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

from flask import Flask
from sqlalchemy import Connection, insert

from cem import clock
from cem.app import create_app
from cem.demo import content
from cem.engine import organisation, transaction
from cem.extensions import db, limiter
from cem.ids import new_id
from cem.models import PublicLink, Survey, SurveyVersion, Touchpoint
from tests import world as worlds
from tests.world import World

KIOSK, LINK = "kiosk-token", "link-token"
DOORS = (("kiosk", KIOSK, "kiosk-meal"), ("link", LINK, "link-meal"))
TABLE = {"zh-Hans": "12 号桌", "zh-Hant": "12 號桌", "en": "Table 12"}


def build(database_url: str, folder: Path) -> World:
    """The whole application on a database of its own; its clock runs."""
    transaction._listeners.clear()
    app = create_app(worlds.settings_for(folder / "instance", database_url))
    with app.app_context():
        world = worlds.build(app)
        with db.engines[None].begin() as connection:
            table = _table(connection, world.places["bund"])
            for kind, token, survey in DOORS:
                _door(connection, kind, token, survey, table)
        organisation.forget()
    return world


def take_down(app: Flask) -> None:
    app.extensions["cem_intake"].drain()
    with app.app_context():
        limiter.reset()
        db.session.remove()
        for engine in db.engines.values():
            engine.dispose()
    clock.unshare()


def _table(connection: Connection, branch: UUID) -> UUID:
    id = new_id(clock.now())
    row = {"id": id, "site_id": branch, "code": "t12", "kind": "table", "name": TABLE}
    connection.execute(insert(Touchpoint), [row])
    return id


def _door(connection: Connection, kind: str, token: str, code: str, table: UUID) -> None:
    """A public address that asks the demo company's survey."""
    now = clock.now()
    survey, version, door = (new_id(now) for _ in range(3))
    document: dict[str, Any] = next(each for each in content.survey_documents() if each["code"] == code)
    connection.execute(insert(Survey), [{"id": survey, "code": code, "name": document["name"]}])
    asked = {"survey_id": survey, "version": 1, "definition": document["definition"]}
    connection.execute(insert(SurveyVersion), [asked | {"id": version, "published_at": now}])
    row = {"id": door, "token": token, "kind": kind, "touchpoint_id": table, "survey_id": survey}
    connection.execute(insert(PublicLink), [row | {"created_at": now}])
