"""Many at once on the desk: one line of the queue, one page, one key for all, and one text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from cem.domain.vocabulary import CaseState
from cem.extensions import db
from cem.models import Case, Reply
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
    preview = desk.post(f"{group}/replies", **form).text
    assert "It goes to 6 customers." in preview
    assert states(office, numbers) == {CaseState.ACKNOWLEDGED}, "nothing went yet"
    for _ in range(2):
        sent = desk.post(f"{group}/replies", approved="yes", case=cases_in(preview), **form)
        assert sent.status_code == 303
    assert states(office, numbers) == {CaseState.IN_PROGRESS}
    assert "Each of them has an answer." in desk.page(group)
    assert replies_in(office) == 6, "pressing twice writes nobody twice"


def test_one_ticks_some_and_sees_who_does_not_get_it_and_why(office: Office) -> None:
    numbers, desk = storm(office), office.desk("lin")
    group = address(office)
    desk.post(f"{group}/acknowledgement")
    page = desk.page(f"{group}/replies")
    ticks = re.findall(r'type="checkbox" name="case" value="([0-9a-f-]+)"', page)
    assert len(ticks) == 6
    form = {"text": "We are sorry.", "which": "some"}
    assert desk.post(f"{group}/replies", via="message", **form).status_code == 422
    preview = desk.post(f"{group}/replies", via="message", case=ticks[:2], **form).text
    assert cases_in(preview) == ticks[:2]
    by_mail = desk.post(f"{group}/replies", via="email", case=ticks[:2], **form).text
    assert "2 do not get it, and are still owed an answer." in by_mail
    assert "We do not know who it is." in by_mail
    desk.post(f"{group}/replies", approved="yes", via="message", case=ticks[:2], **form)
    now = sorted(office.case(number).state.value for number in numbers)
    assert now == ["acknowledged"] * 4 + ["in_progress"] * 2


def test_all_that_were_answered_are_solved_with_one_code_and_text(office: Office) -> None:
    numbers, desk = storm(office), office.desk("lin")
    group = address(office)
    desk.post(f"{group}/acknowledgement")
    form = {"text": "We are sorry.", "via": "message"}
    preview = desk.post(f"{group}/replies", **form).text
    desk.post(f"{group}/replies", approved="yes", case=cases_in(preview)[:4], **form)
    assert "Solve all 4 that were answered" in desk.page(group)
    assert desk.post(f"{group}/resolution", code="explained").status_code == 422
    outcome = {"code": "explained", "summary": "The till was down until ten."}
    assert desk.post(f"{group}/resolution", **outcome).status_code == 303
    now = sorted(office.case(number).state.value for number in numbers)
    assert now == ["acknowledged"] * 2 + ["resolved"] * 4
    assert "None of them waits to be solved" in desk.page(f"{group}/resolution")


def test_what_says_no_is_named_with_its_reason(office: Office) -> None:
    numbers, desk = storm(office), office.desk("lin")
    group = address(office)
    desk.post(f"{group}/acknowledgement")
    form = {"text": "We are sorry.", "via": "message"}
    desk.post(
        f"{group}/replies", approved="yes", case=cases_in(desk.post(f"{group}/replies", **form).text), **form
    )
    with office.inside(), db.engines[None].begin() as connection:
        connection.execute(update(Case).where(Case.number == numbers[0]).values(answered_at=None))
    said = desk.post(f"{group}/resolution", code="explained", summary="The till was down.")
    assert said.status_code == 200
    assert "1 case was left as it was. The others are done." in said.text
    assert f"Case {numbers[0]}" in said.text


def test_long_work_shows_how_far_it_is_and_goes_on(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cem.web.desk.group_answer_routes.IN_PARTS", 4)
    numbers, desk = storm(office), office.desk("lin")
    group = address(office)
    desk.post(f"{group}/acknowledgement")
    form = {"text": "We are sorry.", "via": "message"}
    ids = cases_in(desk.post(f"{group}/replies", **form).text)
    part = desk.post(f"{group}/replies", approved="yes", case=ids, **form).text
    assert "4 of 6" in part
    assert "data-go-on" in part
    after = re.search(r'name="after" value="([0-9a-f-]+)"', part)
    assert after
    more = {"approved": "yes", "case": cases_in(part), "after": after[1], "tried": "4"}
    assert desk.post(f"{group}/replies", **more, **form).status_code == 303
    assert states(office, numbers) == {CaseState.IN_PROGRESS}


def cases_in(page: str) -> list[str]:
    return re.findall(r'type="hidden" name="case" value="([0-9a-f-]+)"', page)


def replies_in(office: Office) -> int:
    with office.inside():
        return int(db.session.scalar(select(func.count()).select_from(Reply)) or 0)


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
    for part in ("", "/now", "/replies", "/resolution"):
        assert office.desk("outsider").get(f"{group}{part}").status_code == 403
    assert office.desk("outsider").post(f"{group}/acknowledgement").status_code == 403
    assert len(office.audited("access.refused")) == 5
