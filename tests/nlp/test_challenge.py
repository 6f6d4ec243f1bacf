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
LEAST: dict[str, dict[str, int]] = {
    "en": {
        "negation": 6,
        "irony": 7,
        "contrast": 10,
        "emoji": 9,
        "slang": 9,
        "typos": 11,
        "code_switching": 10,
        "rating_against_text": 8,
        "comparative": 3,
        "conditional": 9,
        "question": 6,
        "quiet_risk": 6,
        "tap": 7,
    },
    "zh": {
        "negation": 21,
        "irony": 13,
        "contrast": 10,
        "emoji": 6,
        "slang": 21,
        "typos": 13,
        "code_switching": 10,
        "rating_against_text": 11,
        "comparative": 6,
        "conditional": 12,
        "question": 7,
        "quiet_risk": 19,
        "tap": 21,
        "cantonese": 19,
    },
}
"""Cases with the right label, one below what was measured, of some 10 to 40 of each kind."""
TOGETHER = {"en": 113, "zh": 202}
"""Of 168 and 309."""


def found(label: Label, *topics: Topic, risks: tuple[str, ...] = ()) -> Findings:
    told = tuple(Risk(code, 0.9) for code in risks)
    return Findings("en", Sentiment(label, 0, 0.1, 0.9, False), topics, told, "normal", (), "none@1")


def cases(language: str) -> list[Challenge]:
    return [case for case in challenges() if case.id.startswith(f"{language}-")]


def test_there_are_cases_of_every_kind_in_both_languages() -> None:
    kinds = {language: {case.kind for case in cases(language)} for language in LEAST}
    assert kinds == {"en": set(KINDS) - {"cantonese"}, "zh": set(KINDS)}
    assert len(cases("en")) >= 120 and len(cases("zh")) >= 190


@pytest.mark.parametrize("language", LEAST)
def test_fast_keeps_what_it_has_won(read: Reader, language: str) -> None:
    scores = challenge_scores(read.pipeline, cases(language))
    lost = {kind: score.labels for kind, score in scores.items() if score.labels < LEAST[language][kind]}
    assert lost == {}
    assert sum(score.labels for score in scores.values()) >= TOGETHER[language]


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
