"""Published rules act on what comes in from then on: raised, owned, promised sooner, each with its reason."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from cem.domain.findings import Findings, Sentiment, Topic
from cem.domain.reasons import Refused
from cem.domain.vocabulary import CaseState, Priority, Severity
from cem.engine import case_endings, cases, reopenings, rules, triage
from cem.extensions import db
from cem.models import AuditRow, CaseEvent
from tests.world import World


def publish(*written: dict[str, Any]) -> None:
    rules.publish_rules("routing", "group", {"rules": list(written)})


def rule(then: dict[str, Any], **when: Any) -> dict[str, Any]:
    return {"name": "Ours", "when": when, "then": then}


def complaint(topic: str = "hygiene", score: float = -0.8) -> Findings:
    sentiment = Sentiment("negative", -1, score, 0.9, False)
    return Findings("en", sentiment, (Topic(topic, "negative", 0.9, ()),), (), "normal", (), "test@1")


def codes(case: Any) -> list[str]:
    return [case.reason["code"], *(each["code"] for each in case.reason.get("also", []))]


def test_a_tap_is_raised_by_a_rule_in_the_commit_that_stores_it(world: World) -> None:
    publish(rule({"severity": "critical"}, ratings=["very_dissatisfied"], touchpoints=["front-desk"]))
    case = world.case(world.tap(1))
    assert (case.severity, case.priority) == (Severity.CRITICAL, Priority.P1)
    assert codes(case) == ["rule_raised", "very_dissatisfied"]
    assert case.reason["args"] == {"rule": "Ours", "version": 1, "severity": "critical"}
    assert world.case(world.tap(1, "room")).priority is Priority.P2, "elsewhere it is as before"


def test_a_rule_names_the_owner_and_promises_sooner(world: World) -> None:
    publish(rule({"owner": {"post": "region"}, "promises": {"acknowledge": 3}}, channels=["kiosk"]))
    receipt = world.tap(1)
    case = world.case(receipt)
    assert case.owner_id == world.people["gu"] and case.owner_reason["code"] == "owner_by_rule"
    assert world.promise(receipt, "acknowledge").target_seconds == 180
    assert world.promise(receipt, "first_contact").target_seconds == 7200, "no other is touched"
    assert "rule_promises" in codes(case)


def test_words_that_are_understood_later_bring_their_rules(world: World) -> None:
    publish(
        rule(
            {"owner": {"user": str(world.people["shen"])}, "promises": {"resolve": 60}},
            topics=["hygiene"],
            sites=["bund"],
        )
    )
    receipt = world.say("the glass was dirty", 1)
    world.settle()
    assert world.case(receipt).owner_id == world.people["lin"]
    triage.apply([(receipt.feedback_id, complaint())])
    world.settle()
    case = world.case(receipt)
    assert case.owner_id == world.people["shen"], "nobody had taken it"
    assert world.entry(receipt).owner_id == world.people["shen"], "what is owed follows"
    assert world.promise(receipt, "resolve").target_seconds == 3600
    assert ("shen", "page") in world.told("page")


def test_what_somebody_has_taken_stays_theirs(world: World) -> None:
    publish(rule({"owner": {"user": str(world.people["shen"])}}, topics=["hygiene"], sites=["bund"]))
    receipt = world.say("the glass was dirty", 1)
    cases.acknowledge(world.seen(receipt, "lin"))
    triage.apply([(receipt.feedback_id, complaint())])
    assert world.case(receipt).owner_id == world.people["lin"]


def test_what_opens_no_case_has_the_owner_that_a_rule_names(world: World) -> None:
    publish(rule({"owner": {"post": "manager"}}, channels=["link"]))
    assert world.entry(world.say("where do I park?", 3)).owner_id == world.people["shen"]


def test_open_cases_keep_the_version_that_they_were_opened_with(world: World) -> None:
    receipt = world.tap(1)
    publish(rule({"severity": "critical"}, ratings=["very_dissatisfied"]))
    assert world.case(receipt).priority is Priority.P2
    assert world.case(world.tap(1)).priority is Priority.P1


def test_whom_the_complaint_is_about_owns_it_neither_by_rule_nor_by_hand(world: World) -> None:
    publish(rule({"owner": {"user": str(world.people["shen"])}}, channels=["kiosk"], sites=["bund"]))
    receipt = world.tap(1, staff="shen")
    case = world.case(receipt)
    assert case.owner_id == world.people["lin"] and case.owner_reason["code"] == "owner_by_rule_recusal"
    for attempt in (
        lambda: cases.assign(world.seen(receipt, "lin"), "shen"),
        lambda: cases.acknowledge(world.seen(receipt, "shen")),
    ):
        with pytest.raises(Refused, match="recused"):
            attempt()
    kept = db.session.scalars(select(AuditRow).where(AuditRow.action == "case.recusal")).all()
    assert [row.details for row in kept] == [{"user": str(world.people["shen"])}] * 2


def test_a_worse_case_raises_the_one_it_is_merged_into(world: World) -> None:
    mild, worse = world.say("slow", 2), world.tap(1)
    triage.apply([(mild.feedback_id, complaint("service"))])
    assert world.case(mild).priority is Priority.P3
    worse_due = world.promise(worse, "resolve").due_at
    number = world.case(worse).number
    case_endings.merge(world.seen(worse, "lin"), world.case(mild).id)
    case = world.case(mild)
    assert (case.severity, case.priority) == (Severity.HIGH, Priority.P2)
    assert case.reason["code"] == "merged_worse" and case.reason["args"] == {"number": number}
    assert codes(case)[1:3] == ["dissatisfied", "very_dissatisfied"], "and why each was what it was"
    assert world.promise(mild, "acknowledge").target_seconds == 15 * 60
    assert world.promise(mild, "resolve").due_at <= worse_due, "no later than the worse one promised"
    events = db.session.scalars(select(CaseEvent.kind).where(CaseEvent.case_id == case.id)).all()
    assert "raised" in events and "paged" in events, "its ladder begins anew"


def test_a_milder_case_leaves_the_one_it_is_merged_into_as_it_was(world: World) -> None:
    bad, mild = world.tap(1), world.tap(2)
    world.settle()
    before = world.case(bad).reason, world.promise(bad, "resolve").due_at
    case_endings.merge(world.seen(mild, "lin"), world.case(bad).id)
    assert (world.case(bad).reason, world.promise(bad, "resolve").due_at) == before


def test_an_older_promise_goes_on_in_the_case_that_it_is_merged_into(world: World) -> None:
    early = world.tap(1)
    world.fast_forward(minutes=1)
    late = world.tap(1)
    due = world.promise(early, "first_contact").due_at
    case_endings.merge(world.seen(early, "lin"), world.case(late).id)
    assert world.promise(late, "first_contact").due_at == due
    assert world.entry(early).due_at == due


def test_a_merged_case_is_not_opened_again_the_other_is(world: World) -> None:
    first, second = world.tap(1), world.tap(1)
    merged, seen = world.case(first), world.seen(first, "lin")
    case_endings.merge(seen, world.case(second).id)
    with pytest.raises(Refused, match="merged_case_goes_on") as refused:
        reopenings.reopen(type(seen)(merged.id, seen.by), "not over")
    assert refused.value.reason.args == {"number": world.case(second).number}
    db.session.expire_all()
    assert db.session.get_one(type(merged), merged.id).state is CaseState.CLOSED
