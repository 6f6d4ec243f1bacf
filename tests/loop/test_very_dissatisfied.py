"""J2: one touch on a kiosk, and the hub does not rest until somebody has answered and the customer agrees."""

from __future__ import annotations

from tests.loop.conftest import Loop

PAGED = [(0, "lin", "page"), (2, "zhou", "escalation"), (5, "shen", "escalation"), (10, "gu", "escalation")]
"""The manager on duty, the deputy, the head of the branch, the region."""


def test_a_very_bad_tap_is_a_case_at_once_with_owner_reason_and_promises(loop: Loop) -> None:
    case = loop.case_of(loop.tap(1))
    assert (case["state"], case["priority"], case["owner"]["username"]) == ("open", "p2", "lin")
    assert case["reason"]["text"]
    assert [(each["kind"], loop.minutes(each["due_at"])) for each in case["promises"]] == [
        ("acknowledge", 15),
        ("first_contact", 120),
        ("resolve", 48 * 60),
    ]


def test_while_nobody_takes_it_the_next_person_is_paged_again_and_again(loop: Loop) -> None:
    loop.tap(1)
    loop.passes(minutes=56)
    expected = [*PAGED, (25, "gu", "escalation"), (40, "gu", "escalation"), (55, "gu", "escalation")]
    assert loop.told("page", "escalation") == expected


def test_an_acknowledgement_in_time_pages_nobody_else(loop: Loop) -> None:
    case = loop.case_of(loop.tap(1))
    loop.passes(minutes=1)
    loop.office.desk("lin").post(f"/desk/cases/{case['number']}/acknowledgement")
    loop.passes(minutes=100)
    assert loop.told("page", "escalation") == PAGED[:1]


def test_the_case_goes_from_the_tap_through_the_ladder_to_an_answer_and_back(loop: Loop) -> None:
    tap = loop.tap(1)
    code = tap["tracking_code"]
    loop.passes(minutes=11)
    assert loop.told() == PAGED

    case = loop.case_of(tap)
    address = f"/desk/cases/{case['number']}"
    region = loop.office.desk("gu")
    assert region.post(f"{address}/acknowledgement").status_code == 303
    assert loop.case(case["id"])["owner"]["username"] == "gu"
    assert loop.ledger()["owed"] == 1

    loop.passes(minutes=20)
    reply = "We are sorry. The counter has a second clerk now."
    form = {"code": "corrected", "summary": "second clerk at noon", "reply": reply}
    assert region.post(f"{address}/resolution", **form).status_code == 303
    assert loop.case(case["id"])["state"] == "resolved"
    assert loop.ledger()["answered"]["personal"] == 1
    assert reply in loop.status_page(code)

    loop.answers(code, "no")
    loop.settles()
    again = loop.case(case["id"])
    assert again["state"] == "open"
    assert [(each["round"], each["state"]) for each in again["promises"] if each["kind"] == "resolve"] == [
        (1, "met"),
        (2, "running"),
    ]
    assert loop.ledger()["owed"] == 1
    assert loop.told()[len(PAGED) :] == [(31, "gu", "escalation")]

    region.post(f"{address}/acknowledgement")
    region.post(f"{address}/resolution", **form | {"reply": "Come and see: there is no queue now."})
    loop.answers(code, "yes")
    assert loop.case(case["id"])["state"] == "closed"
    assert loop.ledger()["owed"] == 0


def test_two_people_at_once_and_the_second_is_told_who_was_first(loop: Loop) -> None:
    case = loop.case_of(loop.tap(1))
    address = f"/desk/cases/{case['number']}/acknowledgement"
    assert loop.office.desk("zhou").post(address).status_code == 303
    second = loop.office.desk("lin").post(address)
    assert second.status_code == 409
    assert "周远" in second.text


def test_what_the_state_forbids_is_refused_with_a_sentence_and_changes_nothing(loop: Loop) -> None:
    case = loop.case_of(loop.tap(1))
    body = {"code": "corrected", "summary": "done", "reply": "Done."}
    refused = loop.program.post(f"/cases/{case['id']}/resolution", body)
    assert refused.status_code == 409
    assert refused.json["error"]["message"]
    assert loop.case(case["id"]) == case
