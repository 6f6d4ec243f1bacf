"""The form behind a link: a rating, words, and a contact only with consent."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from sqlalchemy import select

from cem.extensions import db
from cem.models import Customer
from tests.surveys.conftest import Hall
from tests.surveys.stage import LINK


def _only_customer(hall: Hall) -> Customer:
    with hall.app.app_context():
        return db.session.scalars(select(Customer)).one()


def test_consent_is_never_ticked_beforehand(hall: Hall) -> None:
    page = hall.browser.get(f"/f/{LINK}").text
    box = re.search(r'<input type="checkbox"[^>]*>', page)
    assert box and "checked" not in box[0]


def test_an_answer_gives_a_code_that_opens_its_page(hall: Hall) -> None:
    answer = hall.send(rating="3", text="Great fish but the waiter ignored us")
    assert answer.status_code == 303
    (feedback,) = hall.stored()
    thanks = hall.browser.get(answer.location).text
    assert feedback.tracking_code in thanks
    page = hall.browser.get(f"/t/{feedback.tracking_code.lower().replace('-', '')}?lang=en")
    assert page.status_code == 200
    assert "Great fish but the waiter ignored us" in page.text


def test_pressing_twice_is_one_answer_with_one_code(hall: Hall) -> None:
    event = str(uuid4())
    places = {hall.send(event_id=event, rating="9", text="lovely").location for _ in range(2)}
    assert len(places) == 1
    assert len(hall.stored()) == 1


def test_other_words_under_a_used_event_id_are_asked_about_not_lost(hall: Hall) -> None:
    event = str(uuid4())
    hall.send(event_id=event, rating="9", text="lovely")
    again = hall.send(event_id=event, rating="2", text="but slow")
    assert again.status_code == 409
    assert "but slow" in again.text
    assert event not in again.text
    assert len(hall.stored()) == 1


def test_a_contact_is_kept_only_with_consent(hall: Hall) -> None:
    without = hall.send(rating="2", contact="mia@example.org")
    assert without.status_code == 422
    assert 'href="#consent"' in without.text and "mia@example.org" in without.text
    assert hall.count(Customer) == 0
    hall.send(rating="2", contact="mia@example.org", consent="yes")
    customer = _only_customer(hall)
    assert (customer.email, customer.contact_consent) == ("mia@example.org", True)


def test_a_phone_number_may_be_written_as_people_write_it(hall: Hall) -> None:
    hall.send(rating="2", contact="138 0013-2203", consent="yes")
    assert _only_customer(hall).phone == "13800132203"


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({}, "rating"),
        ({"rating": "", "text": "  \r\n "}, "rating"),
        ({"rating": "11"}, "rating"),
        ({"rating": "-1"}, "rating"),
        ({"rating": "٣"}, "rating"),
        ({"rating": "1", "contact": "over there", "consent": "yes"}, "contact"),
        ({"rating": "1", "consent": "yes"}, "contact"),
        ({"rating": "1", "text": "NUL \0"}, "text"),
        ({"rating": "1", "event_id": "1"}, "event_id"),
    ],
)
def test_what_is_missing_stands_on_top_and_at_its_field_and_nothing_is_stored(
    hall: Hall, form: dict[str, str], field: str
) -> None:
    answer = hall.send(**form)
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert hall.stored() == []


def test_a_text_that_is_too_long_is_kept_in_the_form(hall: Hall) -> None:
    answer = hall.send(rating="1", text="长" * 20_001)
    assert answer.status_code == 413
    assert "长" * 20_001 in answer.text


def test_words_are_stored_as_said_and_shown_as_text(hall: Hall) -> None:
    said = '<script>alert("x")</script> =1+1 \u202eright to left 👩‍👩‍👧 e\u0301'
    answer = hall.send(text=said)
    (feedback,) = hall.stored()
    assert feedback.text == said
    page = hall.browser.get(f"/t/{feedback.tracking_code}").text
    assert "<script>alert" not in page and "&lt;script&gt;" in page
    assert answer.status_code == 303


@pytest.mark.parametrize(
    ("language", "words"), [("zh-Hans", "交给值班经理"), ("zh-Hant", "交給值班經理"), ("en", "duty manager")]
)
def test_the_page_speaks_the_customers_language(hall: Hall, language: str, words: str) -> None:
    assert words in hall.browser.get(f"/f/{LINK}?lang={language}").text
    by_browser = {"zh-Hans": "zh-CN", "zh-Hant": "zh-HK,zh;q=0.9", "en": "en-GB"}[language]
    page = hall.browser.get(f"/f/{LINK}", headers={"Accept-Language": by_browser}).text
    assert words in page and f'<html lang="{language}"' in page


def test_nothing_of_a_customers_page_is_kept_or_passed_on(hall: Hall) -> None:
    headers = hall.browser.get(f"/f/{LINK}").headers
    assert headers["Cache-Control"] == "no-store"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert "noindex" in headers["X-Robots-Tag"]


def test_more_than_sixty_pages_a_minute_from_one_address_are_too_many(hall: Hall) -> None:
    codes = [hall.browser.get("/t/AAAA-BBBB-CCCC").status_code for _ in range(61)]
    assert codes[0] == 404 and codes[-1] == 429
