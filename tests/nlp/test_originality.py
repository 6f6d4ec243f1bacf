"""The sentences are of our own making: no pattern, no copy. `cem check` proves it; here is what must fail."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cem.commands import check
from nlp import corpus
from nlp.corpus import originality
from nlp.corpus.exam import exam
from nlp.corpus.parts import parts
from nlp.corpus.taught import Taught, taught
from nlp.corpus.told import told

PATTERN = [f"The {dish} was cold when it came to us." for dish in ("soup", "pie", "rice", "fish")]


def test_no_run_of_twelve_characters_stands_in_more_than_three_of_ours() -> None:
    ours = parts()
    texts = [*ours.open, *ours.blind]
    assert len(texts) == len(set(texts))
    assert originality.repeated_runs(ours.open) == originality.repeated_runs(ours.blind) == []


def test_nothing_that_is_taught_overlaps_with_what_is_measured_on() -> None:
    ours = parts()
    by_hand = {row.text for row in corpus.sentences("held_out")} | {case.text for case in corpus.challenges()}
    blind = {row.text for row in told("fresh")} | {row.text for row in exam()}
    assert set(ours.measured) == by_hand | blind and set(ours.blind) == blind
    assert originality.overlapping(ours.taught, ours.measured) == []


def test_the_exam_and_the_fresh_risks_overlap_with_nothing_that_anything_learns_from() -> None:
    learnt = {row.text for row in corpus.sentences("train")} | {row.text for row in taught()}
    learnt |= {row.text for row in told("train", "seen")}
    assert originality.overlapping(parts().blind, learnt) == []


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


@pytest.mark.parametrize(
    "other",
    [
        "the soup was COLD, when it came to us",
        "Oh well. The soup was cold when it came to us! Sigh",
        "soup was cold",
    ],
)
def test_two_texts_overlap_where_one_stands_in_the_other(other: str) -> None:
    assert originality.overlapping([*PATTERN, "Fine."], [other]) == [PATTERN[0]]


def test_fewer_than_eight_letters_overlap_only_as_the_whole_text() -> None:
    assert originality.overlapping(["Cold food"], ["cold foods"]) == ["Cold food"]
    assert originality.overlapping(["味道不错"], ["味道不错，下次再来"]) == []
    assert originality.overlapping(["味道不错！", "味道，不错"], ["味道不错"]) == ["味道不错！", "味道，不错"]


def test_what_everybody_says_is_nobodys() -> None:
    assert originality.is_common("挺好的！") and not originality.is_common("排队太久了")


def test_signs_alone_are_nobodys() -> None:
    assert originality.copied(["🙂🙂"], ["!!!"]) == []


def test_the_check_names_a_copy(tmp_path: Path) -> None:
    ours = corpus.sentences()[0].text
    (tmp_path / "theirs.jsonl").write_text(json.dumps({"id": 7, "text": f"{ours}!"}) + "\n", "utf-8")
    assert list(check.corpus(tmp_path)) == [f"{ours!r} of nlp/corpus stands in {tmp_path}"]


def test_the_check_names_what_is_taught_and_measured_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = next(row for row in corpus.sentences("held_out") if len(row.text) > 20)
    copy = Taught(f"Well: {row.text}", row.level, (), "plain")
    monkeypatch.setattr("nlp.corpus.parts.taught", lambda: (*taught(), copy))
    (told_of,) = check.corpus(tmp_path)
    assert repr(copy.text) in told_of and "measured on" in told_of


def test_a_taught_text_of_four_letters_may_stand_elsewhere_and_a_longer_one_may_not(tmp_path: Path) -> None:
    texts = sorted((row.text for row in taught()), key=len)
    short = next(text for text in texts if originality.is_common(text) and text.isalpha())
    long = texts[-1]
    rows = (json.dumps({"text": text}) for text in (short, long))
    (tmp_path / "theirs.jsonl").write_text("\n".join(rows), "utf-8")
    assert list(check.corpus(tmp_path)) == [f"{long!r} of nlp/corpus stands in {tmp_path}"]


def test_the_check_names_a_pattern(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    row = corpus.sentences()[0]
    filled = tuple(
        corpus.Sentence(text, -1, "en", "restaurant", {}, (), row.part) for text in (*PATTERN, row.text)
    )
    monkeypatch.setattr(corpus, "sentences", lambda: filled)
    monkeypatch.setattr("nlp.corpus.parts.taught", tuple)
    found = list(check.corpus(tmp_path))
    assert found and all("4 sentences" in told for told in found)


def test_the_check_says_where_it_looked_for_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert list(check.corpus(tmp_path / "absent")) == []
    assert "absent" in capsys.readouterr().out
