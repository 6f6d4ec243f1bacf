"""The challenge list, read with `fast`: what is hard stays visible, and what was won is not lost again."""

from __future__ import annotations

import pytest

from cem.domain.findings import Findings, Label, Risk, Sentiment, Topic
from nlp.challenge import challenge_scores, judge
from nlp.corpus import KINDS, Challenge, challenges
from tests.nlp.conftest import Reader

CASE = Challenge(
    "x-1", "Not clean", "negation", "negative", "a negation", {"hygiene": "negative"}, ("legal",)
)
LEAST = {
    "negation": 7,
    "irony": 1,
    "contrast": 8,
    "emoji": 10,
    "slang": 5,
    "typos": 2,
    "code_switching": 9,
    "rating_against_text": 6,
    "comparative": 2,
    "conditional": 5,
    "question": 5,
    "quiet_risk": 5,
}
"""English cases with the right label, one below what was measured; of 11 to 14 of each kind."""


def found(label: Label, *topics: Topic, risks: tuple[str, ...] = ()) -> Findings:
    told = tuple(Risk(code, 0.9) for code in risks)
    return Findings("en", Sentiment(label, 0, 0.1, 0.9, False), topics, told, "normal", (), "none@1")


def test_every_kind_has_cases_in_english() -> None:
    english = [case for case in challenges() if case.id.startswith("en-")]
    assert len(english) >= 120
    assert {case.kind for case in english} == set(KINDS)


def test_fast_keeps_what_it_has_won_in_english(read: Reader) -> None:
    scores = challenge_scores(read.pipeline, [case for case in challenges() if case.id.startswith("en-")])
    lost = {kind: score.labels for kind, score in scores.items() if score.labels < LEAST[kind]}
    assert lost == {}
    assert sum(score.labels for score in scores.values()) >= 73


def test_a_case_is_right_when_everything_expected_was_found() -> None:
    topic = Topic("hygiene", "negative", 0.9, ())
    assert judge(CASE, found("negative", topic, risks=("legal", "media"))) == set()
    assert judge(CASE, found("neutral", topic, risks=("legal",))) == {"label"}
    assert judge(CASE, found("negative")) == {"topics", "risks"}


def test_topics_of_another_industry_are_not_asked_for() -> None:
    assert judge(CASE, found("negative", risks=("legal",)), pack="bank") == set()


@pytest.mark.parametrize(("expected", "missed"), [((), {"risks"}), (None, set())])
def test_a_risk_is_a_fault_only_where_none_was_expected(
    expected: tuple[str, ...] | None, missed: set[str]
) -> None:
    harmless = Challenge("x-2", "To die for", "quiet_risk", "positive", "none", risks=expected)
    assert judge(harmless, found("positive", risks=("self_harm",))) == missed
