"""Many at once on the desk: one line of the queue, one page, one key for all, and one text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from cem.domain.vocabulary import CaseState
from tests.web.office import Office, opened


@pytest.fixture
def office(database_url: str, tmp_path: Path) -> Iterator[Office]:
    with opened(database_url, tmp_path) as office:
        yield office


def storm(office: Office, count: int = 6) -> list[int]:
    return [office.tap(1) for _ in range(count)]


def address(office: Office, who: str = "lin") -> str:
    found = re.search(r'href="(/desk/groups/[0-9a-f-]+)"', office.desk(who).page("/desk"))
    assert found, "no group on the desk"
    return found[1]


def states(office: Office, numbers: list[int]) -> set[str]:
    return {office.case(number).state.value for number in numbers}


def test_a_storm_is_one_line_of_the_queue_and_its_cases_are_none(office: Office) -> None:
    storm(office)
    queue = office.desk("lin").page("/desk")
    assert queue.count("row--storm") == 1
    assert "6 at once" in queue
    assert not re.findall(r'data-key="case-\d+"', queue)
    assert "row--storm" not in office.desk("shen").page("/desk"), "nobody has paged the head of the branch"
    assert "row--storm" in office.desk("shen").page("/desk?of=places")
    assert "row--storm" not in office.desk("outsider").page("/desk?of=places")


def test_the_page_says_how_many_what_they_share_and_who_rings_alone(office: Office) -> None:
    numbers = storm(office)
    office.customer("vip", tier="a")
    office.say("花生过敏", value=1, tier_of="vip")
    page = office.desk("lin").page(address(office))
    assert "front-desk" in page
    assert "5 very dissatisfied within 3 minutes at one touchpoint." in page
    assert "I take all 6 together" in page
    assert "1 of the same minutes is not folded in" in page
    assert set(map(str, numbers)) <= set(re.findall(r'data-key="case-(\d+)"', page))
    assert "One of several that came at once" in office.desk("lin").page(f"/desk/cases/{numbers[0]}")


def test_one_key_takes_all_and_one_text_answers_all_after_a_look_at_it(office: Office) -> None:
    numbers, desk = storm(office), office.desk("lin")
    group = address(office)
    assert desk.post(f"{group}/acknowledgement").status_code == 303
    assert states(office, numbers) == {CaseState.ACKNOWLEDGED}
    assert desk.post(f"{group}/acknowledgement").status_code == 409
    form = {"text": "The till was down. We are sorry.", "via": "message"}
    assert desk.post(f"{group}/replies", via="message", text=" ").status_code == 422
    preview = desk.post(f"{group}/replies", **form)
    assert "It goes to 6 customers." in preview.text
    assert "0 of them agreed to be contacted" in preview.text
    assert states(office, numbers) == {CaseState.ACKNOWLEDGED}, "nothing went yet"
    assert desk.post(f"{group}/replies", approved="yes", **form).status_code == 303
    assert states(office, numbers) == {CaseState.IN_PROGRESS}
    assert "Each of them has an answer." in desk.page(group)


def test_what_is_something_else_leaves_and_the_rest_can_be_taken_apart(office: Office) -> None:
    numbers, desk = storm(office), office.desk("lin")
    group = address(office)
    assert desk.post(f"{group}/separation", case=str(office.case(numbers[0]).id)).status_code == 303
    assert desk.post(f"{group}/separation", case="nonsense").status_code == 404
    assert f'data-key="case-{numbers[0]}"' in desk.page("/desk")
    assert desk.post(f"{group}/split").status_code == 303
    assert len(re.findall(r'data-key="case-\d+"', desk.page("/desk"))) == 6


def test_a_group_of_another_place_is_refused_and_that_is_kept(office: Office) -> None:
    storm(office)
    group = address(office)
    for part in ("", "/now", "/replies"):
        assert office.desk("outsider").get(f"{group}{part}").status_code == 403
    assert office.desk("outsider").post(f"{group}/acknowledgement").status_code == 403
    assert len(office.audited("access.refused")) == 4
