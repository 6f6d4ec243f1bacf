"""Similar solved cases where people and programs meet them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from cem.domain.vocabulary import Scope
from cem.engine import triage
from cem.engine.meanings import Made
from nlp.similar import pack
from tests.engine.readings import findings
from tests.web.api_caller import caller
from tests.web.office import Office, opened

ROW = pack(np.array([1.0, 0.0], np.float32))


@pytest.fixture
def office(database_url: str, tmp_path: Path) -> Iterator[Office]:
    with opened(database_url, tmp_path) as office:
        yield office


def said(office: Office, text: str) -> int:
    number = office.say(text, (0, 3, "negative"))
    id = office.feedback_of(text)
    with office.inside():
        triage.apply([(id, findings())], meanings=Made("test/1", {id: ROW}))
    return number


def solved(office: Office, text: str) -> int:
    number, lin = said(office, text), office.desk("lin")
    lin.post(f"/desk/cases/{number}/acknowledgement")
    lin.post(f"/desk/cases/{number}/resolution", code="replaced", summary="New soup", reply="It is on us.")
    return number


def test_a_case_leads_to_solved_ones_and_their_reply_is_one_touch_away(office: Office) -> None:
    older, number = solved(office, "Cold soup"), said(office, "The soup was cold")
    lin, address = office.desk("lin"), f"/desk/cases/{number}/similar"
    assert f'data-lazy="{address}?v=' in lin.page(f"/desk/cases/{number}")
    assert "Cold soup" not in lin.page(f"/desk/cases/{number}"), "it is fetched apart"
    page = lin.page(address)
    assert "Nearly the same" in page and "Cold soup" in page and "It is on us." in page and "New soup" in page
    assert "Use this reply" not in page, "nobody has taken the case yet"
    lin.post(f"/desk/cases/{number}/acknowledgement")
    part = lin.get(address, headers={"X-Fragment": "1"})
    use = f"/desk/cases/{number}/resolution?like={older}"
    assert f'href="{use}"' in part.text and "<html" not in part.text
    form = lin.page(use)
    assert "It is on us.</textarea>" in form
    assert office.case(number).state.value == "acknowledged", "nothing was sent"


def test_nobody_looks_at_what_is_not_theirs(office: Office) -> None:
    older, number = solved(office, "Cold soup"), said(office, "The soup was cold")
    outsider = office.desk("outsider")
    assert outsider.get(f"/desk/cases/{number}/similar").status_code == 403
    assert "on us" not in outsider.get(f"/desk/cases/{number}/resolution?like={older}").text


def test_a_program_gets_them_with_what_was_done(office: Office) -> None:
    older, number = solved(office, "Cold soup, 13800138000"), said(office, "The soup was cold")
    id = office.case(number).id
    with office.inside():
        program, elsewhere = caller(office.app, Scope.READ), caller(office.app, Scope.READ, "group/west/")
    body = program.get(f"/cases/{id}/similar").json
    (one,) = body["items"]
    assert (one["number"], one["likeness"], one["text"]) == (older, "nearly_the_same", "Cold soup, •••")
    assert (one["resolution"], one["summary"], one["reply"]) == ("replaced", "New soup", "It is on us.")
    assert (one["customer"], body["why_none"]) == ("no_answer", None)
    assert elsewhere.get(f"/cases/{id}/similar").status_code == 404
    other = office.case(older).id
    assert program.get(f"/cases/{other}/similar").json["why_none"]["code"] == "similar_none_solved"
