"""Runs of characters that were taught: found, weighed, kept, and the same in any company."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp import ngrams
from nlp.backends.lexical import LexicalBackend
from nlp.corpus.exam import exam
from nlp.corpus.told import told
from nlp.language import detect
from nlp.ngrams import NGrams
from nlp.pipeline import load
from nlp.script import fold
from nlp.texts import Document, TextIn
from nlp.told import ANY_RISK, POSITIVE, TOLD, Told
from tests.nlp.weights import need


def made(said: dict[str, float]) -> NGrams:
    """Every n-gram of each text weighs so much praise; no two texts share one."""
    rows = {text: ngrams.frequent([text], 1) for text in said}
    hashes = np.sort(np.concatenate(list(rows.values())))
    weights = np.zeros((len(hashes), TOLD))
    for text, value in said.items():
        weights[np.isin(hashes, rows[text]), POSITIVE] = value
    return ngrams.packed(1, hashes, weights, np.zeros(TOLD, np.float32))


def praise(model: NGrams, *texts: str) -> list[float]:
    return [round(float(row[POSITIVE]), 3) for row in model.tell(texts)]


def test_the_n_grams_of_a_text_are_its_runs_of_one_to_five_with_the_blanks_around_it() -> None:
    assert len(ngrams.frequent(["abc"], 1)) == 4 + 4 + 3 + 2 + 1, "the blank before and after is one n-gram"
    assert len(ngrams.frequent(["aaaa"], 1)) == 2 + 3 + 3 + 3 + 2, "each counts once"


def test_blanks_are_all_alike() -> None:
    assert set(ngrams.frequent(["ab  cd"], 1)) == set(ngrams.frequent(["\tab\ncd "], 1))


def test_only_what_enough_texts_have_is_taught() -> None:
    common = ngrams.frequent(["abx", "aby", "abz"], 3)
    assert set(common) == set(ngrams.frequent(["ab"], 1)) & set(ngrams.frequent(["abx"], 1))


def test_each_known_n_gram_says_the_less_the_more_of_them_there_are() -> None:
    model = made({"q": 1.0})
    known = len(ngrams.frequent(["q"], 1))
    assert praise(model, "q") == [round(known / (known + ngrams.FEW) ** 0.5, 3)]


def test_what_was_never_taught_says_nothing() -> None:
    model = made({"好": 1.0})
    assert praise(model, "xyz", "", " ") == praise(model, "", "", "")


def test_a_model_that_knows_nothing_tells_its_bias() -> None:
    bias = np.arange(TOLD, dtype=np.float32)
    model = ngrams.packed(1, np.zeros(0, np.uint32), np.zeros((0, TOLD)), bias)
    np.testing.assert_array_equal(model.tell(["好", ""]), np.stack([bias, bias]))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(max_size=40), min_size=1, max_size=6))
def test_a_text_tells_the_same_alone_and_among_others(texts: list[str]) -> None:
    folded = [fold(text) for text in texts]
    together = ngrams.shipped().tell(folded)
    alone = np.concatenate([ngrams.shipped().tell([text]) for text in folded])
    np.testing.assert_allclose(together, alone, rtol=1e-5, atol=1e-5)


def test_a_very_long_text_costs_no_more_than_its_beginning() -> None:
    beginning = "哈" * ngrams.READ
    told_of = ngrams.shipped().tell([beginning, beginning + "差" * 100_000])
    np.testing.assert_array_equal(told_of[0], told_of[1])


def test_half_a_character_is_read_like_any_other() -> None:
    assert np.isfinite(ngrams.shipped().tell(["好\ud83d"])).all()


def test_what_was_written_is_read_again(tmp_path: Path) -> None:
    model = made({"好": 1.0, "x": -2.0})
    ngrams.write(model, tmp_path / "kept.npz")
    found = ngrams.read(tmp_path / "kept.npz")
    assert found.version == 1 and praise(found, "好", "x") == praise(model, "好", "x")


def test_the_shipped_ones_are_small_and_sorted() -> None:
    model = ngrams.shipped()
    assert ngrams.FILE.stat().st_size < 1_500_000
    assert (np.diff(model.hashes.astype(np.int64)) > 0).all() and model.weights.shape[1] == TOLD


def test_the_fast_profile_understands_most_of_what_it_never_saw() -> None:
    """67 of 100 before it had n-grams. Written by somebody who saw neither sentences nor reader."""
    pipeline, rows = load("fast"), exam()
    found = pipeline.analyse([TextIn(row.text) for row in rows])
    right = sum(each.sentiment.label == row.label for each, row in zip(found, rows, strict=True))
    assert right / len(rows) > 0.78


def test_the_fast_profile_notices_risks_in_words_that_no_list_has() -> None:
    """59 of 100 before."""
    pipeline, rows = load("fast"), [row for row in told("fresh") if row.risks]
    found = pipeline.analyse([TextIn(row.text) for row in rows])
    assert sum(bool(each.risks) for each in found) / len(rows) > 0.85


def test_words_and_n_grams_that_disagree_are_less_sure() -> None:
    text = "服务真好"
    backend = LexicalBackend()
    [agreeing] = backend.score([Document(text, fold(text), detect(text))])
    backend._ngrams = made({fold(text): -3.0})
    [contrary] = backend.score([Document(text, fold(text), detect(text))])
    assert contrary.disagreement > agreeing.disagreement
    assert contrary.log_odds < agreeing.log_odds


def test_sentences_teach_n_grams_what_they_say() -> None:
    need("full", "sklearn")
    from nlp.corpus.taught import Taught
    from nlp.teach_ngrams import teach

    rows = [
        Taught(text, level, ("fraud",) if level == -2 else (), "plain")
        for text, level in (("good", 1), ("bad", -1), ("scam", -2), ("what time", 0))
        for _ in range(5)
    ]
    shares: list[float] = []
    model = teach(rows, {}, 7, shares.append)
    assert model.version == 7 and shares == sorted(shares) and shares[-1] == 1.0
    good, bad, scam, when = (Told.of(row) for row in model.tell(["good", "bad", "scam", "what time"]))
    assert good.log_odds > 0 > max(bad.log_odds, scam.log_odds)
    assert when.neutral > 0 > max(good.neutral, bad.neutral)
    assert scam.risky > 0 > bad.risky and scam.risks == ("fraud",)
    assert model.tell(["x"])[0, ANY_RISK] < 0
