"""What is asked of findings beside the plain sets: risks, the challenge list, the exam, similar messages."""

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


def exam(pairs: Pairs) -> Table:
    """Only the label: of all questions, and kind by kind. `n` is 0 where there are none."""
    return _labels(pairs) | {
        "kinds": {
            kind: _labels([(row, found) for row, found in pairs if row.kind == kind])
            for kind in sorted({row.kind for row, _ in pairs})
        }
    }


def _kind(pairs: Pairs) -> Table:
    return _labels(pairs) | {"all_right": share(_all_right(row, found) for row, found in pairs)}


def _labels(pairs: Pairs) -> Table:
    gold = [str(row.sentiment) for row, _ in pairs]
    guessed = [found.sentiment.label for _, found in pairs]
    return {
        "n": len(pairs),
        "label_right": share(one == other for one, other in zip(gold, guessed, strict=True)),
        "sign_right": _signs_right(pairs),
        "macro_f1": mean(score.f1 for score in class_scores(gold, guessed).values()),
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


def similar(texts: Sequence[str], vectors: NDArray[np.float32], intents: Sequence[str]) -> Table:
    """Each text against all the others, as the product looks for them: is the nearest, is one of the nearest
    three, of the same intent?"""
    from nlp.similar import SHORTLIST, Nearest, in_order, pieces

    first = third = 0
    said = [pieces(text) for text in texts]
    keys = range(len(texts))
    for place, vector in enumerate(vectors):
        nearest = Nearest(vector, most=SHORTLIST + 1)
        nearest.look(vectors, keys)
        others = [near for near in nearest.found() if near.key != place][:SHORTLIST]
        best = in_order(said[place], others, [said[near.key] for near in others])[:3]
        hits = [intents[near.key] == intents[place] for near in best]
        first += hits[:1] == [True]
        third += any(hits)
    return {"n": len(texts), "hit_1": first / len(texts), "hit_3": third / len(texts)}
