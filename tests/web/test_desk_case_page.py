"""What stands on the page of one case, and who may read it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from cem.domain.vocabulary import CaseState
from cem.engine.rules import publish_rules
from cem.web.desk.timeline import EVENTS, TOLD_WITH_ITS_WORDS
from tests.web.office import Office, opened

ENGINE = Path(__file__).resolve().parents[2] / "cem" / "engine"


@pytest.fixture
def office(database_url: str, tmp_path: Path) -> Iterator[Office]:
    with opened(database_url, tmp_path) as office:
        yield office


def test_how_to_reach_them_is_shown_only_if_they_agreed(office: Office) -> None:
    office.customer("chen", name="Ms Chen", phone="+8613800138000", contact_consent=False)
    number = office.say("It is loud", (6, 10, "negative"), value=1, tier_of="chen")
    page = office.desk("lin").page(f"/desk/cases/{number}")
    assert "They did not agree to be contacted." in page
    assert "13800138000" not in page and "tel:" not in page


def test_the_page_says_what_happens_next_if_nobody_acts(office: Office) -> None:
    number = office.tap(1)
    page = office.desk("lin").page(f"/desk/cases/{number}")
    coming = re.findall(r'class="is-next"><time[^>]*>([^<]+)</time><div class="is">([^<]+)', page)
    assert coming[:2] == [
        ("10:02", "Still nobody has taken it: 周远 is paged"),
        ("10:05", "Still nobody has taken it: 沈若宁 is paged"),
    ]


def test_the_last_time_is_remembered(office: Office) -> None:
    office.customer("chen", name="Ms Chen")
    first = office.say("It is loud", (6, 10, "negative"), value=1, tier_of="chen")
    lin = office.desk("lin")
    lin.post(f"/desk/cases/{first}/acknowledgement")
    lin.post(f"/desk/cases/{first}/resolution", code="refunded", summary="refunded", reply="It is refunded.")
    second = office.say("Loud again", (0, 4, "negative"), value=1, tier_of="chen")
    assert f"Case {first}, 10:00: Refunded" in lin.page(f"/desk/cases/{second}")


def test_the_manager_of_another_branch_is_refused_and_that_is_recorded(office: Office) -> None:
    number = office.say("A secret of ours", (0, 8, "negative"), value=1)
    outsider = office.desk("outsider")
    for address in (f"/desk/cases/{number}", f"/desk/cases/{number}/now", f"/desk/cases/{number}/notes"):
        answer = outsider.get(address)
        assert answer.status_code == 403 and "secret" not in answer.text
    assert outsider.post(f"/desk/cases/{number}/acknowledgement").status_code == 403
    assert office.case(number).state is CaseState.OPEN
    actor = f"user:{office.world.people['outsider']}"
    assert [row.actor for row in office.audited("access.refused")] == [actor] * 4
    feedback = office.feedback_of("A secret of ours")
    assert outsider.get(f"/desk/feedback/{feedback}").status_code == 403
    assert outsider.post(f"/desk/feedback/{feedback}/replies", text="hello", via="message").status_code == 403


def test_a_number_without_a_case_is_nothing(office: Office) -> None:
    lin = office.desk("lin")
    number = office.tap(1)
    assert lin.get("/desk/cases/99").status_code == 404
    assert lin.get(f"/desk/cases/{number}/applause").status_code == 404
    assert lin.post(f"/desk/cases/{number}/applause").status_code == 404


def test_a_form_without_its_token_changes_nothing(office: Office) -> None:
    number = office.tap(1)
    answer = office.desk("lin").browser.post(f"/desk/cases/{number}/acknowledgement")
    assert answer.status_code == 400
    assert office.case(number).state is CaseState.OPEN


def test_the_page_of_a_case_asks_as_many_questions_whatever_its_history(office: Office) -> None:
    number = office.tap(1)
    lin, address = office.desk("lin"), f"/desk/cases/{number}"
    lin.post(f"{address}/acknowledgement")

    def asked() -> int:
        with office.questions() as questions:
            lin.page(f"{address}/now")
        return len([one for one in questions if one.startswith("SELECT")])

    lin.post(f"{address}/notes", text="one")
    few = asked()
    for who in ("zhou", "shen", "gu"):
        office.desk(who).post(f"{address}/notes", text=f"from {who}")
    assert asked() == few


def test_every_event_that_the_engine_writes_has_a_sentence() -> None:
    source = "\n".join(path.read_text(encoding="utf-8") for path in ENGINE.glob("*.py"))
    kinds = set(re.findall(r'append\(\s*tx,\s*\w+,\s*"(\w+)"', source))
    kinds |= set(re.findall(r'_(?:take|begin_again)\(.*?"(\w+)"', source)) | {"opened", "paged", "escalated"}
    missing = kinds - set(EVENTS) - TOLD_WITH_ITS_WORDS
    assert not missing, f"Give these events a sentence in cem/web/desk/timeline.py: {sorted(missing)}"


def test_every_reason_stands_behind_why(office: Office) -> None:
    rules = {"name": "Front desk first", "when": {"touchpoints": ["front-desk"]}}
    with office.inside():
        publish_rules(
            "routing",
            "group",
            {"rules": [rules | {"then": {"severity": "critical", "promises": {"resolve": 120}}}]},
        )
    number = office.tap(1)
    page = office.desk("lin").page(f"/desk/cases/{number}")
    said = page[page.index("Every reason") :]
    for sentence in (
        "Rule “Front desk first” makes it critical.",
        "The customer is very dissatisfied.",
        "Rule “Front desk first” promises sooner: Solve 2 h.",
        "The priority follows from how bad it is.",
        "You are on duty here.",
        "Promised for P1: Take it 5 min, First contact 30 min, Solve 2 h.",
    ):
        assert sentence in said, sentence
    assert "You are on duty here." not in office.desk("shen").page(f"/desk/cases/{number}")
