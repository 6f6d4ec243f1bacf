"""What holds when people say something else than understanding did."""

from __future__ import annotations

import json
from uuid import uuid4

import pytest

from cem.domain.changes import changes
from cem.domain.corrections import Correction, Logged, combined, corrected, level_of, places_of, standing
from cem.domain.findings import Findings, Pii, Risk, Sentiment, Topic

SAID = Findings(
    "zh-Hans",
    Sentiment("positive", 1, 0.4, 0.7, True),
    (Topic("food", "positive", 0.8, ((0, 2),)), Topic("price", "neutral", 0.6, ((3, 5),))),
    (Risk("legal", 0.9),),
    "high",
    (Pii("name", (4, 7)),),
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


def test_a_topic_that_a_person_names_stands_on_their_words_or_on_the_whole_text() -> None:
    said = Correction(topics={"noise": "negative", "room": "negative"}, spans={"noise": ((1, 3),)})
    *_, noise, room = corrected(SAID, said).topics
    assert (noise.spans, room.spans) == (((1, 3),), ())
    later = said.then(Correction(topics={"noise": "neutral"}))
    assert corrected(SAID, later).topics[-2].spans == ((1, 3),), "changing the side keeps the words"


def test_urgency_and_language_are_what_the_person_says_whatever_the_risks() -> None:
    found = corrected(SAID, Correction(urgency="normal", language="yue-Hant", risks={"injury": True}))
    assert (found.urgency, found.language) == ("normal", "yue-Hant")


def test_personal_words_are_marked_moved_and_struck_out() -> None:
    wider = Correction(pii={(3, 8): "name"})
    assert corrected(SAID, wider).pii == (Pii("name", (3, 8)),), "instead of what the machine saw there"
    assert corrected(SAID, Correction(pii={(4, 7): None})).pii == ()
    assert corrected(SAID, Correction(pii={(0, 2): "phone"})).pii == (Pii("phone", (0, 2)), *SAID.pii)
    narrower = wider.then(Correction(pii={(3, 5): "name"}))
    assert corrected(SAID, narrower).pii == (Pii("name", (3, 5)),), "the later line holds"


def test_a_correction_survives_json() -> None:
    said = Correction(
        -1,
        {"noise": "negative", "food": None},
        {"legal": False},
        "high",
        "en",
        {(1, 2): "name", (3, 4): None},
        {"noise": ((0, 1),)},
    )
    assert Correction.from_dict(json.loads(json.dumps(said.as_dict()))) == said


def test_words_are_found_wherever_they_stand() -> None:
    assert places_of("吵", "吵，太吵") == ((0, 1), (3, 4))
    assert places_of("安静", "吵，太吵") == () == places_of("", "吵")


def test_what_changed_is_told_by_codes_and_never_by_words() -> None:
    said = Correction(-1, {"food": None}, {"injury": True}, "normal", pii={(0, 1): "name"})
    assert changes(SAID, corrected(SAID, said)) == [
        {"what": "sentiment", "from": 1, "to": -1},
        {"what": "urgency", "from": "high", "to": "normal"},
        {"what": "topic", "code": "food", "from": "positive", "to": None},
        {"what": "risk", "code": "injury", "from": None, "to": True},
        {"what": "pii", "code": "name", "from": 1, "to": 2},
    ]
    assert changes(SAID, corrected(SAID, Correction(1))) == [], "whoever says the same found it right"
