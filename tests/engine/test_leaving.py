"""Somebody stops working here: nothing that they owned is left behind, and nothing new comes to them."""

from __future__ import annotations

import pytest

from cem.domain.reasons import Invalid, NotFound, Refused
from cem.domain.vocabulary import CaseState, Priority, Via
from cem.engine import cases, leaving, organisation, reopenings, rules, verify
from cem.extensions import db
from cem.ids import new_id
from cem.models import AuditRow, RuleVersion, User
from tests.engine.moves import bring, complaint
from tests.engine.together import at_once
from tests.world import MONDAY, World


def leave(world: World, who: str) -> None:
    leaving.end_user(world.people[who], world.actor("admin"))


def test_everything_they_own_goes_to_whoever_is_next(world: World) -> None:
    case, waiting, solved, owed = complaint(world), complaint(world), complaint(world), world.tap(3)
    bring(world, waiting, CaseState.WAITING_CUSTOMER)
    bring(world, solved, CaseState.RESOLVED)
    leave(world, "lin")
    for receipt in (case, waiting, solved):
        assert world.case(receipt).owner_id == world.people["shen"]
    for receipt in (case, waiting, owed):
        assert world.entry(receipt).owner_id == world.people["shen"]
    assert world.case(case).owner_reason["code"] == "owner_by_departure"
    world.settle()
    assert ("shen", "page") in world.told() and ("shen", "news") in world.told()
    assert verify.faults() == []


def test_they_get_nothing_new_and_are_signed_out(world: World) -> None:
    leave(world, "lin")
    assert world.case(complaint(world)).owner_id == world.people["shen"]
    user = db.session.get_one(User, world.people["lin"])
    assert (user.ended_at, user.session_version) == (MONDAY, 2)
    with pytest.raises(Invalid):
        cases.assign(world.seen(complaint(world), "shen"), "lin")


def test_the_fallback_owner_stays_while_they_are_the_fallback(world: World) -> None:
    before = db.session.scalar(db.select(db.func.count()).select_from(AuditRow))
    with pytest.raises(Refused, match="fallback_cannot_leave") as refusal:
        leave(world, "fallback")
    assert "bund" in refusal.value.reason.args["sites"]
    assert db.session.get_one(User, world.people["fallback"]).ended_at is None
    assert db.session.scalar(db.select(db.func.count()).select_from(AuditRow)) == before


def test_nobody_leaves_twice_and_nobody_unknown_leaves(world: World) -> None:
    leave(world, "lin")
    with pytest.raises(Refused, match="user_has_left"):
        leave(world, "lin")
    with pytest.raises(NotFound):
        leaving.end_user(new_id(MONDAY), world.actor("admin"))


def test_a_reopened_case_does_not_go_back_to_who_has_left(world: World) -> None:
    receipt = complaint(world)
    bring(world, receipt, CaseState.CLOSED)
    leave(world, "lin")
    reopenings.reopen(world.seen(receipt, "shen"), "not over")
    assert world.case(receipt).owner_id == world.entry(receipt).owner_id == world.people["shen"]
    assert verify.faults() == []


def test_a_complaint_about_the_next_in_line_goes_past_them(world: World) -> None:
    receipt = world.tap(1, staff="shen")
    leave(world, "lin")
    assert world.case(receipt).owner_id != world.people["shen"]


def test_leaving_while_feedback_comes_in_and_cases_are_taken_leaves_nothing(world: World) -> None:
    taken = [complaint(world) for _ in range(4)]
    seen = [world.seen(receipt, "lin") for receipt in taken]
    at_once(
        world.app,
        *[lambda: world.tap(1)] * 4,
        *[lambda: world.tap(3)] * 2,
        lambda: leave(world, "lin"),
        *[lambda s=s: cases.contact(s, Via.PHONE, "called") for s in seen],
    )
    found = verify.ledger_faults()
    assert found == []


def test_a_published_rule_holds_at_once_and_keeps_its_history(world: World) -> None:
    with db.engines[None].connect() as connection:
        roster = organisation.fresh(connection).by_code["bund"].roster.to_document()
    roster["shifts"] = [s for s in roster["shifts"] if str(world.people["lin"]) not in str(s)]
    complaint(world)
    rules.publish_rules("roster", "bund", roster, world.actor("admin"))
    assert world.case(complaint(world)).owner_id == world.people["shen"]
    versions = db.session.scalars(
        db.select(RuleVersion.version).where(
            RuleVersion.kind == "roster", RuleVersion.site_id == world.places["bund"]
        )
    )
    assert sorted(versions) == [1, 2]


def test_rules_without_sense_are_not_published(world: World) -> None:
    from cem.domain.promises import DEFAULT_POLICY

    slow = DEFAULT_POLICY.to_document()
    slow[Priority.P4] |= {"resolve": 81 * 60}
    with pytest.raises(Refused, match=r"policy\.slower_than_floor"):
        rules.publish_rules("policy", "group", slow)
    with pytest.raises(NotFound):
        rules.publish_rules("ladder", "nowhere", {"steps": ["duty"]})
    with pytest.raises(Invalid):
        rules.publish_rules("weather", "group", {})
    gone = {"timezone": "Asia/Shanghai", "shifts": [], "overrides": [], "fallback": str(new_id(MONDAY))}
    with pytest.raises(Refused, match="fallback_must_work_here"):
        rules.publish_rules("roster", "bund", gone)


def test_two_who_publish_at_once_take_turns(world: World) -> None:
    def publish() -> object:
        return rules.publish_rules("ladder", "bund", {"steps": ["duty", "manager"]})

    found = at_once(world.app, *[publish] * 4)
    assert not [each for each in found if isinstance(each, Exception)]
    versions = db.session.scalars(
        db.select(RuleVersion.version).where(
            RuleVersion.kind == "ladder", RuleVersion.site_id == world.places["bund"]
        )
    )
    assert sorted(versions) == [1, 2, 3, 4]
