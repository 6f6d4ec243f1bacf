"""The `standard` profile: encoder and words together, and what happens where there are no weights."""

from __future__ import annotations

import builtins
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nlp import corpus, train
from nlp.backends.base import contradiction
from nlp.backends.encoder import HEAD, shipped_head
from nlp.models.store import NAME
from nlp.pipeline import load
from tests.nlp.conftest import Reader
from tests.nlp.test_sentiment import BLAME, PRAISE

UNSAID = {
    "等我们走的时候桌上的水还是一口没添": -1,
    "They took our plates while my father was still eating.": -1,
    "带了三拨朋友来，每一拨都问我下次什么时候再约": 1,
    "I have already told all my friends to book here.": 1,
    "说好下午送到，结果到现在连个电话都没有": -1,
    "一碗汤喝到见底，碗都想舔": 1,
    "Three calls, three different answers, and still no card.": -1,
    "孩子出门前还回头跟店员姐姐说再见": 1,
}


def test_it_says_who_it_is(standard: Reader) -> None:
    assert standard.pipeline.model == f"standard@{shipped_head().version}"
    assert standard.pipeline.missing is None
    assert standard("很好吃").model == standard.pipeline.model


def test_negation_and_contrast_are_still_heard(standard: Reader) -> None:
    right = [standard(text).sentiment.score > 0 for text in PRAISE]
    right += [standard(text).sentiment.score < 0 for text in BLAME]
    assert sum(right) / len(right) >= 0.9


def test_what_no_opinion_word_says_is_understood_more_often_than_by_words(
    read: Reader, standard: Reader
) -> None:
    def right(reader: Reader) -> int:
        return sum(reader(text).sentiment.score * sign > 0 for text, sign in UNSAID.items())

    assert right(standard) > right(read)


def test_both_scripts_are_judged_alike(standard: Reader) -> None:
    simplified, traditional = "服务员态度恶劣，汤是凉的", "服務員態度惡劣，湯是涼的"
    assert standard(simplified).sentiment == standard(traditional).sentiment


@pytest.mark.parametrize("text", ["", "   ", "\n"])
def test_an_empty_text_has_no_sign(standard: Reader, text: str) -> None:
    assert (standard(text).sentiment.score, standard(text).sentiment.abstained) == (0.0, True)


@pytest.mark.parametrize("text", ["\ud83d好吃", "\x00\x07", "😀" * 3000, "a" * 100_000, "哈" * 100_000])
def test_bad_input_is_read_within_its_bounds(standard: Reader, text: str) -> None:
    verdict = standard(text).sentiment
    assert -1 <= verdict.score <= 1 and verdict.score != 0 and 0.5 <= verdict.confidence <= 1


@pytest.mark.parametrize("text", ["今天和同事一起来的", "We arrived on Tuesday", "2024"])
def test_without_evidence_it_abstains(standard: Reader, text: str) -> None:
    assert standard(text).sentiment.abstained


def test_the_rest_of_the_findings_is_what_words_find(read: Reader, standard: Reader) -> None:
    text = "牛肉是馊的，吃完上吐下泻，电话13800138000"
    fast, both = read(text), standard(text)
    assert (fast.risks, fast.pii, fast.urgency, fast.language) == (
        both.risks,
        both.pii,
        both.urgency,
        both.language,
    )


def test_a_contradiction_is_none_with_equal_signs_and_whole_with_equal_force() -> None:
    assert contradiction(1.0, 2.0) == contradiction(0.0, -1.0) == 0.0
    assert contradiction(1.5, -1.5) == 1.0
    assert contradiction(3.0, -1.0) == 0.5


def test_without_a_folder_it_reads_with_words_and_says_why() -> None:
    pipeline = load("standard")
    assert pipeline.model == "fast@2"
    assert pipeline.missing is not None and pipeline.missing.code == "no_folder"


def test_weights_that_are_not_there_yet_are_waited_for_by_nobody(tmp_path: Path) -> None:
    pipeline = load("standard", models=tmp_path, make=False)
    assert pipeline.missing is not None and pipeline.missing.code == "not_made"
    assert list(tmp_path.iterdir()) == []


def test_weights_that_cannot_be_read_do_not_stop_the_hub(models: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(models / NAME, tmp_path / NAME)
    graph = folder / "encoder-int8.onnx"
    graph.write_bytes(bytes(graph.stat().st_size))
    pipeline = load("standard", models=tmp_path)
    assert pipeline.model == "fast@2"
    assert pipeline.missing is not None and pipeline.missing.code == "failed"


def test_without_the_runtime_it_reads_with_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    known = builtins.__import__

    def without_encoder(name: str, *given: Any, **named: Any) -> Any:
        if name == "nlp.backends.encoder":
            raise ImportError("No module named 'onnxruntime'")
        return known(name, *given, **named)

    monkeypatch.setattr(builtins, "__import__", without_encoder)
    pipeline = load("standard", models=tmp_path)
    assert pipeline.missing is not None and pipeline.missing.code == "no_runtime"


def test_the_head_names_the_sentences_that_it_was_fitted_on() -> None:
    assert len(train.stored(HEAD)["sentences"]) == len(corpus.checksum("train"))
    assert shipped_head().direction.shape == (384,)


def test_a_fit_finds_the_direction_that_tells_praise_from_blame() -> None:
    random = np.random.default_rng(3)
    vectors = random.normal(size=(300, 8)).astype(np.float32)
    classes = np.where(np.abs(vectors[:, 2]) < 0.3, 1, np.where(vectors[:, 2] > 0, 2, 0))
    direction, bias = train.fit_direction(vectors, classes)
    assert np.argmax(np.abs(direction)) == 2 and direction[2] > 1
    assert abs(bias) < 0.5


def test_heat_makes_evidence_as_sure_as_it_is_right() -> None:
    random = np.random.default_rng(5)
    evidence = random.normal(size=20_000)
    praise = random.random(20_000) < 1 / (1 + np.exp(-2.5 * evidence))
    assert train.fit_heat(evidence, praise) == pytest.approx(2.5, abs=0.1)
