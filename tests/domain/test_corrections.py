"""What holds when people say something else than understanding did."""

from __future__ import annotations

from uuid import uuid4

import pytest

from cem.domain.corrections import Correction, Logged, combined, corrected, level_of, standing
from cem.domain.findings import Findings, Risk, Sentiment, Topic

SAID = Findings(
    "zh-Hans",
    Sentiment("positive", 1, 0.4, 0.7, True),
    (Topic("food", "positive", 0.8, ((0, 2),)), Topic("price", "neutral", 0.6, ((3, 5),))),
    (Risk("legal", 0.9),),
    "high",
    (),
    "standard@1",
)


@pytest.mark.parametrize(
    ("level", "label", "sign"), [(-2, "negative", -1), (-1, "negative", -1), (1, "positive", 1)]
)
def test_a_level_brings_its_label_its_sign_and_no_doubt(level: int, label: str, sign: int) -> None:
    found = corrected(SAID, Correction(level)).sentiment
    assert (found.label, found.level, found.confidence, found.abstained) == (label, level, 1.0, False)
    assert found.score * sign > 0


def test_a_neutral_text_keeps_a_sign_that_says_nothing() -> None:
    found = corrected(SAID, Correction(0)).sentiment
    assert (found.label, found.confidence) == ("neutral", 0.5) and 0 < found.score < 0.001


def test_topics_change_their_side_go_and_come_and_keep_their_words() -> None:
    said = Correction(topics={"food": "negative", "price": None, "noise": "negative"})
    assert corrected(SAID, said).topics == (
        Topic("food", "negative", 1.0, ((0, 2),)),
        Topic("noise", "negative", 1.0, ()),
    )


def test_a_risk_that_is_struck_out_is_no_longer_urgent_and_one_that_is_named_is() -> None:
    assert corrected(SAID, Correction(risks={"legal": False})).urgency == "normal"
    found = corrected(SAID, Correction(risks={"injury": True}))
    assert [risk.code for risk in found.risks] == ["legal", "injury"] and found.urgency == "high"


def test_what_is_not_named_stays_as_the_machine_read_it() -> None:
    found = corrected(SAID, Correction(-1))
    assert (found.topics, found.risks, found.model) == (SAID.topics, SAID.risks, "standard@1")


def test_the_later_of_two_lines_holds_where_both_speak_of_the_same_thing() -> None:
    first, second = Correction(-1, {"food": None}), Correction(None, {"food": "negative"}, {"legal": False})
    assert first.then(second) == Correction(-1, {"food": "negative"}, {"legal": False})


def test_a_line_that_is_taken_back_no_longer_stands() -> None:
    first, second = Logged(uuid4(), Correction(-1)), Logged(uuid4(), Correction(0))
    back = Logged(uuid4(), Correction(), second.id)
    assert standing([first, second, back]) == (first,)
    assert combined(standing([first, second, back])) == Correction(-1)


def test_a_label_alone_means_the_machine_s_level_where_that_is_on_the_same_side() -> None:
    doubtful = Sentiment("negative", -2, -0.9, 0.6, True)
    assert (level_of("negative", doubtful), level_of("positive", doubtful)) == (-2, 1)


def test_a_correction_travels_through_json() -> None:
    said = Correction(-2, {"food": None, "price": "negative"}, {"legal": False})
    assert Correction.from_dict(said.as_dict()) == said
