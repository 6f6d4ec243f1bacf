"""The most alike among stored texts: exact, the same every time, and better than the encoder alone."""

from __future__ import annotations

import numpy as np
import pytest

from nlp import similar
from nlp.models.carried import Floats
from nlp.pii import masked
from nlp.pipeline import TextIn
from nlp.similar import Near, Nearest, in_order, pieces
from tests.nlp.conftest import Reader


def vectors(count: int, size: int = 16) -> Floats:
    rows = np.random.default_rng(4).normal(size=(count, size)).astype(np.float32)
    unit: Floats = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return unit


@pytest.mark.parametrize("part", [7, 64, 1000])
def test_parts_find_what_the_whole_would(part: int) -> None:
    rows, asked = vectors(500), vectors(501)[-1]
    whole = [int(place) for place in np.argsort(-(rows @ asked), kind="stable")[:10]]
    nearest = Nearest(asked, most=10)
    for start in range(0, 500, part):
        nearest.look(rows[start : start + part], range(500)[start : start + part])
    assert [near.key for near in nearest.found()] == whole


def test_of_those_equally_near_the_later_comes_first() -> None:
    same = np.tile(vectors(1), (6, 1))
    nearest = Nearest(same[0], most=3)
    nearest.look(same[:2], [5, 9])
    nearest.look(same[2:], [1, 12, 3, 7])
    assert [near.key for near in nearest.found()] == [12, 9, 7]


def test_words_in_common_settle_what_vectors_leave_open() -> None:
    found = [Near(1, 0.62), Near(2, 0.61)]
    asked, told = pieces("the soup was cold"), [pieces("the bill was wrong"), pieces("Cold soup again")]
    assert [near.key for near in in_order(asked, found, told)] == [2, 1]
    assert pieces("湯涼了") == pieces("汤凉了") == {"汤凉", "凉了"}
    assert in_order(pieces(""), found, [pieces(""), pieces("")]) == found


def test_two_bytes_a_number_are_enough() -> None:
    rows = vectors(20, 384)
    again = similar.unpack([similar.pack(row) for row in rows])
    assert again.shape == (20, 384) and np.abs(again - rows).max() < 2e-4
    assert len(similar.pack(rows[0])) == 768


def test_a_turn_gives_what_all_share_less_say(tmp_path_factory: pytest.TempPathFactory) -> None:
    rows = vectors(200)
    rows[:, 0] += 3 * np.random.default_rng(5).normal(size=200).astype(np.float32)
    made = similar.fit(rows, "other", 3, directions=4)
    path = tmp_path_factory.mktemp("turn") / "turn.json"
    similar.write(made, path)
    turn = similar.stored(path)
    assert turn.space == "other/3" and np.abs(turn(rows)[:, 0]).mean() < np.abs(rows[:, 0]).mean()
    assert np.allclose(np.linalg.norm(turn(rows), axis=1), 1.0, atol=1e-5)
    assert np.allclose(turn(rows), made(rows), atol=1e-2)
    left = similar.turn_of("a model nobody fitted a turn for")
    assert np.allclose(left(rows), rows / np.linalg.norm(rows, axis=1, keepdims=True), atol=1e-5)


def test_one_reading_gives_findings_and_meaning(standard: Reader, read: Reader) -> None:
    texts = ["等了一个小时菜还没上", "等了一個小時菜還沒上", "我们等菜等了一个多小时", "房间很干净", "  "]
    understood = standard.pipeline.understand([TextIn(text) for text in texts])
    assert [each.findings for each in understood] == standard.pipeline.analyse([TextIn(t) for t in texts])
    assert understood[-1].meaning is None and standard.pipeline.space == similar.stored().space
    rows = similar.unpack([each.meaning for each in understood if each.meaning])
    near = rows @ rows[0]
    assert near[1] > 0.999 and near[2] > 0.6 > 0.35 > near[3], "both scripts mean the same"
    assert read.pipeline.space is None
    assert read.pipeline.understand([TextIn(texts[0])])[0].meaning is None


def test_what_would_tell_who_somebody_is_is_hidden() -> None:
    assert masked("请打13800138000找我，汤凉了") == "请打•••找我，汤凉了"
    assert masked("Cold soup") == "Cold soup" and masked("") == ""
