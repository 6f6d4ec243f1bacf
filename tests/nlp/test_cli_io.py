from __future__ import annotations

import json

import pytest

from nlp.cli_io import BATCH, analyse_lines, text_in
from tests.nlp.conftest import Reader


def line(**row: object) -> str:
    return json.dumps(row, ensure_ascii=False) + "\n"


def test_each_line_is_answered_in_order_with_its_id(read: Reader) -> None:
    lines = [line(id=n, text="好吃" if n % 2 else "难吃") for n in range(BATCH * 2 + 3)]
    answers = list(analyse_lines(read.pipeline, lines))
    assert [answer["id"] for answer in answers] == list(range(len(lines)))
    assert [answer["sentiment"]["label"] for answer in answers[:2]] == ["negative", "positive"]


def test_an_answer_has_the_fields_of_the_contract_and_survives_json(read: Reader) -> None:
    (answer,) = analyse_lines(read.pipeline, [line(id="a", text="鱼很好吃，13812345678", rating=5)])
    assert json.loads(json.dumps(answer)) is not None
    assert set(answer) == {"id", "language", "sentiment", "topics", "risks", "urgency", "pii", "model"}
    assert set(answer["sentiment"]) == {"label", "level", "score", "confidence", "abstained"}


def test_a_bad_line_says_why_and_holds_up_nobody(read: Reader) -> None:
    bad = ["{broken\n", "[1]\n", line(id=1), line(id=2, text="x", rating=9), line(id=3, text="哈" * 100_001)]
    answers = list(analyse_lines(read.pipeline, [*bad, "\n", line(id=4, text="好吃")]))
    assert [set(answer) == {"id", "error"} for answer in answers] == [True] * 5 + [False]
    assert [answer["id"] for answer in answers] == [None, None, 1, 2, 3, 4]
    assert answers[3]["error"] == "stars5 goes from 1 to 5"


def test_progress_is_told_for_every_line(read: Reader) -> None:
    told: list[int] = []
    list(analyse_lines(read.pipeline, [line(id=n, text="ok") for n in range(BATCH + 2)], told.append))
    assert told == [BATCH, 2]


def test_a_rating_is_an_object_or_stars() -> None:
    given = text_in({"text": "x", "rating": {"scale": "nps", "value": 0}}).rating
    assert given is not None and (given.scale, given.value) == ("nps", 0)
    stars = text_in({"text": "x", "rating": 4}).rating
    assert stars is not None and stars.scale == "stars5"


@pytest.mark.parametrize("rating", ["5", 4.5, True, {}, {"scale": "moons", "value": 1}])
def test_a_rating_that_does_not_exist_is_refused(rating: object) -> None:
    with pytest.raises(ValueError, match=r"rating|scale"):
        text_in({"text": "x", "rating": rating})
