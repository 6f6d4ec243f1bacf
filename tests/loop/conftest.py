"""The whole loop through HTTP alone: customers' pages, the desk, the API, and a clock that is pushed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from cem import clock
from tests.surveys.stage import KIOSK, LINK
from tests.web.api_caller import Caller, caller
from tests.web.office import Office, opened


@dataclass
class Loop:
    office: Office
    program: Caller
    begun: datetime

    # -- the customer

    def tap(self, value: int = 1) -> dict[str, Any]:
        """One touch on the kiosk: the id and the tracking code."""
        body = {"event_id": str(uuid4()), "value": value, "language": "zh-Hans"}
        answer = self.office.stranger().post(f"/k/{KIOSK}/taps", json=body)
        assert answer.status_code == 201, answer.text
        return dict(answer.json)

    def write(self, text: str, rating: int | None = None, **form: str) -> str:
        """The link page, sent; the tracking code that it gives."""
        given = {"event_id": str(uuid4()), "language": "en", "text": text} | form
        given |= {"rating": str(rating)} if rating is not None else {}
        answer = self.office.stranger().post(f"/f/{LINK}?lang=en", data=given)
        assert answer.status_code == 303, answer.text
        return re.search(r"/thanks/([0-9A-Z-]+)", answer.location)[1]  # type: ignore[index]

    def status_page(self, code: str) -> str:
        answer = self.office.stranger().get(f"/t/{code}?lang=en")
        assert answer.status_code == 200
        return answer.text

    def answers(self, code: str, solved: str) -> None:
        """The customer's own touch on the status page."""
        gesture = re.search(r'data-gesture="([^"]+)"', self.status_page(code))
        assert gesture, "the page asks nothing"
        form = {"solved": solved, "gesture": gesture[1]}
        assert self.office.stranger().post(f"/t/{code}/confirmation", data=form).status_code == 303

    # -- time

    def passes(self, **by: float) -> None:
        self.office.pass_time(**by)

    def settles(self) -> None:
        """What is due at this instant happens: the workers of this test are not other processes."""
        with self.office.inside():
            self.office.world.settle()

    # -- what the hub says

    def feedback(self, id: str) -> dict[str, Any]:
        return dict(self.program.get(f"/feedback/{id}").json)

    def case(self, id: str) -> dict[str, Any]:
        answer = self.program.get(f"/cases/{id}")
        assert answer.status_code == 200, answer.text
        return dict(answer.json)

    def case_of(self, tap: dict[str, Any]) -> dict[str, Any]:
        return self.case(self.feedback(tap["id"])["case_id"])

    def cases(self) -> list[dict[str, Any]]:
        return list(self.program.get("/cases").json["items"])

    def ledger(self) -> dict[str, Any]:
        return dict(self.program.get("/ledger").json)

    def told(self, *kinds: str) -> list[tuple[float, str, str]]:
        """Minutes since the beginning, to whom, what kind: of everything that was sent."""
        items = self.program.get("/sandbox/deliveries").json["items"]
        return [
            (self.minutes(item["at"]), item["to"], item["kind"])
            for item in items
            if item["state"] == "sent" and (not kinds or item["kind"] in kinds)
        ]

    def minutes(self, at: str) -> float:
        return round((datetime.fromisoformat(at) - self.begun) / timedelta(minutes=1), 2)


@pytest.fixture
def loop(database_url: str, tmp_path: Path) -> Iterator[Loop]:
    with opened(database_url, tmp_path) as office:
        with office.inside():
            program = caller(office.app)
        yield Loop(office, program, clock.now())
