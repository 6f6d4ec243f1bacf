"""The promises every pack starts with, and the floor below which nobody may promise."""

from __future__ import annotations

from copy import deepcopy
from datetime import timedelta
from typing import Any

import pytest

from cem.domain.promises import DEFAULT_POLICY, Policy
from cem.domain.reasons import Invalid, Refused
from cem.domain.vocabulary import Hours, Priority, PromiseKind


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


@pytest.mark.parametrize(
    ("priority", "acknowledge", "first_contact", "resolve", "hours", "expires"),
    [
        ("p1", 5, 30, 24 * 60, "wall", 240),
        ("p2", 15, 120, 48 * 60, "wall", 480),
        ("p3", 240, 480, 40 * 60, "business", None),
        ("p4", 480, 960, 80 * 60, "business", None),
    ],
)
def test_the_promises_that_every_pack_starts_with(
    priority: str, acknowledge: int, first_contact: int, resolve: int, hours: str, expires: int | None
) -> None:
    table = DEFAULT_POLICY[Priority(priority)]
    assert table.target(PromiseKind.ACKNOWLEDGE) == minutes(acknowledge)
    assert table.target(PromiseKind.FIRST_CONTACT) == minutes(first_contact)
    assert table.target(PromiseKind.RESOLVE) == minutes(resolve)
    assert table.hours == Hours(hours)
    assert table.acknowledgement_expires == (minutes(expires) if expires else None)


def test_a_policy_survives_its_document() -> None:
    assert Policy.from_document(DEFAULT_POLICY.to_document()) == DEFAULT_POLICY


def changed(priority: str, **values: Any) -> dict[str, Any]:
    document = deepcopy(DEFAULT_POLICY.to_document())
    document[priority].update(values)
    return document


def test_a_promise_slower_than_the_floor_is_refused_by_its_name() -> None:
    with pytest.raises(Refused) as refusal:
        Policy.from_document(changed("p4", resolve=80 * 60 + 1))
    assert refusal.value.reason.args == {"promises": ["p4.resolve"]}


def test_a_promise_faster_than_the_floor_is_welcome() -> None:
    assert Policy.from_document(changed("p4", resolve=60 * 60))[Priority.P4].resolve == minutes(3600)


def test_a_higher_priority_may_not_be_slower_than_a_lower_one() -> None:
    with pytest.raises(Refused) as refusal:
        Policy.from_document(changed("p1", first_contact=121))
    assert refusal.value.reason.code == "policy.value_lowers"
    assert refusal.value.reason.args == {"promises": ["p1.first_contact"]}


def test_a_higher_priority_may_not_wait_for_the_opening_where_a_lower_one_does_not() -> None:
    with pytest.raises(Refused):
        Policy.from_document(changed("p1", hours="business"))


@pytest.mark.parametrize(
    "values",
    [
        {"hours": "sometimes"},
        {"acknowledge": 0},
        {"acknowledge": -5},
        {"acknowledge": 2.5},
        {"acknowledge": True},
        {"acknowledge": "5"},
        {"resolve": None},
        {"ladder": None},
        {"ladder": {"steps": ["later"], "every": 15}},
        {"ladder": {"steps": [2, 5]}},
        {"ladder": {"steps": [5, 2], "every": 15}},
        {"acknowledgement_expires": 0},
    ],
)
def test_a_document_that_makes_no_sense_is_refused_by_its_priority(values: dict[str, Any]) -> None:
    with pytest.raises(Invalid) as refusal:
        Policy.from_document(changed("p1", **values))
    assert list(refusal.value.fields) == ["p1"]


def test_a_missing_priority_is_refused() -> None:
    document = DEFAULT_POLICY.to_document()
    del document["p3"]
    with pytest.raises(Invalid) as refusal:
        Policy.from_document(document)
    assert list(refusal.value.fields) == ["p3"]
