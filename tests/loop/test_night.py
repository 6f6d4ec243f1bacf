"""J6: a guest who matters writes at two in the morning; J4: a customer writes and is answered."""

from __future__ import annotations

from tests.loop.conftest import Loop

NIGHT = 16.0
"""Hours from ten in the morning to two in the night."""


def test_at_two_in_the_morning_the_night_manager_is_paged_for_a_guest_of_tier_a(loop: Loop) -> None:
    loop.office.customer("guest-1208", tier="a", phone="+8613800138000", contact_consent=True)
    loop.passes(hours=NIGHT)
    body = {"channel": "api", "site": "bund", "touchpoint": "room", "text": "隔壁太吵，没人管"}
    body |= {"rating": {"scale": "csat5", "value": 1}, "customer": {"external_id": "guest-1208"}}
    stored = loop.program.send(body).json
    assert (stored["case"]["priority"], stored["ledger"]["owner"]["username"]) == ("p1", "zhou")
    night = NIGHT * 60
    loop.passes(minutes=11)
    paged = [(minutes - night, to, kind) for minutes, to, kind in loop.told("page", "escalation")]
    assert paged == [
        (0, "zhou", "page"),
        (2, "shen", "escalation"),
        (5, "gu", "escalation"),
        (10, "gu", "escalation"),
    ]


def test_a_case_of_the_night_is_taken_contacted_and_put_right_one_touch_each(loop: Loop) -> None:
    loop.passes(hours=NIGHT)
    tap = loop.tap(1)
    loop.settles()
    case = loop.case_of(tap)
    address, zhou = f"/desk/cases/{case['number']}", loop.office.desk("zhou")
    assert zhou.post(f"{address}/acknowledgement").status_code == 303
    contact = {"via": "phone", "outcome": "reached", "summary": "moved to 1506"}
    assert zhou.post(f"{address}/contacts", **contact).status_code == 303
    assert loop.case(case["id"])["state"] == "in_progress"
    assert zhou.post(f"{address}/notes", text="breakfast offered").status_code == 303
    done = {"code": "corrected", "summary": "moved to 1506, breakfast offered"}
    assert zhou.post(f"{address}/resolution", **done).status_code == 303
    after = loop.case(case["id"])
    assert [each["state"] for each in after["promises"]] == ["met", "met", "met"]
    assert [each["kind"] for each in after["events"]] == [
        "opened",
        "acknowledged",
        "contacted",
        "noted",
        "resolved",
    ]
    assert loop.ledger()["answered"]["personal"] == 1


def test_a_negative_text_is_understood_and_becomes_a_case_with_the_words_that_say_why(loop: Loop) -> None:
    text = "Great fish 🐟 but the waiter was terribly rude and ignored us"
    code = loop.write(text, rating=3)
    loop.settles()
    (case,) = loop.cases()
    stored = loop.feedback(case["feedback_id"])
    assert stored["tracking_code"] == code
    assert stored["text"] == text
    found = stored["findings"]
    assert found["sentiment"]["label"] == "negative"
    words = {text[start:end] for topic in found["topics"] for start, end in topic["spans"]}
    assert words and all(words)
    assert loop.told("page") == [(0, "lin", "page")]


def test_a_tap_of_a_satisfied_customer_is_thanked_and_owes_nothing(loop: Loop) -> None:
    loop.tap(5)
    loop.passes(days=2)
    assert loop.ledger() == {**loop.ledger(), "total": 1, "owed": 0}
    assert loop.ledger()["answered"]["thanked"] == 1
    assert loop.told() == []


def test_what_is_owed_without_a_case_comes_back_until_it_is_answered(loop: Loop) -> None:
    loop.write("Do you open on Sunday?")
    loop.settles()
    assert loop.cases() == []
    assert loop.ledger()["owed"] == 1
    loop.passes(days=5)
    assert loop.ledger()["overdue"] == 1
    assert loop.told("breach")
