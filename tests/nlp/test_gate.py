"""A model that is worse anywhere does not read, and is told where."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from nlp.gate import LEAST, refusals

TABLE: dict[str, Any] = {
    "sentiment": {"held_out": {"n": 300, "macro_f1": 0.80}},
    "pooled": {"n": 300, "macro_f1": 0.80},
    "parts": {"language:en": {"n": 90, "macro_f1": 0.82}, "industry:bank": {"n": 40, "macro_f1": 0.75}},
    "challenges": {"irony": {"n": 30, "macro_f1": 0.5}, "emoji": {"n": LEAST - 1, "macro_f1": 0.9}},
    "risks": {"recall_of_any": 0.9, "codes": {"injury": {"support": 9, "recall": 0.9}}},
}


def changed(**paths: float) -> dict[str, Any]:
    """The table with figures written over: `parts__language_en__macro_f1`."""
    table = deepcopy(TABLE)
    for path, value in paths.items():
        *way, last = path.split("__")
        spot = table
        for step in way:
            spot = spot[next(name for name in spot if name.replace(":", "_") == step)]
        spot[last] = value
    return table


def told(after: dict[str, Any]) -> set[tuple[str, str]]:
    return {(refusal.code, refusal.part) for refusal in refusals(TABLE, after)}


def test_the_same_model_may_stay() -> None:
    assert refusals(TABLE, TABLE) == ()


def test_two_points_are_borne_and_more_is_not() -> None:
    assert told(changed(parts__language_en__macro_f1=0.80)) == set()
    assert told(changed(parts__language_en__macro_f1=0.799)) == {("worse", "language:en")}


def test_each_part_each_kind_of_challenge_and_all_together_are_judged() -> None:
    assert told(changed(parts__industry_bank__macro_f1=0.5)) == {("worse", "industry:bank")}
    assert told(changed(challenges__irony__macro_f1=0.4)) == {("worse", "challenge:irony")}
    assert told(changed(pooled__macro_f1=0.7)) == {("worse", "pooled")}


def test_being_better_elsewhere_makes_good_for_nothing() -> None:
    after = changed(
        pooled__macro_f1=0.99, sentiment__held_out__macro_f1=0.99, challenges__irony__macro_f1=0.3
    )
    assert told(after) == {("worse", "challenge:irony")}


def test_what_has_few_texts_is_not_judged() -> None:
    assert told(changed(challenges__emoji__macro_f1=0.1)) == set()


def test_a_risk_that_is_missed_more_often_is_enough() -> None:
    assert told(changed(risks__codes__injury__recall=0.89)) == {("risks", "injury")}
    assert told(changed(risks__recall_of_any=0.89)) == {("risks", "any")}


def test_what_was_not_measured_is_no_pass() -> None:
    after = deepcopy(TABLE)
    del after["challenges"]["irony"], after["risks"]["codes"]["injury"]
    assert told(after) == {("missing", "challenge:irony"), ("risks", "injury")}
    assert all(refusal.after is None for refusal in refusals(TABLE, after))
