"""What is learned from corrections, by the real gate: what they agree on is, nonsense is refused.

The encoder is one that stands in: it gives texts that mean the same nearly the same vector, at once.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from cem.domain.findings import Risk
from nlp import corpus, judgements, lessons, refit, reweigh
from nlp.backends.encoder import EncoderBackend, Head
from nlp.backends.reweighed import ReweighedWords, Scales
from nlp.features import Features
from nlp.gate import Refusal
from nlp.judgements import LEAST, Learned, Said
from nlp.lessons import Corrected
from nlp.models.carried import Floats
from nlp.models.embedder import Passage
from nlp.packs import load_pack
from nlp.pipeline import Pipeline
from nlp.script import simplify
from nlp.texts import TextIn
from nlp.topics import TopicFinder

SIZE = 12
THING, LIFT = "那玩意儿", "三趟都没上去"
"""What the words of the pack do not know to be about the lift."""


class StandIn:
    """Praise and blame of our sentences lie apart, so do texts about that thing; the rest is noise."""

    def __init__(self) -> None:
        rows = [*corpus.sentences(), *corpus.challenges()]
        self._sides = {simplify(row.text): getattr(row, "level", 0) for row in rows}

    def embed(self, passages: Sequence[Passage]) -> list[Floats]:
        return [self._vector(passage.text)[None, :] for passage in passages]

    def _vector(self, text: str) -> Floats:
        noise = np.frombuffer(hashlib.sha256(text.encode()).digest()[:SIZE], np.uint8) / 255.0 - 0.5
        vector = noise.astype(np.float32) * 0.5
        side = self._sides.get(text, 1 if "赞" in text else -1 if "骂" in text else 0)
        vector[0], vector[1] = np.sign(side), 2.0 if THING in text else 0.0
        unit: Floats = vector / np.linalg.norm(vector)
        return unit


@pytest.fixture
def features(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Features:
    """Few sentences of ours, and the same every time."""
    everything, cases = corpus.sentences, corpus.challenges()[:4]
    monkeypatch.setattr(corpus, "sentences", lambda part=None: everything(part)[::4])
    monkeypatch.setattr(corpus, "challenges", lambda: cases)
    return Features(tmp_path / "features.npz", "stand-in", StandIn())


@pytest.fixture
def current(features: Features) -> Head:
    """What was shipped: fitted without any correction."""
    shipped = Head(
        1, "stand-in", np.zeros(SIZE, np.float32), 0.0, 1.0, 1.0, ReweighedWords(Scales(1, {})).calibration
    )
    return Head.of(refit.fit(features, shipped, 1, []))


def judged(count: int) -> list[Corrected]:
    """What people said of texts whose words say nothing."""
    pairs = [("赞", "positive"), ("骂", "negative"), ("说", "neutral")] * count
    return [Corrected(f"{word}{number}号", "hotel", label) for number, (word, label) in enumerate(pairs)]


def test_corrections_that_agree_are_promoted_by_the_gate(features: Features, current: Head) -> None:
    learn, frozen = judged(20), [Corrected(f"赞赏{n}", "hotel", "positive") for n in range(12)]
    outcome = refit.compare(features, current, refit.fit(features, current, 2, learn), frozen)
    assert outcome.refusals == ()
    assert outcome.after["sentiment"][lessons.FROZEN]["accuracy"] == 1.0


def test_nonsense_is_refused_by_the_gate_and_it_says_why(features: Features, current: Head) -> None:
    ours = [row for row in corpus.sentences("train") if row.level]
    turned = [Corrected(row.text, "hotel", "negative" if row.level > 0 else "positive") for row in ours]
    outcome = refit.compare(features, current, refit.fit(features, current, 2, turned * 3), [])
    said = {(each.code, each.part) for each in outcome.refusals}
    assert {("worse", "held_out"), ("worse", "pooled")} <= said


def topical(count: int, there: bool = True) -> list[Corrected]:
    said = {"facilities": there}
    return [Corrected(f"{THING}{number}回{LIFT}", "hotel", topics=said) for number in range(count)]


def reader(features: Features, head: Head, pack: str = "hotel") -> Pipeline:
    return Pipeline(EncoderBackend(features, head), TopicFinder(load_pack(pack)))  # type: ignore[arg-type]


def topics(pipeline: Pipeline, text: str) -> set[str]:
    return {topic.code for topic in pipeline.analyse([TextIn(text)])[0].topics}


def test_a_topic_that_people_add_is_found_in_what_is_like_it_and_nowhere_else(
    features: Features, current: Head
) -> None:
    text = f"{THING}又{LIFT}"
    assert "facilities" not in topics(reader(features, current), text)
    few = refit.fit(features, current, 2, topical(LEAST - 1))
    assert "learned" not in few, "fewer than five leave what is shipped"
    head = refit.fit(features, current, 2, topical(20))
    after = reader(features, Head.of(head))
    assert "facilities" in topics(after, text)
    assert "facilities" not in topics(after, f"前台{LIFT}"), "the same words, another meaning"
    assert "facilities" not in topics(reader(features, Head.of(head), "bank"), text), "not in this pack"
    assert refit.compare(features, current, head, topical(8)).refusals == ()


def test_what_was_learned_of_a_topic_is_refused_when_the_frozen_tenth_says_the_contrary(
    features: Features, current: Head
) -> None:
    head = refit.fit(features, current, 2, topical(20))
    outcome = refit.compare(features, current, head, topical(8, there=False))
    assert Refusal("decisions", "topics", 1.0, 0.0) in outcome.refusals


def test_a_false_alarm_is_struck_out_but_never_one_that_pages_at_once() -> None:
    alike, other = np.array([1.0, 0.0], np.float32), np.array([0.0, 1.0], np.float32)
    codes = frozenset({"media", "injury"})
    wrong = [Said(alike, {"media": 0.7, "injury": 0.7}, (), codes)] * 20
    right = [Said(other, {"media": 0.7, "injury": 0.7}, ("media", "injury"), codes)] * 20
    learned = Learned.of(judgements.fit([], [*wrong, *right], ((), codes)))
    assert learned is not None
    found = (Risk("injury", 0.7), Risk("media", 0.7))
    assert learned.risks_of(found, alike) == (Risk("injury", 0.7),)
    assert learned.risks_of(found, other) == found


def test_words_alone_learn_how_much_they_say_language_by_language() -> None:
    said = [Corrected(f"还行吧，{number} 号桌", "restaurant", "negative") for number in range(60)]
    made = Scales.stored(reweigh.fit(3, said))
    assert set(made.of) == {"zh"} and made.of["zh"][1] < 0
    before, after = (
        Pipeline(ReweighedWords(each), TopicFinder(load_pack("restaurant"))) for each in (Scales(2, {}), made)
    )
    texts = [TextIn("还行吧"), TextIn("It was okay")]
    was, now = before.analyse(texts), after.analyse(texts)
    assert now[0].sentiment.score < was[0].sentiment.score and now[1].sentiment == was[1].sentiment
    assert (was[0].model, now[0].model) == ("fast@2", "fast@3")


def test_words_alone_learn_through_the_same_gate(monkeypatch: pytest.MonkeyPatch) -> None:
    everything, cases = corpus.sentences, corpus.challenges()[:4]
    monkeypatch.setattr(corpus, "sentences", lambda part=None: everything(part)[::4])
    monkeypatch.setattr(corpus, "challenges", lambda: cases)
    rows = [row for row in corpus.sentences("train") if row.level]
    right = [Corrected(row.text, "restaurant", row.sentiment) for row in rows]
    other = {"negative": "positive", "positive": "negative"}
    turned = [Corrected(row.text, "restaurant", other[row.sentiment]) for row in rows]
    plain = Scales(1, {})
    assert reweigh.compare(plain, reweigh.fit(2, right), right[:20]).refusals == ()
    assert reweigh.compare(plain, reweigh.fit(2, turned), []).refusals
