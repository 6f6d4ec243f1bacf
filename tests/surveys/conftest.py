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

from cem.extensions import READING, db, limiter
from cem.models import Case, Feedback
from tests.surveys.stage import KIOSK, LINK, Cast, build


@dataclass(slots=True)
class Hall:
    """What a customer can do here, and what was stored of it."""

    app: Flask
    cast: Cast
    browser: FlaskClient

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


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Hall]:
    app, cast = build(tmp_path)
    yield Hall(app, cast, app.test_client())
    app.extensions["intake"].drain()
    with app.app_context():
        limiter.reset()
        for engine in (db.engines[None], db.engines[READING]):
            engine.dispose()
