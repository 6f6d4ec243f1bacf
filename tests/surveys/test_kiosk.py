"""A kiosk: one touch, one row, whatever the network does."""

from __future__ import annotations

from uuid import uuid4

import pytest

from tests.surveys.conftest import Hall
from tests.surveys.stage import KIOSK


def test_a_touch_is_stored_with_its_place_its_question_and_its_language(hall: Hall) -> None:
    answer = hall.tap(5, occurred_at="2025-11-22T10:00:00+08:00", sequence=7, language="zh-Hant")
    assert answer.status_code == 201
    (feedback,) = hall.stored()
    assert answer.json is not None
    assert answer.json["tracking_code"] == feedback.tracking_code
    assert answer.json["status_url"].endswith(f"/t/{feedback.tracking_code}")
    assert (feedback.channel, feedback.rating_value, feedback.language) == ("kiosk", 5, "zh-Hant")
    assert feedback.occurred_at.isoformat() == "2025-11-22T02:00:00+00:00"
    assert feedback.attributes == {"sequence": 7}
    assert feedback.touchpoint_id and feedback.survey_version_id


def test_the_same_touch_sent_twice_is_one(hall: Hall) -> None:
    event = str(uuid4())
    first, second = hall.tap(1, event_id=event), hall.tap(1, event_id=event)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json == second.json
    assert len(hall.stored()) == 1


def test_an_event_id_used_for_another_touch_is_refused(hall: Hall) -> None:
    event = str(uuid4())
    assert hall.tap(1, event_id=event).status_code == 201
    assert hall.tap(2, event_id=event).status_code == 409
    assert len(hall.stored()) == 1


def test_a_very_bad_touch_opens_a_case_for_the_manager_on_duty(hall: Hall) -> None:
    hall.tap(1)
    (case,) = hall.cases()
    assert str(case.owner_id) in {hall.actor(who).id for who in ("lin", "zhou")}
    assert case.state == "open"


def test_a_good_touch_opens_none(hall: Hall) -> None:
    hall.tap(5)
    assert hall.cases() == []


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"value": 6}, "value"),
        ({"value": 0}, "value"),
        ({"value": True}, "value"),
        ({"value": "1"}, "value"),
        ({"value": None}, "value"),
        ({"event_id": "twice"}, "event_id"),
        ({"event_id": None}, "event_id"),
        ({"occurred_at": "yesterday"}, "occurred_at"),
        ({"occurred_at": "2025-11-22T10:00:00"}, "occurred_at"),
        ({"occurred_at": "2999-01-01T00:00:00Z"}, "occurred_at"),
        ({"sequence": 1.5}, "sequence"),
        ({"language": ["en"]}, "language"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_touch_that_makes_no_sense_is_refused_by_the_name_of_its_field(
    hall: Hall, wrong: dict[str, object], field: str
) -> None:
    answer = hall.tap(**{"value": 3} | wrong)
    assert answer.status_code == 422
    assert answer.json is not None
    assert list(answer.json["error"]["fields"]) == [field]
    assert hall.stored() == []


@pytest.mark.parametrize("body", ["[]", "null", "7", '"tap"'])
def test_a_body_that_is_no_object_is_refused(hall: Hall, body: str) -> None:
    answer = hall.browser.post(f"/k/{KIOSK}/taps", data=body, content_type="application/json")
    assert answer.status_code == 422


def test_a_body_that_is_no_json_is_refused(hall: Hall) -> None:
    answer = hall.browser.post(f"/k/{KIOSK}/taps", data=b"\xff{", content_type="application/json")
    assert answer.status_code == 400


def test_a_body_of_more_than_a_mebibyte_is_refused(hall: Hall) -> None:
    answer = hall.tap(3, language="x" * 1024 * 1024)
    assert answer.status_code == 413


def test_an_unknown_kiosk_is_nowhere(hall: Hall) -> None:
    assert hall.browser.get("/k/nobody").status_code == 404
    assert hall.browser.post("/k/nobody/taps", json={}).status_code == 404


def test_the_page_holds_all_three_languages_and_shows_the_one_asked_for(hall: Hall) -> None:
    page = hall.browser.get(f"/k/{KIOSK}?lang=zh-Hant").text
    assert '<html lang="zh-Hant"' in page
    for words in ("很不满意", "很不滿意", "Very poor"):
        assert words in page
    assert page.count('data-panel="zh-Hant">') == 1
    assert page.count("hidden>\n<header") == 2


def test_without_script_the_five_buttons_are_a_form_that_thanks_and_goes_back(hall: Hall) -> None:
    form = {"event_id": str(uuid4()), "value": "1", "language": "zh-Hans"}
    answer = hall.browser.post(f"/k/{KIOSK}/taps", data=form)
    assert answer.status_code == 303
    thanks = hall.browser.get(answer.location).text
    assert "谢谢" in thanks and 'http-equiv="refresh"' in thanks
    hall.browser.post(f"/k/{KIOSK}/taps", data=form)
    assert len(hall.stored()) == 1


def test_a_kiosk_that_sends_more_than_its_share_is_told_to_wait(hall: Hall) -> None:
    codes = {hall.tap(5).status_code for _ in range(121)}
    assert codes == {201, 429}
