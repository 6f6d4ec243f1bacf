"""A model that is worse anywhere does not read, and is told where."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from nlp.gate import LEAST, refusals

TABLE: dict[str, Any] = {
    "sentiment": {"held_out": {"n": 300, "macro_f1": 0.80, "accuracy": 0.8}},
    "pooled": {"n": 300, "macro_f1": 0.80, "accuracy": 0.8},
    "parts": {
        "language:en": {"n": 200, "macro_f1": 0.82, "accuracy": 0.8},
        "industry:bank": {"n": 40, "macro_f1": 0.75, "accuracy": 0.8},
    },
    "challenges": {
        "irony": {"n": 30, "macro_f1": 0.5, "label_right": 0.5},
        "emoji": {"n": LEAST - 1, "macro_f1": 0.9, "label_right": 0.9},
    },
    "risks": {"recall_of_any": 0.9, "codes": {"injury": {"support": 9, "recall": 0.9}}},
}


def changed(**parts: tuple[float, float]) -> dict[str, Any]:
    """The table with other figures of some parts: `language_en=(mean F1, share that is right)`."""
    table = deepcopy(TABLE)
    for group in ("sentiment", "parts", "challenges"):
        for name, row in table[group].items():
            _put(row, parts.get(name.replace(":", "_")))
    _put(table["pooled"], parts.get("pooled"))
    return table


def _put(row: dict[str, Any], figures: tuple[float, float] | None) -> None:
    if figures:
        row["macro_f1"], row["accuracy" if "accuracy" in row else "label_right"] = figures


def told(after: dict[str, Any]) -> set[tuple[str, str]]:
    return {(refusal.code, refusal.part) for refusal in refusals(TABLE, after)}


def test_the_same_model_may_stay() -> None:
    assert refusals(TABLE, TABLE) == ()


def test_two_points_are_borne_and_more_is_not() -> None:
    assert told(changed(language_en=(0.80, 0.78))) == set()
    assert told(changed(language_en=(0.799, 0.78))) == {("worse", "language:en")}


def test_each_part_each_kind_of_challenge_and_all_together_are_judged() -> None:
    assert told(changed(industry_bank=(0.5, 0.6))) == {("worse", "industry:bank")}
    assert told(changed(irony=(0.4, 0.4))) == {("worse", "challenge:irony")}
    assert told(changed(pooled=(0.7, 0.7))) == {("worse", "pooled")}


def test_being_better_elsewhere_makes_good_for_nothing() -> None:
    after = changed(pooled=(0.99, 0.99), held_out=(0.99, 0.99), irony=(0.3, 0.3))
    assert told(after) == {("worse", "challenge:irony")}


def test_one_or_two_texts_are_chance_and_three_are_not() -> None:
    assert told(changed(irony=(0.4, 0.5 - 2 / 30))) == set()
    assert told(changed(irony=(0.4, 0.5 - 3 / 30))) == {("worse", "challenge:irony")}


def test_what_has_few_texts_is_not_judged() -> None:
    assert told(changed(emoji=(0.1, 0.1))) == set()


def test_a_risk_that_is_missed_more_often_is_enough() -> None:
    fewer = deepcopy(TABLE)
    fewer["risks"]["codes"]["injury"]["recall"] = 0.89
    assert told(fewer) == {("risks", "injury")}
    fewer["risks"]["recall_of_any"] = 0.89
    assert told(fewer) == {("risks", "any"), ("risks", "injury")}


def test_what_was_not_measured_is_no_pass() -> None:
    after = deepcopy(TABLE)
    del after["challenges"]["irony"], after["risks"]["codes"]["injury"]
    assert told(after) == {("missing", "challenge:irony"), ("risks", "injury")}
    assert all(refusal.after is None for refusal in refusals(TABLE, after))
