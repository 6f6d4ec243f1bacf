"""The status page: where it stands, what we wrote, and the answer that is the customer's alone."""

from __future__ import annotations

import re

import pytest

from cem.domain.vocabulary import Outcome, ResolutionCode, Via
from cem.engine import case_endings, cases, replies
from cem.engine.case_endings import Resolution
from cem.models import Case, CaseEvent
from tests.surveys.conftest import Hall


def _complain(hall: Hall) -> tuple[str, Case]:
    hall.send(rating="0", text="The waiter ignored us")
    (feedback,), (case,) = hall.stored(), hall.cases()
    return feedback.tracking_code, case


def _resolve(hall: Hall, case: Case) -> None:
    with hall.app.app_context():
        cases.acknowledge(hall.seen(case))
        done = Resolution(
            ResolutionCode.REFUNDED, "internal summary", reply="You are right.\n\nIt is refunded."
        )
        case_endings.resolve(hall.seen(case), done)


def _page(hall: Hall, code: str) -> str:
    return hall.browser.get(f"/t/{code}?lang=en").text


def _gesture(hall: Hall, code: str) -> str:
    found = re.search(r'data-gesture="([^"]+)"', _page(hall, code))
    assert found
    return found[1]


def test_an_unknown_code_opens_nothing(hall: Hall) -> None:
    assert hall.browser.get("/t/0000-0000-0000").status_code == 404


def test_before_anybody_took_it_the_page_says_so_and_what_comes_next(hall: Hall) -> None:
    page = _page(hall, _complain(hall)[0])
    assert "seal--owed" in page
    assert "The duty manager has been told" in page
    assert "the next person is told" in page and "By then somebody gets back to you" in page
    assert 'name="solved"' not in page


def test_a_named_person_who_took_it_is_shown_in_jade(hall: Hall) -> None:
    code, case = _complain(hall)
    with hall.app.app_context():
        cases.acknowledge(hall.seen(case))
    page = _page(hall, code)
    assert "seal--personal" in page and "林知夏 has taken it and gets back to you" in page


def test_our_notes_never_reach_the_customer(hall: Hall) -> None:
    code, case = _complain(hall)
    with hall.app.app_context():
        cases.note(hall.seen(case), "difficult guest")
        cases.contact(hall.seen(case), Via.PHONE, "shouted at me", Outcome.REACHED)
    page = _page(hall, code)
    assert "difficult guest" not in page and "shouted" not in page
    assert "spoke with you on the phone" in page


def test_the_reply_is_read_with_the_name_of_its_writer(hall: Hall) -> None:
    code, case = _complain(hall)
    _resolve(hall, case)
    page = _page(hall, code)
    assert "You are right." in page and "It is refunded." in page and "<footer>林知夏</footer>" in page
    assert "internal summary" not in page
    assert "Answered, waiting for your word" in page


def test_both_answers_weigh_the_same(hall: Hall) -> None:
    code, case = _complain(hall)
    _resolve(hall, case)
    buttons = re.findall(r'<button class="([^"]+)" name="solved"', _page(hall, code))
    assert buttons == ["btn", "btn"]


def test_solved_by_hand_closes_the_case(hall: Hall) -> None:
    code, case = _complain(hall)
    _resolve(hall, case)
    assert hall.confirm(code, "yes", _gesture(hall, code)).status_code == 303
    assert hall.cases()[0].state == "closed"
    assert "Solved, as you said" in _page(hall, code)


def test_not_solved_by_hand_opens_it_again_one_level_up(hall: Hall) -> None:
    code, case = _complain(hall)
    _resolve(hall, case)
    before = hall.cases()[0].step
    hall.confirm(code, "no", _gesture(hall, code))
    case = hall.cases()[0]
    assert (case.state, case.step) == ("open", before + 1)
    page = _page(hall, code)
    assert "You said: not yet" in page and "The next person up was told" in page
    assert "Nobody had taken it" not in page, "somebody had"


@pytest.mark.parametrize("solved", ["yes", "no"])
def test_a_mail_scanner_that_presses_the_button_changes_nothing(hall: Hall, solved: str) -> None:
    code, case = _complain(hall)
    _resolve(hall, case)
    events = hall.count(CaseEvent)
    answer = hall.confirm(code, solved)
    assert answer.status_code == 200 and "One more touch" in answer.text
    assert hall.cases()[0].state == "resolved" and hall.count(CaseEvent) == events


def test_without_script_the_second_touch_counts(hall: Hall) -> None:
    code, case = _complain(hall)
    _resolve(hall, case)
    again = re.search(r'name="gesture" value="([^"]+)"', hall.confirm(code, "yes").text)
    assert again
    hall.confirm(code, "yes", again[1])
    assert hall.cases()[0].state == "closed"


def test_the_gesture_of_another_page_does_not_count(hall: Hall) -> None:
    code, case = _complain(hall)
    _resolve(hall, case)
    stranger = _gesture(hall, code)
    hall.send(rating="0", text="another")
    other = next(each for each in hall.stored() if each.tracking_code != code)
    answer = hall.confirm(other.tracking_code, "no", stranger)
    assert "One more touch" in answer.text


def test_saying_it_twice_says_it_once(hall: Hall) -> None:
    code, case = _complain(hall)
    _resolve(hall, case)
    gesture = _gesture(hall, code)
    assert [hall.confirm(code, "yes", gesture).status_code for _ in range(2)] == [303, 303]
    assert hall.cases()[0].state == "closed"


def test_looking_never_writes(hall: Hall) -> None:
    code, case = _complain(hall)
    _resolve(hall, case)
    events = hall.count(CaseEvent)
    for _ in range(3):
        hall.browser.get(f"/t/{code}?solved=yes")
        hall.browser.head(f"/t/{code}")
    assert hall.browser.get(f"/t/{code}/confirmation?solved=yes").status_code == 405
    assert hall.count(CaseEvent) == events


def test_a_closed_case_can_still_be_said_not_to_be_solved(hall: Hall) -> None:
    code, case = _complain(hall)
    _resolve(hall, case)
    with hall.app.app_context():
        case_endings.close(hall.seen(case))
    page = _page(hall, code)
    assert page.count('name="solved"') == 1
    hall.confirm(code, "no", _gesture(hall, code))
    assert hall.cases()[0].state == "open"


def test_praise_without_a_case_shows_the_answer_that_is_owed(hall: Hall) -> None:
    hall.send(rating="10", text="Lovely fish")
    (feedback,) = hall.stored()
    assert "By then you have an answer" in _page(hall, feedback.tracking_code)
    with hall.app.app_context():
        replies.reply(feedback.id, "Thank you!", Via.MESSAGE, hall.actor("zhou"))
    page = _page(hall, feedback.tracking_code)
    assert "Thank you!" in page and "周远" in page and "seal--personal" in page


def test_a_touch_that_was_thanked_says_so(hall: Hall) -> None:
    hall.tap(5)
    assert "seal--thanked" in _page(hall, hall.stored()[0].tracking_code)
