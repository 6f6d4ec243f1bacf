from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from cem.domain.actors import Actor
from cem.engine.case_steps import Seen
from cem.extensions import db
from cem.models import Case, Feedback
from tests.surveys.stage import KIOSK, LINK, build, take_down
from tests.world import World


@dataclass(slots=True)
class Hall:
    """What a customer can do here, and what was stored of it.

    Nothing here stands in an application context between requests: each request must be one of its own.
    """

    world: World
    browser: FlaskClient

    @property
    def app(self) -> Flask:
        return self.world.app

    def tap(self, value: Any = 1, **more: Any) -> TestResponse:
        body = {"event_id": str(uuid4()), "value": value, "language": "zh-Hans"} | more
        return self.browser.post(f"/k/{KIOSK}/taps", json=body)

    def send(self, language: str = "en", **form: str) -> TestResponse:
        given = {"event_id": str(uuid4()), "language": language} | form
        return self.browser.post(f"/f/{LINK}?lang={language}", data=given)

    def confirm(self, code: str, solved: str, gesture: str = "") -> TestResponse:
        return self.browser.post(
            f"/t/{code}/confirmation?lang=en", data={"solved": solved, "gesture": gesture}
        )

    def stored(self) -> list[Feedback]:
        with self.app.app_context():
            return list(db.session.scalars(select(Feedback).order_by(Feedback.received_at)))

    def cases(self) -> list[Case]:
        with self.app.app_context():
            return list(db.session.scalars(select(Case).order_by(Case.number)))

    def count(self, model: type[Any]) -> int:
        with self.app.app_context():
            return db.session.scalar(select(func.count()).select_from(model)) or 0

    def actor(self, who: str) -> Actor:
        return self.world.actor(who)

    def seen(self, case: Case, who: str = "lin") -> Seen:
        return Seen(case.id, self.actor(who))


@pytest.fixture
def hall(database_url: str, tmp_path: Path) -> Iterator[Hall]:
    world = build(database_url, tmp_path)
    yield Hall(world, world.app.test_client())
    take_down(world.app)
