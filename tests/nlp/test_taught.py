"""The sentences that the encoder is taught with, and the blind exam: how a line is read, what is refused."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from nlp.corpus import exam as blind
from nlp.corpus import taught as lessons
from nlp.script import fold

LINE = "-2|injury,minors|risk|滚水洒了孩子一身"


def test_every_taught_line_is_read_and_no_text_stands_there_twice() -> None:
    rows = lessons.taught()
    assert len(rows) > 10_000 and len({fold(row.text) for row in rows}) == len(rows)
    assert set(lessons.KINDS) - {row.kind for row in rows} == {"rating_against_text", "quiet_risk"}
    assert {row.level for row in rows} == set(lessons.LEVELS)


def test_chinese_and_mixed_lines_stand_in_one_file_and_the_rest_in_the_other() -> None:
    for name, chinese in zip(lessons.FILES, (True, False), strict=True):
        rows = [lessons.as_taught(line, place) for place, line in lessons._lines(name)]
        assert rows and {lessons.is_chinese(row) for row in rows} == {chinese}


def test_no_kind_of_difficulty_means_a_label() -> None:
    signs = Counter((row.kind, (row.level > 0) - (row.level < 0)) for row in lessons.taught())
    for kind in ("negation", "irony", "contrast", "comparative", "conditional", "cantonese", "tap"):
        assert signs[kind, 1] and signs[kind, -1]


def test_a_line_says_level_risks_and_kind() -> None:
    assert lessons.as_taught(LINE) == ("滚水洒了孩子一身", -2, ("injury", "minors"), "risk")
    assert lessons.as_taught("1||plain|挺香的").risks == ()


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("1|plain|挺香的", r"level\|risks\|kind\|text"),
        ("1||plain|挺|香", r"level\|risks\|kind\|text"),
        ("3||plain|挺香的", "level is one of"),
        ("+1||plain|挺香的", "level is one of"),
        ("1|boredom|plain|挺香的", "sorted"),
        ("1|minors,injury|plain|挺香的", "sorted"),
        ("1||riddle|挺香的", "kind is one of"),
        ("1||plain|", "1 to 300 characters"),
        ("1||plain| 挺香的", "1 to 300 characters"),
        ("1||plain|" + "香" * 301, "1 to 300 characters"),
    ],
)
def test_a_wrong_taught_line_says_where_and_what_is_wrong(line: str, told: str) -> None:
    with pytest.raises(ValueError, match=f"x, line 7: .*{told}"):
        lessons.as_taught(line, "x, line 7")


def test_a_text_in_another_script_or_width_is_the_same_text(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / lessons.FILES[0]).write_text("# told\n1||plain|味道不错\n1||plain|味道不錯\n", "utf-8")
    monkeypatch.setattr(lessons, "_FOLDER", tmp_path)
    with pytest.raises(
        ValueError, match=r"taught_zh\.txt, line 3: .* stands in taught_zh\.txt, line 2 already"
    ):
        lessons.taught.__wrapped__()


def test_the_checksum_of_the_taught_lines_changes_with_a_label(monkeypatch: pytest.MonkeyPatch) -> None:
    before, (first, *others) = lessons.checksum(), lessons.taught()
    changed = (first._replace(level=-first.level or 1), *others)
    monkeypatch.setattr(lessons, "taught", lambda: changed)
    assert lessons.checksum() != before


def test_every_question_of_the_exam_is_read_and_each_kind_is_asked() -> None:
    rows = blind.exam()
    assert len({row.text for row in rows}) == len(rows) > 200
    asked = Counter(row.kind for row in rows)
    assert set(asked) == set(blind.KINDS) - {"rating_against_text", "quiet_risk"}
    assert min(asked.values()) >= 9


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("positive|挺香的", r"label\|kind\|text"),
        ("good|plain|挺香的", "label is one of"),
        ("positive|riddle|挺香的", "kind is one of"),
        ("positive|plain|挺香的 ", "1 to 300 characters"),
    ],
)
def test_a_wrong_question_says_where_and_what_is_wrong(line: str, told: str) -> None:
    with pytest.raises(ValueError, match=f"exam.txt, line 7: .*{told}"):
        blind.as_question(line, "exam.txt, line 7")
