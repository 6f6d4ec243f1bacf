"""Whether a new model may take the place of the one in use. Pure: two documents of `nlp.tables`, and reasons.

A model is refused for losing more than `MOST_LOST` of the mean F1 on anything that is judged (each set, each
language and industry, every kind of challenge, and all together), as much of what is found of the topics of a
set, for missing more risks, or for agreeing less with what people said of topics and risks. What has fewer
than `LEAST` texts is not judged, and a loss of fewer than `BY_CHANCE` texts is none: among thirty texts one
alone moves the mean F1 by four points and more. The blind exam is not asked: what decides is soon fitted to.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

MOST_LOST: Final = 0.02
LEAST: Final = 20
BY_CHANCE: Final = 3

_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Refusal:
    """`code`: `worse` (mean F1), `risks` (recall), `topics` (micro F1 of those mentioned), `decisions` (what
    people said of topics or risks in the frozen tenth) or `missing` (not measured); shares of 0..1."""

    code: str
    part: str
    before: float
    after: float | None


def refusals(before: dict[str, Any], after: dict[str, Any]) -> tuple[Refusal, ...]:
    """Why `after` must not replace `before`; nothing at all where it may. Both measured on the same texts."""
    return (
        *_worse(before, after),
        *_risks(before["risks"], after["risks"]),
        *_topics(before.get("topics", {}), after.get("topics", {})),
        *_decisions(before.get("decisions", {}), after.get("decisions", {})),
    )


def _worse(before: dict[str, Any], after: dict[str, Any]) -> Iterator[Refusal]:
    now = dict(_judged(after))
    for part, (f1, right) in _judged(before):
        if part not in now:
            yield Refusal("missing", part, f1, None)
            continue
        f1_now, right_now = now[part]
        if f1 - f1_now > MOST_LOST + _ROUNDING and right - right_now >= BY_CHANCE:
            yield Refusal("worse", part, f1, f1_now)


def _judged(table: dict[str, Any]) -> Iterator[tuple[str, tuple[float, int]]]:
    """Each part with its mean F1 and how many of its texts are right."""
    groups = (("", table["sentiment"]), ("", table["parts"]), ("challenge:", table["challenges"]))
    for prefix, rows in (*groups, ("", {"pooled": table["pooled"]})):
        for name, row in rows.items():
            if row["n"] >= LEAST:
                right = round(row["n"] * row.get("accuracy", row.get("label_right", 0.0)))
                yield f"{prefix}{name}", (row["macro_f1"], right)


def _risks(before: dict[str, Any], after: dict[str, Any]) -> Iterator[Refusal]:
    """Recall first: no risk may be missed more often than before, however few its texts are."""
    if after["recall_of_any"] < before["recall_of_any"] - _ROUNDING:
        yield Refusal("risks", "any", before["recall_of_any"], after["recall_of_any"])
    for code, row in before["codes"].items():
        found = after["codes"].get(code)
        recall = found["recall"] if found else None
        if row["support"] and (recall is None or recall < row["recall"] - _ROUNDING):
            yield Refusal("risks", code, row["recall"], recall)


def _topics(before: dict[str, Any], after: dict[str, Any]) -> Iterator[Refusal]:
    """A set whose topics are no longer found as well."""
    for name, row in before.items():
        was, now = row["mentioned"], after.get(name, {}).get("mentioned")
        if was["n"] < LEAST:
            continue
        if now is None:
            yield Refusal("missing", name, was["micro_f1"], None)
        elif was["micro_f1"] - now["micro_f1"] > MOST_LOST + _ROUNDING:
            yield Refusal("topics", name, was["micro_f1"], now["micro_f1"])


def _decisions(before: dict[str, Any], after: dict[str, Any]) -> Iterator[Refusal]:
    """What people said of a topic or a risk is met no more seldom, however few they were."""
    for name, row in before.items():
        now = after.get(name, {"right": 0})
        if row["n"] and now["right"] < row["right"]:
            yield Refusal("decisions", name, row["right"] / row["n"], now["right"] / row["n"])
