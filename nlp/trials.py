"""What is asked of findings beside their sentiment: risks, the challenge list, and similar messages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from cem.domain.findings import Findings
from nlp.labelled import Labelled
from nlp.scoring import class_scores, mean, score_of, share

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Pairs = Sequence[tuple[Labelled, Findings]]
Table = dict[str, Any]

_AT_ONCE = 256


def risks(pairs: Pairs) -> Table:
    """Per risk: how many of those that are there are found, and how many of those found are there."""
    told = [
        (set(row.risks), {risk.code for risk in found.risks}) for row, found in pairs if row.risks is not None
    ]
    table = {}
    for code in sorted({code for gold, guessed in told for code in gold | guessed}):
        hits = sum(code in gold and code in guessed for gold, guessed in told)
        alarms = sum(code not in gold and code in guessed for gold, guessed in told)
        missed = sum(code in gold and code not in guessed for gold, guessed in told)
        table[code] = asdict(score_of(hits, alarms, missed))
    there = [bool(gold & guessed) for gold, guessed in told if gold]
    without = [bool(guessed) for gold, guessed in told if not gold]
    return {
        "n": len(told),
        "with_risk": len(there),
        "recall_of_any": share(there),
        "false_alarms": share(without),
        "codes": table,
    }


def challenges(pairs: Pairs) -> Table:
    """Per kind: label, topics and risks each as they should be, all at once for `all_right`."""
    return {
        kind: _kind([(row, found) for row, found in pairs if row.kind == kind])
        for kind in sorted({row.kind for row, _ in pairs})
    }


def _kind(pairs: Pairs) -> Table:
    gold = [str(row.sentiment) for row, _ in pairs]
    guessed = [found.sentiment.label for _, found in pairs]
    return {
        "n": len(pairs),
        "label_right": share(one == other for one, other in zip(gold, guessed, strict=True)),
        "sign_right": _signs_right(pairs),
        "macro_f1": mean(score.f1 for score in class_scores(gold, guessed).values()),
        "all_right": share(_all_right(row, found) for row, found in pairs),
    }


def _signs_right(pairs: Pairs) -> float:
    return share(
        (found.sentiment.score > 0) == (row.sentiment == "positive")
        for row, found in pairs
        if row.sentiment != "neutral"
    )


def _all_right(row: Labelled, found: Findings) -> bool:
    said = {topic.code: topic.sentiment for topic in found.topics}
    topics = all(said.get(code) == label for code, label in (row.aspects or {}).items())
    risks_right = row.risks is None or set(row.risks) == {risk.code for risk in found.risks}
    return topics and risks_right and found.sentiment.label == row.sentiment


def similar(vectors: NDArray[np.float32], intents: Sequence[str]) -> Table:
    """Each text against all the others: is the nearest, is one of the nearest three, of the same intent?"""
    import numpy as np

    same = np.array(intents)
    first = third = 0
    for start in range(0, len(vectors), _AT_ONCE):
        near = vectors[start : start + _AT_ONCE] @ vectors.T
        rows = np.arange(len(near))
        near[rows, start + rows] = -2.0
        best = np.argsort(-near, axis=1)[:, :3]
        hits = same[best] == same[start + rows][:, None]
        first += int(hits[:, 0].sum())
        third += int(hits.any(axis=1).sum())
    return {"n": len(vectors), "hit_1": first / len(vectors), "hit_3": third / len(vectors)}
