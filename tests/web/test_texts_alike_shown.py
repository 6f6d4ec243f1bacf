"""Texts that are almost the same, from the customers' page to the mark that a person takes away."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from cem.domain.vocabulary import Scope
from tests.conftest import Databases
from tests.nlp.alike import ONE_DISH, PARAPHRASES
from tests.surveys.stage import LINK
from tests.web.api_caller import Caller, caller
from tests.web.office import Office, opened
from workers import queue_server

MARK, LINE = "Almost the same words, several times", "3 texts almost alike from one address within 1 hour"


@pytest.fixture
def office(databases: Databases, tmp_path: Path) -> Iterator[Office]:
    with (
        opened(databases.sqlite(tmp_path), tmp_path) as office,
        queue_server.running(office.app.extensions["cem_settings"].instance),
    ):
        yield office


def write(office: Office, text: str, address: str) -> None:
    given = {"event_id": str(uuid4()), "text": text, "language": "zh-Hans"}
    sent = office.stranger().post(f"/f/{LINK}", data=given, environ_base={"REMOTE_ADDR": address})
    assert sent.status_code == 303


def flags(program: Caller, id: UUID) -> list[str]:
    body: Any = program.get(f"/feedback/{id}").json
    return list(body["flags"])


def test_one_address_that_says_the_same_three_times_is_marked_until_a_person_parts_it(office: Office) -> None:
    same = (PARAPHRASES[0], PARAPHRASES[6], PARAPHRASES[7])
    for text in same:
        write(office, text, "203.0.113.7")
    for place, text in enumerate((*ONE_DISH[:3], PARAPHRASES[1], PARAPHRASES[3])):
        write(office, text, f"203.0.113.{20 + place}")
    with office.inside():
        office.world.settle()
        program = caller(office.app, Scope.READ)
    ids = [office.feedback_of(text) for text in same]
    assert [flags(program, id) for id in ids] == [["texts_alike"]] * 3
    assert flags(program, office.feedback_of(PARAPHRASES[1])) == []
    lin = office.desk("lin")
    page = lin.get(f"/desk/feedback/{ids[0]}", follow_redirects=True).text
    assert MARK in page and LINE in page
    address = re.findall(r"/desk/alike/[0-9a-f-]+", page)[0]
    listed = lin.page(address)
    assert all(text in listed.replace('<em class="bad">', "").replace("</em>", "") for text in same)
    assert ONE_DISH[0] not in listed
    assert office.desk("outsider").get(address).status_code == 404
    assert lin.post(address).status_code == 303
    assert lin.get(address).status_code == 404
    assert MARK not in lin.get(f"/desk/feedback/{ids[0]}", follow_redirects=True).text
    assert flags(program, ids[0]) == []
