"""“New this week” on the executives' page: every number opens its texts, and one touch hides a phrase."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from cem.domain.vocabulary import Scope
from cem.engine import emerging
from tests.engine.test_what_is_new import ROBOT, ordinary, write
from tests.web.api_caller import caller
from tests.web.office import Office, opened


@pytest.fixture
def office(database_url: str, tmp_path: Path) -> Iterator[Office]:
    with opened(database_url, tmp_path) as office:
        yield office


def look(office: Office) -> None:
    with office.inside():
        ordinary(office.world)
        write(office.world, ROBOT[:6])
        write(office.world, ROBOT[6:], "soho")
        emerging.look()


def test_before_the_first_look_it_says_what_will_stand_there(office: Office) -> None:
    page = office.desk("fallback").page("/executive")
    assert "New this week" in page and "Every night the words of the last seven days are compared" in page


def test_a_phrase_leads_to_the_texts_behind_it(office: Office) -> None:
    look(office)
    reader = office.desk("fallback")
    page = reader.page("/executive")
    found = re.search(r'<data value="8" data-n="200"><a href="([^"]+)">8</a>', page)
    assert found and "送餐機器人" in page and "2 sites" in page
    items = reader.page(found[1])
    assert "8 feedbacks" in items and all(text in items for text in ROBOT)
    assert "“送餐機器人”" in items, "the chip takes the filter away"


def test_one_touch_hides_it_and_another_takes_that_back(office: Office) -> None:
    look(office)
    reader = office.desk("fallback")
    action = re.search(r'action="(/executive/phrases/[^"]+)"', reader.page("/executive"))
    assert action
    answer = reader.post(action[1], what="hide", site="group", period="week")
    assert answer.status_code == 303
    page = reader.page(answer.location)
    assert "“送餐機器人” is no topic any more." in page and "1 hidden phrase" in page
    assert "Nobody writes about anything new" in page
    reader.post(action[1], what="show")
    assert '<data value="8"' in reader.page("/executive")
    assert reader.post(action[1], what="nonsense").status_code == 422


def test_a_manager_sees_their_own_part_and_hides_nothing(office: Office) -> None:
    look(office)
    page = office.desk("lin").page("/executive")
    assert '<data value="6" data-n="198">' in page and "Not a topic" not in page
    assert "those of all places" in page
    action = re.search(r"phrase=([0-9a-f-]+)", page)
    assert action
    assert office.desk("lin").post(f"/executive/phrases/{action[1]}", what="hide").status_code == 403
    assert "6 feedbacks" in office.desk("lin").page(f"/executive/feedback?site=bund&phrase={action[1]}")


def test_an_unknown_phrase_is_not_found_and_nonsense_is_refused(office: Office) -> None:
    nobody = "01a20621-ad00-7074-9117-d47063c03c31"
    reader = office.desk("fallback")
    assert reader.get(f"/executive/feedback?phrase={nobody}").status_code == 404
    assert reader.get("/executive/feedback?phrase=robot").status_code == 400
    assert reader.post(f"/executive/phrases/{nobody}", what="hide").status_code == 404


def test_programs_are_told_with_the_evidence_of_their_own_places(office: Office) -> None:
    with office.inside():
        whole = caller(office.app, Scope.READ)
        part = caller(office.app, Scope.READ, "group/west/")
    assert whole.get("/topics/emerging").json == {"as_of": None, "from": None, "texts": 0, "items": []}
    look(office)
    found = whole.get("/topics/emerging").json
    (item,) = found["items"]
    assert (item["phrase"], item["n"], item["of"], item["before"]) == ("送餐機器人", 8, 200, 0)
    assert item["sites"] == {"bund": 6, "soho": 2} and len(item["feedback"]) == 8
    assert item["weeks"] == [0] * 8 + [8] and len(item["examples"]) == 3 and item["p_value"] < 1e-5
    (item,) = part.get("/topics/emerging").json["items"]
    assert (item["n"], item["of"], item["sites"], len(item["feedback"])) == (2, 2, {"soho": 2}, 2)
    assert [each["n"] for each in whole.get("/topics/emerging", site="bund").json["items"]] == [6]
    assert part.get("/topics/emerging", site="bund").status_code == 422
