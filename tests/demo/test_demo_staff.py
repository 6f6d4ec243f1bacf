"""What the simulated staff do with a case."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import pytest

from cem.demo.chance import seeded
from cem.demo.staff import CaseSeen, StaffAction, plan_actions, topic_of
from cem.domain.case import CaseSnapshot, decide
from cem.domain.vocabulary import CaseAction, CaseState, Outcome, PauseReason, ResolutionCode, Via

OPENED = datetime(2026, 11, 20, 12, tzinfo=UTC)
TARGETS = {"p1": 5, "p2": 15, "p3": 240}


def case(
    number: int = 1, priority: str = "p2", channel: str = "link", **more: str | tuple[str, ...]
) -> CaseSeen:
    seen: dict[str, object] = {"language": "zh-Hans", "colleagues": ("anna", "bo"), **more}
    return CaseSeen(str(number), priority, channel, **seen)  # type: ignore[arg-type]


def plans(count: int = 400, priority: str = "p2", channel: str = "link") -> list[list[StaffAction]]:
    return [plan_actions(case(i, priority, channel), seeded(7, i)) for i in range(count)]


def walk(plan: Iterable[StaffAction]) -> CaseState:
    """Where the state machine ends; it raises when it refuses a step."""
    state, paused, answered = CaseState.OPEN, None, False
    for step in plan:
        action = CaseAction.PAUSE_CUSTOMER if step.action == "pause" else CaseAction(step.action)
        reached = step.body.get("outcome") == Outcome.REACHED
        snapshot = CaseSnapshot(state, paused, answered, None)
        decision = decide(snapshot, action, OPENED + step.after, reached=reached, reply="reply" in step.body)
        state, answered = decision.to, answered or reached
        paused = PauseReason.WAITING_CUSTOMER if state is CaseState.WAITING_CUSTOMER else None
    return state


@pytest.mark.parametrize("channel", ["kiosk", "link", "email", "call", "review", "complaint"])
def test_no_step_of_any_plan_is_refused(channel: str) -> None:
    ends = Counter(walk(plan) for plan in plans(channel=channel))
    assert ends[CaseState.RESOLVED] + ends[CaseState.CLOSED] > 340


def test_the_same_seed_does_the_same() -> None:
    assert plan_actions(case(), seeded(7, "x")) == plan_actions(case(), seeded(7, "x"))


def test_steps_come_one_after_another() -> None:
    for plan in plans():
        times = [step.after for step in plan]
        assert times == sorted(times) and times[0] > timedelta()


@pytest.mark.parametrize("priority", TARGETS)
def test_most_acknowledge_in_time_and_some_too_late(priority: str) -> None:
    target = timedelta(minutes=TARGETS[priority])
    late = sum(plan[0].after >= target for plan in plans(priority=priority))
    assert 0.03 < late / 400 < 0.15


def test_a_few_are_handed_over_and_dismissals_are_rare() -> None:
    steps = Counter(step.action for plan in plans(channel="kiosk") for step in plan)
    assert 10 < steps["assignment"] < 80
    assert 1 <= steps["dismissal"] < 30


def test_bodies_hold_the_codes_of_the_contract() -> None:
    for step in (step for plan in plans() for step in plan):
        if step.action == "contacts":
            assert Via(step.body["via"]) and Outcome(step.body["outcome"]) and step.body["summary"]
        if step.action == "resolution":
            assert ResolutionCode(step.body["code"]) and step.body["summary"] and step.body["reply"]
        if step.action == "assignment":
            assert step.body["user"] in ("anna", "bo")


def test_the_reply_is_about_the_risk_first_and_then_about_the_topic() -> None:
    assert topic_of(case(risks=("injury",), topics=("waiting_time",))) == "injury"
    assert topic_of(case(topics=("something", "waiting_time"))) == "waiting"
    assert topic_of(case(topics=("something",))) == "general"


def test_guests_are_answered_in_their_own_language() -> None:
    seen = case(language="yue-Hant", topics=("breakfast",))
    replies = {
        step.body["reply"]
        for i in range(20)
        for step in plan_actions(seen, seeded(i))
        if step.action == "resolution"
    }
    assert any("嘅" in reply or "點心" in reply or "現煮麵" in reply for reply in replies)
