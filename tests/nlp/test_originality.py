"""The sentences are of our own making: no pattern, no copy. `cem check` proves it; here is what must fail."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cem.commands import check
from nlp import corpus
from nlp.corpus import originality
from nlp.corpus.told import told

PATTERN = [f"The {dish} was cold when it came to us." for dish in ("soup", "pie", "rice", "fish")]


def test_no_run_of_twelve_characters_stands_in_more_than_three_of_ours() -> None:
    texts = [row.text for row in (*corpus.sentences(), *corpus.challenges(), *told())]
    assert len(texts) == len(set(texts))
    assert originality.repeated_runs(texts) == []


def test_a_pattern_that_somebody_filled_in_is_found() -> None:
    runs = originality.repeated_runs(PATTERN)
    assert (" was cold wh", 4) in runs
    assert originality.repeated_runs(PATTERN[:3]) == []


def test_twelve_chinese_characters_are_a_run_too() -> None:
    texts = [f"{who}说这家店的服务真是好得没话可说" for who in ("我妈", "我爸", "同事", "邻居")]
    assert originality.repeated_runs(texts)[0][1] == 4


@pytest.mark.parametrize(
    "other",
    [
        "The soup was cold when it came to us.",
        "Well! the SOUP was cold, when it came to us -- and so on",
        "Ｔｈｅ soup was cold when it came to us",
    ],
)
def test_a_copy_is_found_inside_a_longer_text_and_with_other_points(other: str) -> None:
    assert originality.copied([*PATTERN, "Fine."], ["something else", other]) == [PATTERN[0]]


def test_a_word_that_everybody_says_is_a_copy_only_of_the_same_word() -> None:
    assert originality.copied(["Fine."], ["The room was fine."]) == []
    assert originality.copied(["Fine."], ["fine"]) == ["Fine."]


def test_signs_alone_are_nobodys() -> None:
    assert originality.copied(["🙂🙂"], ["!!!"]) == []


def test_the_check_names_a_copy(tmp_path: Path) -> None:
    ours = corpus.sentences()[0].text
    (tmp_path / "theirs.jsonl").write_text(json.dumps({"id": 7, "text": f"{ours}!"}) + "\n", "utf-8")
    assert list(check.corpus(tmp_path)) == [f"{ours!r} of nlp/corpus stands in {tmp_path}"]


def test_the_check_names_a_pattern(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    row = corpus.sentences()[0]
    filled = tuple(
        corpus.Sentence(text, -1, "en", "restaurant", {}, (), row.part) for text in (*PATTERN, row.text)
    )
    monkeypatch.setattr(corpus, "sentences", lambda: filled)
    found = list(check.corpus(tmp_path))
    assert found and all("4 sentences" in told for told in found)


def test_the_check_says_where_it_looked_for_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert list(check.corpus(tmp_path / "absent")) == []
    assert "absent" in capsys.readouterr().out
