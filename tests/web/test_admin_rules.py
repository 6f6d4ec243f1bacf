"""Rules are written, put in order, rehearsed, published and brought back on a page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from cem.domain.vocabulary import Priority
from cem.engine import case_endings
from cem.engine.case_steps import Seen
from tests.conftest import Databases
from tests.web.office import Desk, Office, opened


@pytest.fixture
def office(databases: Databases, tmp_path: Path) -> Iterator[Office]:
    with opened(databases.sqlite(tmp_path), tmp_path) as office:
        yield office


def write(desk: Desk, index: int = 0, **form: object) -> int:
    given = {"name": "Worst faces", "ratings": ["very_dissatisfied"], "severity": "critical"} | form
    return desk.post(f"/admin/rules/{index}", **given).status_code


def draft_of(page: str) -> str:
    found = re.search(r"/admin/rehearsal/([0-9a-f-]+)", page)
    assert found, "a draft can be rehearsed"
    return found[1]


def rehearsal(office: Office, desk: Desk, draft: str) -> str:
    """Asked for by one touch, and played in the background."""
    assert desk.post(f"/admin/rehearsal/{draft}").location == f"/admin/rehearsal?draft={draft}"
    with office.inside():
        office.world.settle()
    return desk.page(f"/admin/rehearsal?draft={draft}")


def test_a_rule_is_kept_rehearsed_published_and_holds(office: Office) -> None:
    admin = office.desk("admin")
    before = office.tap(1)
    assert write(admin, hours="", start="07:00", end="22:00") == 303
    page = admin.page("/admin/rules")
    assert "This is a draft" in page and "Rating: very dissatisfied · between 07:00–22:00" in page
    assert "→ at least critical" in page
    office.tap(1)
    office.pass_time(seconds=1)
    rehearsed = rehearsal(office, admin, draft_of(page))
    assert "Of 2 feedbacks in 90 days 2 would have gone differently." in rehearsed
    assert "P2 → P1" in rehearsed and "林知夏" in rehearsed
    admin.post(f"/admin/waiting/{draft_of(page)}/publication")
    assert "Version 1 holds." in admin.page("/admin/rules")
    assert office.case(office.tap(1)).priority is Priority.P1
    assert office.case(before).priority is Priority.P2, "open cases keep their version"


def test_what_may_not_stand_is_said_beside_the_field_and_nothing_is_lost(office: Office) -> None:
    admin = office.desk("admin")
    answer = admin.post("/admin/rules/0", name="", severity="high")
    assert answer.status_code == 422 and "Give the rule a name" in answer.text
    answer = admin.post("/admin/rules/0", name="Slow", severity="low", ratings=["very_dissatisfied"])
    assert answer.status_code == 409 and "would lower" in answer.text and 'value="Slow"' in answer.text
    answer = admin.post("/admin/rules/0", name="Late", resolve="99999")
    assert answer.status_code == 409 and "slower than the floor" in answer.text
    answer = admin.post("/admin/rules/0", name="C only", severity="high", tiers=["c"])
    assert answer.status_code == 409 and "Value lifts, never lowers" in answer.text
    answer = admin.post("/admin/rules/0", name="Soon", acknowledge="soon")
    assert answer.status_code == 422 and "whole minutes" in answer.text


def test_rules_are_put_in_order_switched_off_and_taken_out(office: Office) -> None:
    admin = office.desk("admin")
    write(admin, name="First"), write(admin, 1, name="Second")
    admin.post("/admin/rules/1/up")
    page = admin.page("/admin/rules")
    assert page.index("Second") < page.index("First")
    admin.post("/admin/rules/0/switch")
    assert "switched off" in admin.page("/admin/rules")
    admin.post("/admin/rules/0/end")
    assert "Second" not in admin.page("/admin/rules")
    assert admin.post("/admin/rules/7/end").status_code == 404


def test_an_earlier_version_is_brought_back(office: Office) -> None:
    admin = office.desk("admin")
    for index, name in enumerate(("First", "Second")):
        write(admin, index, name=name)
        admin.post(f"/admin/waiting/{draft_of(admin.page('/admin/rules'))}/publication")
    admin.post("/admin/rules/versions/1")
    page = admin.page("/admin/rules")
    assert "Version 3 holds." in page and "Second" not in page


def test_executives_read_and_change_nothing(office: Office) -> None:
    write(office.desk("admin"))
    reader = office.desk("fallback")
    page = reader.page("/admin/rules")
    assert "Worst faces" in page and "Add a rule" not in page and "Publish" not in page
    assert reader.post("/admin/rules/0", name="Mine").status_code == 403
    assert "Publish" not in reader.page(f"/admin/rehearsal?draft={draft_of(page)}")
    assert "no history here yet" in reader.page(f"/admin/rehearsal?draft={draft_of(page)}")


def test_a_rule_whose_owner_sees_too_little_is_refused(office: Office) -> None:
    admin, shen = office.desk("admin"), office.world.people["shen"]
    answer = admin.post("/admin/rules/0", name="To Shen", owner=f"user:{shen}")
    assert answer.status_code == 409 and "may not see every place" in answer.text
    assert write(admin, name="To Shen", severity="", owner=f"user:{shen}", sites=["bund"]) == 303
    assert "goes to: 沈若宁" in admin.page("/admin/rules")


def test_open_cases_change_only_when_somebody_has_looked_and_says_so(office: Office) -> None:
    admin, number = office.desk("admin"), office.tap(1)
    write(admin, owner="manager", resolve="60")
    admin.post(f"/admin/waiting/{draft_of(admin.page('/admin/rules'))}/publication")
    looked = admin.page("/admin/rules/open-cases")
    assert "P2 → <b>P1</b>" in looked and "promised sooner · another owner" in looked
    assert office.case(number).priority is Priority.P2, "looking changes nothing"
    answer = admin.post("/admin/rules/open-cases")
    assert "count=1" in answer.location and "1 open case changed" in admin.page(answer.location)
    assert office.case(number).priority is Priority.P1 and office.owner(number) == "shen"
    assert len(office.audited("rules.applied")) == 1
    assert "none of the open cases" in admin.page("/admin/rules/open-cases")


def test_a_merged_case_is_not_reopened_through_a_stale_page(office: Office) -> None:
    first, second = office.tap(1), office.tap(1)
    lin = office.desk("lin")
    with office.inside():
        case_endings.merge(Seen(office.case(first).id, office.world.actor("lin")), office.case(second).id)
    version = office.case(first).version
    answer = lin.post(f"/desk/cases/{first}/reopening", version=version, reason="not over")
    assert answer.status_code == 409 and f"case {second}" in answer.text
    assert "reopening" not in lin.page(f"/desk/cases/{first}")


def seen(page: str) -> str:
    found = re.search(r'name="seen" value="([^"]+)"', page)
    assert found, "a form knows what its writer had before them"
    return found[1]


def test_of_two_who_change_the_rules_at_once_the_second_is_told_and_loses_no_word(office: Office) -> None:
    one, other = office.desk("admin"), office.desk("admin")
    form = seen(other.page("/admin/rules/0"))
    assert write(one, seen=seen(one.page("/admin/rules/0"))) == 303
    answer = other.post("/admin/rules/0", name="Mine", ratings=["dissatisfied"], severity="high", seen=form)
    assert answer.status_code == 409
    assert "赵启明 was a moment earlier and has changed this meanwhile" in answer.text
    assert "“Mine”: Rating: dissatisfied → at least high" in answer.text
    assert "See what it says now" in answer.text
    page = one.page("/admin/rules")
    assert "Worst faces" in page and "Mine" not in page
    moved = other.post("/admin/rules/0/end", seen=form)
    assert moved.status_code == 409 and "Worst faces" in one.page("/admin/rules")
    assert other.post("/admin/rules/0/end", seen=seen(page)).status_code == 303


@pytest.mark.parametrize("page", ["ladder", "promises", "calendars"])
def test_the_forms_of_the_other_rules_carry_what_their_writer_saw(office: Office, page: str) -> None:
    admin = office.desk("admin")
    text = admin.page(f"/admin/{page}")
    token = seen(text)
    assert token.startswith("v")
    form = {"seen": "v99", "steps": ["duty"]} | dict(
        re.findall(r'<input[^>]*name="([\w-]+)"[^>]*?value="([^"]*)"', text[text.index('name="seen"') + 20 :])
    )
    hours = {f"p{n}-hours": "wall" if n < 3 else "business" for n in (1, 2, 3, 4)}
    answer = admin.post(f"/admin/{page}", **(form | hours if page == "promises" else form))
    assert answer.status_code == 409 and "was a moment earlier" in answer.text


def test_two_versions_are_compared_in_words_and_an_old_one_comes_back_from_there(office: Office) -> None:
    admin = office.desk("admin")
    write(admin, name="First"), write(admin, 1, name="Second")
    admin.post(f"/admin/waiting/{draft_of(admin.page('/admin/rules'))}/publication")
    write(admin, 0, name="First", severity="high"), write(admin, 2, name="Third")
    admin.post("/admin/rules/1/end")
    admin.post(f"/admin/waiting/{draft_of(admin.page('/admin/rules'))}/publication")
    assert 'href="/admin/rules/versions/2?site=group"' in admin.page("/admin/rules")
    page = admin.page("/admin/rules/versions/2")
    new, gone = page[page.index("<h3>New") : page.index("<h3>Gone")], page[page.index("<h3>Gone") :]
    assert "“Third”: Rating: very dissatisfied → at least critical" in new
    assert "“Second”" in gone[: gone.index("<h3>Changed")]
    assert "<del>“First”: Rating: very dissatisfied → at least critical</del>" in page
    assert "<ins>“First”: Rating: very dissatisfied → at least high</ins>" in page
    assert page.count("<del>") == 2 and "<h3>New" in admin.page("/admin/rules/versions/2?than=0")
    assert "Nothing: both say the same." in admin.page("/admin/rules/versions/1?than=1")
    assert "Bring version 1 back" in admin.page("/admin/rules/versions/1?than=2")
    assert admin.get("/admin/rules/versions/9").status_code == 404
    reader = office.desk("fallback").page("/admin/rules/versions/1?than=2")
    assert "“Second”" in reader and "Bring version" not in reader
