"""Whether the texts of a week, or what one model made of them, are still like those of the weeks before.

The population stability index, PSI = Σ (aᵢ − eᵢ)·ln(aᵢ / eᵢ) over the bins of a measure, where eᵢ is the
share of a bin before and aᵢ now; it is 0 where nothing moved. Under 0.1 is steady and from 0.25 on changed,
by convention (N. Siddiqi, Credit Risk Scorecards, Wiley 2006). Where nothing moved at all its mean is still
about (B − 1)·(1/n + 1/m) for B bins (B. Yurdakul, Statistical Properties of the Population Stability Index,
Western Michigan University 2018), so that few texts in many bins look like a change: then nothing is said.
Half a text is added to each bin, so that an empty one is no infinite change.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import log
from typing import Final, Literal

from cem.domain.findings import Findings

MEASURES: Final = ("topics", "levels", "languages", "lengths", "confidence", "abstained")
LOOK, CHANGED = 0.1, 0.25
FEWEST: Final = 100
"""Texts in a week, and before it, that something can be said of."""
WEEKS: Final = 8
"""How many weeks before are what a week is compared with."""
NO_TOPIC: Final = "-"
POOLED: Final = 0.03
"""Bins that hold less, before and now, are one bin together."""
_LENGTHS: Final = (10, 30, 100, 300)
_CONFIDENCES: Final = (0.6, 0.7, 0.8, 0.9)

Standing = Literal["few", "steady", "look", "changed"]
Counts = Mapping[str, Mapping[str, int]]
"""For each measure how often each bin was seen."""


@dataclass(frozen=True, slots=True)
class Week:
    """What one model made of one week's texts; `key` names the week and orders them."""

    key: str
    texts: int
    counts: Counts


@dataclass(frozen=True, slots=True)
class Drift:
    """`value` is the index; None where there is nothing to compare. `moved`: the bin that moved most, with
    its share before and now. `n` and `before` are texts."""

    measure: str
    value: float | None
    standing: Standing
    n: int
    before: int
    moved: tuple[str, float, float] | None = None


def observe(findings: Findings, length: int) -> Iterator[tuple[str, str]]:
    """(measure, bin) of one text of `length` code points."""
    for code in {topic.code for topic in findings.topics} or {NO_TOPIC}:
        yield "topics", code
    yield "levels", str(findings.sentiment.level)
    yield "languages", findings.language
    yield "lengths", _bin(length, _LENGTHS)
    yield "confidence", _bin(findings.sentiment.confidence, _CONFIDENCES)
    yield "abstained", "yes" if findings.sentiment.abstained else "no"


def drifts(week: Week, before: Sequence[Week]) -> list[Drift]:
    """Every measure of a week against the weeks before it, read by the same model."""
    texts = sum(each.texts for each in before)
    return [
        _drift(measure, week, texts, _together(each.counts.get(measure, {}) for each in before))
        for measure in MEASURES
    ]


def history(weeks: Sequence[Week]) -> list[list[Drift]]:
    """The drifts of each of these weeks, oldest first, each against the eight before it that there are."""
    return [drifts(week, weeks[max(0, i - WEEKS) : i]) for i, week in enumerate(weeks)]


def psi(before: Mapping[str, int], now: Mapping[str, int]) -> float:
    """The index of two sets of counts; 0 where one is empty."""
    return sum((a - e) * log(a / e) for _, e, a in _shares(before, now))


def _drift(measure: str, week: Week, texts: int, before: Mapping[str, int]) -> Drift:
    before, now = _pooled(before, week.counts.get(measure, {}))
    if not before or not now:
        return Drift(measure, None, "few", week.texts, texts)
    value = psi(before, now)
    bins = len(before.keys() | now.keys())
    noise = (bins - 1) * (1 / sum(now.values()) + 1 / sum(before.values()))
    few = min(week.texts, texts) < FEWEST or noise > LOOK
    code, was, is_now = max(_shares(before, now), key=_movement)
    return Drift(measure, value, "few" if few else standing(value), week.texts, texts, (code, was, is_now))


def standing(value: float) -> Standing:
    """The index as a word."""
    return "changed" if value >= CHANGED else "look" if value >= LOOK else "steady"


def _movement(bin: tuple[str, float, float]) -> tuple[float, float, str]:
    """How far it moved; of two that moved as far the one that grew."""
    code, was, is_now = bin
    return round(abs(is_now - was), 6), is_now - was, code


def _shares(before: Mapping[str, int], now: Mapping[str, int]) -> list[tuple[str, float, float]]:
    bins = sorted(before.keys() | now.keys())
    if not before or not now:
        return []
    e, a = (sum(each.values()) + len(bins) / 2 for each in (before, now))
    return [(code, (before.get(code, 0) + 0.5) / e, (now.get(code, 0) + 0.5) / a) for code in bins]


def _pooled(before: Mapping[str, int], now: Mapping[str, int]) -> tuple[Counter[str], Counter[str]]:
    totals = [sum(each.values()) or 1 for each in (before, now)]
    large = {
        code
        for each, total in zip((before, now), totals, strict=True)
        for code, count in each.items()
        if count >= POOLED * total
    }
    one, other = Counter[str](), Counter[str]()
    for kept, each in ((one, before), (other, now)):
        for code, count in each.items():
            kept[code if code in large else "…"] += count
    return one, other


def _together(all_counts: Iterable[Mapping[str, int]]) -> Counter[str]:
    found: Counter[str] = Counter()
    for counts in all_counts:
        found.update(counts)
    return found


def _bin(value: float, edges: Sequence[float]) -> str:
    """`<10`, `10-30`, … `300+`: which bin a value falls into."""
    above = [edge for edge in edges if value >= edge]
    if not above:
        return f"<{edges[0]:g}"
    if len(above) == len(edges):
        return f"{edges[-1]:g}+"
    return f"{above[-1]:g}-{edges[len(above)]:g}"
