"""What people said of topics and risks, learned: small heads over the encoder's vector, beside the words.

A head begins with what the words found (`_ABSENT` where they found nothing) and is held to it so hard that
few corrections move little: only what is like the texts that people corrected changes.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import exp, log
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from cem.domain.findings import Findings, Label, Risk, Topic
from cem.domain.severity import CRITICAL_RISKS
from nlp.models.carried import Floats

LEAST: Final = 5
"""Corrections against the words before a topic or a risk gets a head: fewer leave what is shipped."""
_ABSENT: Final = -3.0
_SUREST: Final = 0.95
_HELD, _BIAS_HELD = 1.0, 100.0
_STEPS, _SMALL, _CLEAR = 25, 1e-6, 0.3
NEVER_STRUCK: Final = frozenset(code.value for code in CRITICAL_RISKS)
"""What words say of these pages whatever was learned: recall first."""

Doubles = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Said:
    """One text: its vector, what words found (code to confidence), what is right, and of which codes that is
    known (None: of all of its pack)."""

    vector: Floats
    found: Mapping[str, float]
    right: Collection[str]
    codes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Weights:
    direction: Floats
    bias: float


@dataclass(frozen=True, slots=True)
class Learned:
    """`mean` is taken off every vector first. Topics and risks by their code."""

    mean: Floats
    topics: Mapping[str, Weights]
    risks: Mapping[str, Weights]

    @classmethod
    def of(cls, stored: Mapping[str, Any] | None) -> Learned | None:
        if not stored:
            return None
        topics, risks = (_weights(stored[kind]) for kind in ("topics", "risks"))
        return cls(np.array(stored["mean"], np.float32), topics, risks)

    def topics_of(
        self, found: tuple[Topic, ...], vector: Floats, known: Collection[str], score: float
    ) -> tuple[Topic, ...]:
        """Those of `known` that are there; one that no word named is about the whole text."""
        said = {topic.code: topic.confidence for topic in found}
        sure = self._sure(self.topics, said, vector, known)
        kept = [topic for topic in found if sure.get(topic.code, 1.0) > 0.5]
        new = [code for code, share in sure.items() if share > 0.5 and code not in said]
        return (*kept, *(Topic(code, _side(score), round(sure[code], 4), ()) for code in new))

    def risks_of(self, found: tuple[Risk, ...], vector: Floats) -> tuple[Risk, ...]:
        """In the order of their codes; what pages at once is never struck out."""
        said = {risk.code: risk.confidence for risk in found}
        sure = self._sure(self.risks, said, vector, self.risks)
        kept = [risk for risk in found if risk.code in NEVER_STRUCK or sure.get(risk.code, 1.0) > 0.5]
        new = [
            Risk(code, round(share, 4)) for code, share in sure.items() if share > 0.5 and code not in said
        ]
        return tuple(sorted((*kept, *new), key=lambda risk: risk.code))

    def _sure(
        self,
        heads: Mapping[str, Weights],
        said: Mapping[str, float],
        vector: Floats,
        known: Collection[str],
    ) -> dict[str, float]:
        inside = vector - self.mean
        return {
            code: _share(_before(said, code) + float(inside @ head.direction) + head.bias)
            for code, head in heads.items()
            if code in known
        }


def fit(
    topics: Sequence[Said], risks: Sequence[Said], wanted: tuple[Collection[str], Collection[str]]
) -> Any:
    """As it is stored: a head for each of the `wanted` topics and risks."""
    rows = [*topics, *risks]
    if not rows or not any(wanted):
        return None
    mean: Doubles = np.array([each.vector for each in rows], np.float64).mean(axis=0)
    heads = [
        {code: _head(code, [each for each in said if code in each.codes], mean) for code in sorted(codes)}
        for said, codes in zip((topics, risks), wanted, strict=True)
    ]
    return {"mean": _rounded(mean), "topics": heads[0], "risks": heads[1]}


def enough(decisions: Iterable[tuple[str, bool, Mapping[str, float]]]) -> set[str]:
    """The codes of which people said `LEAST` times the contrary of what words had found."""
    against = [code for code, there, found in decisions if there != (code in found)]
    return {code for code in against if against.count(code) >= LEAST}


def found_topics(findings: Findings) -> dict[str, float]:
    return {topic.code: topic.confidence for topic in findings.topics}


def found_risks(findings: Findings) -> dict[str, float]:
    return {risk.code: risk.confidence for risk in findings.risks}


Found = Callable[[Findings], Mapping[str, float]]


def _weights(stored: Mapping[str, Any]) -> dict[str, Weights]:
    return {
        code: Weights(np.array(each["direction"], np.float32), each["bias"]) for code, each in stored.items()
    }


def _head(code: str, said: Sequence[Said], mean: Doubles) -> dict[str, Any]:
    """Logistic regression that begins at what the words say, by Newton's method."""
    inside = np.array([each.vector for each in said], np.float64) - mean
    inputs = np.column_stack([inside, np.ones(len(said))])
    before = np.array([_before(each.found, code) for each in said])
    there = np.array([code in each.right for each in said], np.float64)
    held = np.full(inputs.shape[1], _HELD)
    held[-1] = _BIAS_HELD
    weights = np.zeros(inputs.shape[1])
    for _ in range(_STEPS):
        share = 1.0 / (1.0 + np.exp(-np.clip(before + inputs @ weights, -30.0, 30.0)))
        slope = inputs.T @ (share - there) + held * weights
        curve = (inputs * (share * (1.0 - share))[:, None]).T @ inputs + np.diag(held)
        step = np.linalg.solve(curve, slope)
        weights -= step
        if np.abs(step).max() < _SMALL:
            break
    return {"direction": _rounded(weights[:-1]), "bias": round(float(weights[-1]), 4)}


def _before(found: Mapping[str, float], code: str) -> float:
    if code not in found:
        return _ABSENT
    sure = min(_SUREST, max(1.0 - _SUREST, found[code]))
    return log(sure / (1.0 - sure))


def _share(log_odds: float) -> float:
    return 1.0 / (1.0 + exp(-max(-30.0, min(30.0, log_odds))))


def _side(score: float) -> Label:
    if abs(score) < _CLEAR:
        return "neutral"
    return "positive" if score > 0 else "negative"


def _rounded(values: Doubles) -> list[float]:
    return [round(float(value), 4) for value in values]
