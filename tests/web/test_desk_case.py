"""One case: what a person does about it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from cem.domain.vocabulary import CaseState
from tests.web.office import Desk, Office, opened

ENGINE = Path(__file__).resolve().parents[2] / "cem" / "engine"


@pytest.fixture
def office(database_url: str, tmp_path: Path) -> Iterator[Office]:
    with opened(database_url, tmp_path) as office:
        yield office


def _main_key(desk: Desk, number: int) -> str:
    """What the one big key says."""
    page = desk.page(f"/desk/cases/{number}")
    found = re.search(r'btn--main[^>]*data-key="\w+">.*?</svg>(.*?)</(?:button|a)>', page, re.S)
    return re.sub(r"<[^>]+>", "\n", found[1]).strip().split("\n")[0] if found else ""


def _offered(desk: Desk, number: int) -> set[str]:
    page = desk.page(f"/desk/cases/{number}")
    act = page[page.index('<section class="act"') :]
    return set(re.findall(r'data-key="(\w+)"', act)) - {"more"}


def _version(office: Office, number: int) -> int:
    return office.case(number).version


def test_one_touch_takes_it_and_the_page_shows_who_has_it(office: Office) -> None:
    number = office.tap(1)
    lin = office.desk("lin")
    assert _main_key(lin, number) == "Take it"
    answer = lin.post(f"/desk/cases/{number}/acknowledgement", version=_version(office, number))
    assert (answer.status_code, answer.location) == (303, f"/desk/cases/{number}")
    assert office.case(number).state is CaseState.ACKNOWLEDGED
    assert "You took it" in lin.page(f"/desk/cases/{number}")


def test_the_second_of_two_is_told_who_was_first_and_loses_no_word(office: Office) -> None:
    number = office.tap(1)
    seen = _version(office, number)
    office.desk("zhou").post(f"/desk/cases/{number}/acknowledgement", version=seen)
    form = {"version": seen, "via": "phone", "outcome": "reached", "summary": "I knock at 1206"}
    answer = office.desk("lin").post(f"/desk/cases/{number}/contacts", **form)
    assert answer.status_code == 409
    assert "周远 was a moment earlier" in answer.text and "I knock at 1206" in answer.text
    assert "Leave your words as a note for 周远" in answer.text
    assert office.case(number).state is CaseState.ACKNOWLEDGED
    office.desk("lin").post(f"/desk/cases/{number}/notes", text="I knock at 1206")
    assert "I knock at 1206" in office.desk("zhou").page(f"/desk/cases/{number}")


def test_taking_what_somebody_has_taken_says_who(office: Office) -> None:
    number = office.tap(1)
    office.desk("zhou").post(f"/desk/cases/{number}/acknowledgement")
    answer = office.desk("lin").post(f"/desk/cases/{number}/acknowledgement")
    assert answer.status_code == 409 and "周远 was a moment earlier" in answer.text
    assert office.owner(number) == "zhou"


def test_from_taking_it_to_closing_it_each_state_offers_the_next_step(office: Office) -> None:
    office.customer("chen", name="Ms Chen", phone="+86 138 0013 8000", contact_consent=True)
    number = office.say("It is loud", (6, 10, "negative"), value=1, tier_of="chen")
    lin, address = office.desk("lin"), f"/desk/cases/{number}"
    assert _main_key(lin, number) == "Take it"
    lin.post(f"{address}/acknowledgement")
    assert _main_key(lin, number) == "Call Ms Chen"
    assert 'href="tel:+8613800138000"' in lin.page(address)
    lin.post(f"{address}/contacts", via="phone", outcome="reached", summary="moved to 1501")
    assert _main_key(lin, number) == "Solve"
    lin.post(f"{address}/resolution", code="replaced", summary="another room", reply="Sleep well.")
    assert _main_key(lin, number) == "Close"
    assert "Solved, waiting to be closed" in lin.page("/desk")
    lin.post(f"{address}/closure")
    assert _main_key(lin, number) == "" and _offered(lin, number) == {"notes", "reopening"}
    page = lin.page(address)
    for told in ("moved to 1501", "Sleep well.", "another room", "林知夏 closed it"):
        assert told in page


@pytest.mark.parametrize("state", ["open", "acknowledged", "resolved", "closed"])
def test_only_what_the_rules_allow_is_offered(office: Office, state: str) -> None:
    number = office.tap(1)
    lin, address = office.desk("lin"), f"/desk/cases/{number}"
    if state != "open":
        lin.post(f"{address}/acknowledgement")
    if state in ("resolved", "closed"):
        lin.post(f"{address}/resolution", code="apologised", summary="said sorry", reply="We are sorry.")
    if state == "closed":
        lin.post(f"{address}/closure")
    expected = {
        "open": {"acknowledgement", "contacts", "assignment", "notes", "dismissal", "merge", "replies"},
        "acknowledged": {"contacts", "resolution", "assignment", "notes", "pause", "dismissal", "merge"}
        | {"replies"},
        "resolved": {"closure", "contacts", "assignment", "notes", "reopening"},
        "closed": {"notes", "reopening"},
    }
    assert _offered(lin, number) == expected[state]
    every = {"acknowledgement", "resolution", "closure", "resumption"} - expected[state]
    for action in every - {"acknowledgement", "closure", "resumption"}:
        assert lin.get(f"{address}/{action}").status_code == 409


def test_what_is_missing_stands_between_label_and_field_and_the_rest_is_kept(office: Office) -> None:
    number = office.tap(1)
    answer = office.desk("lin").post(f"/desk/cases/{number}/contacts", summary="we spoke long", via="phone")
    assert answer.status_code == 422
    page = answer.text
    legend, error, first = (
        page.index(part) for part in ("Did you reach them?", 'id="outcome-error"', 'name="outcome"')
    )
    assert legend < error < first
    assert "we spoke long" in page and 'value="phone" checked' in page
    assert office.case(number).state is CaseState.OPEN


def test_solving_over_the_customers_head_is_refused_and_the_words_are_kept(office: Office) -> None:
    number = office.tap(1)
    lin = office.desk("lin")
    lin.post(f"/desk/cases/{number}/acknowledgement")
    answer = lin.post(f"/desk/cases/{number}/resolution", code="explained", summary="it was the fuse")
    assert answer.status_code == 409
    assert "A case is solved with a reply" in answer.text and "it was the fuse" in answer.text


def test_blanks_are_no_reply(office: Office) -> None:
    number = office.tap(1)
    lin = office.desk("lin")
    lin.post(f"/desk/cases/{number}/acknowledgement")
    answer = lin.post(f"/desk/cases/{number}/resolution", code="apologised", summary="Sorry", reply=" \n ")
    assert answer.status_code == 409
    assert lin.post(f"/desk/cases/{number}/notes", text="  ").status_code == 422


def test_a_number_too_large_for_a_case_is_refused(office: Office) -> None:
    number = office.tap(1)
    answer = office.desk("lin").post(f"/desk/cases/{number}/merge", into="9" * 30)
    assert answer.status_code == 422


def test_dismissing_is_asked_once_more_and_counts_what_it_excuses(office: Office) -> None:
    number = office.tap(1)
    lin, address = office.desk("lin"), f"/desk/cases/{number}/dismissal"
    form = {"reason": "test", "evidence": "the fitter tried it"}
    asked = lin.post(address, **form)
    assert asked.status_code == 200
    assert f"This ends case {number} and excuses 1 feedback without an answer." in asked.text
    assert office.case(number).state is CaseState.OPEN
    assert lin.post(address, **form, confirmed="yes").status_code == 303
    assert office.case(number).state is CaseState.DISMISSED


def test_it_can_be_handed_to_whoever_sees_the_place_and_is_not_meant_by_it(office: Office) -> None:
    number = office.tap(1, staff="clerk")
    lin = office.desk("lin")
    page = lin.page(f"/desk/cases/{number}/assignment")
    offered = set(re.findall(r'name="user" value="(\w+)"', page))
    assert offered == {"zhou", "shen", "gu", "fallback", "admin"}
    lin.post(f"/desk/cases/{number}/assignment", user="zhou")
    assert office.owner(number) == "zhou"
    assert lin.post(f"/desk/cases/{number}/assignment", user="outsider").status_code == 409
    assert lin.post(f"/desk/cases/{number}/assignment", user="nobody").status_code == 422


def test_nobody_handles_a_complaint_about_themselves(office: Office) -> None:
    number = office.tap(1, staff="clerk")
    clerk = office.desk("clerk")
    assert _offered(clerk, number) == set()
    assert "It is about you" in clerk.page(f"/desk/cases/{number}")
    assert clerk.get(f"/desk/cases/{number}/dismissal").status_code == 409
    assert clerk.post(f"/desk/cases/{number}/acknowledgement").status_code == 409
    assert office.desk("lin").post(f"/desk/cases/{number}/assignment", user="clerk").status_code == 409
    page = office.desk("shen").page(f"/desk/cases/{number}")
    for who in ("小张", "林知夏"):
        assert f"{who} wanted 小张 to own it: refused, because it is about 小张" in page
    answer = clerk.post(f"/desk/cases/{number}/dismissal", reason="abuse", evidence="no", confirmed="yes")
    assert answer.status_code == 409
    assert office.case(number).state is CaseState.OPEN


def test_pausing_says_why_and_going_on_takes_one_touch(office: Office) -> None:
    number = office.tap(1)
    lin, address = office.desk("lin"), f"/desk/cases/{number}"
    lin.post(f"{address}/acknowledgement")
    lin.post(f"{address}/pause", reason="waiting_third_party")
    office.pass_time(minutes=5)
    assert "Paused: waiting for others. The customer's own clock goes on: 5 min" in lin.page(address)
    assert "resumption" in _offered(lin, number)
    assert lin.post(f"{address}/resumption").status_code == 303
    assert office.case(number).paused_because is None


def test_two_cases_that_are_one_are_merged_by_number(office: Office) -> None:
    one, other = office.tap(1), office.tap(1)
    lin = office.desk("lin")
    assert lin.post(f"/desk/cases/{one}/merge", into="99").status_code == 422
    assert lin.post(f"/desk/cases/{one}/merge", into=str(one)).status_code == 409
    assert lin.post(f"/desk/cases/{one}/merge", into=str(other)).status_code == 303
    assert office.case(one).state is CaseState.CLOSED
    assert lin.page(f"/desk/cases/{other}").count("Touched “Very poor”") >= 2


def test_nobody_merges_into_a_case_that_they_may_not_see(office: Office) -> None:
    here = office.tap(1)
    with office.inside():
        from cem.domain.ratings import Rating
        from cem.domain.submission import Submission
        from cem.domain.vocabulary import Channel

        office.world.submit(Submission(Channel.KIOSK, "soho", "room", Rating("faces5", 1)))
    answer = office.desk("lin").post(f"/desk/cases/{here}/merge", into=str(here + 1))
    assert answer.status_code == 422
    assert office.case(here).state is CaseState.OPEN


def test_it_is_opened_again_with_the_reason(office: Office) -> None:
    number = office.tap(1)
    lin, address = office.desk("lin"), f"/desk/cases/{number}"
    lin.post(f"{address}/acknowledgement")
    lin.post(f"{address}/resolution", code="apologised", summary="said sorry", reply="We are sorry.")
    assert lin.post(f"{address}/reopening", reason="").status_code == 422
    assert lin.post(f"{address}/reopening", reason="it is loud again").status_code == 303
    assert "it is loud again" in lin.page(address)
    assert office.case(number).state is CaseState.IN_PROGRESS
