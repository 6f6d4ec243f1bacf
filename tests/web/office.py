"""The staff's pages as people use them: signed in, with real tokens against forgery, on a standing clock."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, insert, select, update
from werkzeug.test import TestResponse

from cem import clock
from cem.engine import triage
from cem.engine.intake_lookup import Receipt
from cem.extensions import db
from cem.http import sign_in
from cem.models import AuditRow, Case, Customer, LedgerEntry, User
from tests import world as worlds
from tests.surveys.stage import build, take_down
from tests.web.readings import reading
from tests.world import World

PASSWORD = "a long enough one"
_hash: list[str] = []


@dataclass(slots=True)
class Desk:
    """One person's browser."""

    browser: FlaskClient
    token: str = ""

    def get(self, address: str, **more: Any) -> TestResponse:
        return self.browser.get(address, **more)

    def page(self, address: str) -> str:
        """The page as it can be read: every character for itself."""
        answer = self.browser.get(address)
        assert answer.status_code == 200, answer.status
        return html.unescape(answer.text)

    def post(self, address: str, **form: Any) -> TestResponse:
        if not self.token:
            found = re.search(r'name="csrf_token" value="([^"]+)"', self.browser.get("/me").text)
            assert found
            self.token = found[1]
        return self.browser.post(address, data={"csrf_token": self.token, **form})


@dataclass(slots=True)
class Office:
    """Nothing here stands in an application context between requests: each request must be one of its own."""

    world: World
    desks: dict[str, Desk] = field(default_factory=dict)

    @property
    def app(self) -> Flask:
        return self.world.app

    def stranger(self) -> FlaskClient:
        return self.app.test_client()

    def desk(self, who: str) -> Desk:
        """The browser in which `who` has signed in, in English."""
        if who not in self.desks:
            browser = self.app.test_client()
            with self.inside(), browser.session_transaction() as session:
                person = sign_in._find(User.username == who)
                assert person is not None
                session["_user_id"] = person[0].get_id()
            browser.set_cookie("language", "en")
            self.desks[who] = Desk(browser)
        return self.desks[who]

    def give_passwords(self) -> None:
        """Everybody signs in with the same one."""
        _hash[:] = _hash or [sign_in.hash_password(PASSWORD)]
        self.change_user(None, password_hash=_hash[0])

    def change_user(self, who: str | None, **values: Any) -> None:
        statement = update(User).values(**values)
        with self.inside(), db.engines[None].begin() as connection:
            connection.execute(statement.where(User.username == who) if who else statement)

    def tap(self, value: int = 1, **more: Any) -> int:
        """Somebody touches a face; the number of the case, or 0."""
        with self.inside():
            receipt = self.world.tap(value, **more)
            self.world.settle()
            return self._number(receipt)

    def say(self, text: str, *spans: tuple[int, int, str], **more: Any) -> int:
        """Somebody writes, and it is understood like this; the number of the case, or 0."""
        with self.inside():
            receipt = self.world.say(text, **more)
            self.world.settle()
            triage.apply([(receipt.feedback_id, reading(*spans))])
            self.world.settle()
            return self._number(receipt)

    def feedback_of(self, receipt_text: str) -> UUID:
        from cem.models import Feedback

        with self.inside():
            return db.session.scalars(select(Feedback.id).where(Feedback.text == receipt_text)).one()

    def pass_time(self, **by: float) -> None:
        with self.inside():
            self.world.fast_forward(**by)

    def case(self, number: int) -> Case:
        with self.inside():
            return db.session.scalars(select(Case).where(Case.number == number)).one()

    def owner(self, number: int) -> str:
        id = self.case(number).owner_id
        return next(name for name, person in self.world.people.items() if person == id)

    def customer(self, external_id: str, **values: Any) -> None:
        row = {"id": worlds.new_id(clock.now()), "external_id": external_id, "created_at": clock.now()}
        with self.inside(), db.engines[None].begin() as connection:
            connection.execute(insert(Customer), [row | {"tier": "a"} | values])

    def audited(self, action: str) -> list[AuditRow]:
        with self.inside():
            return list(db.session.scalars(select(AuditRow).where(AuditRow.action == action)))

    @contextmanager
    def inside(self) -> Iterator[None]:
        with self.app.app_context():
            yield

    @contextmanager
    def questions(self) -> Iterator[list[str]]:
        """What the database is asked meanwhile."""
        asked: list[str] = []

        def note(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
            asked.append(statement)

        with self.inside():
            engines = list(db.engines.values())
        for engine in engines:
            event.listen(engine, "before_cursor_execute", note)
        yield asked
        for engine in engines:
            event.remove(engine, "before_cursor_execute", note)

    def _number(self, receipt: Receipt) -> int:
        db.session.rollback()
        case_id = db.session.get_one(LedgerEntry, receipt.feedback_id).case_id
        return db.session.get_one(Case, case_id).number if case_id else 0


@contextmanager
def opened(database_url: str, folder: Path) -> Iterator[Office]:
    world = build(database_url, folder)
    clock.stand_at(worlds.MONDAY)
    yield Office(world)
    take_down(world.app)
