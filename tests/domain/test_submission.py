"""What every channel's submission is checked for, before anything is stored."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cem.domain.ratings import SCALES, Rating
from cem.domain.reasons import Invalid
from cem.domain.submission import (
    AHEAD,
    GivenAnswer,
    GivenCustomer,
    Submission,
    check,
    inferred_kind,
    settled_time,
)
from cem.domain.vocabulary import Channel, Kind

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


def said(text: str | None = "words", **more: object) -> Submission:
    return Submission(Channel.API, "bund", text=text, **more)  # type: ignore[arg-type]


def refusal(submission: Submission) -> Invalid:
    with pytest.raises(Invalid) as caught:
        check(submission, NOW)
    return caught.value


@pytest.mark.parametrize("text", ["", "   ", "\u3000\n"])
def test_without_a_rating_there_must_be_words(text: str) -> None:
    assert set(refusal(said(text)).fields) == {"rating"}


def test_twenty_thousand_code_points_are_taken_and_one_more_is_too_large() -> None:
    check(said("哈" * 20_000), NOW)
    error = refusal(said("哈" * 20_001))
    assert (error.status, set(error.fields)) == (413, {"text"})


@pytest.mark.parametrize("char", ["\0", "\ud800", "\udfff"])
def test_what_no_text_can_hold_is_refused_wherever_it_stands(char: str) -> None:
    assert set(refusal(said(f"a{char}b")).fields) == {"text"}
    assert set(refusal(said(attributes={f"k{char}": "v"})).fields) == {"attributes"}
    assert set(refusal(said(customer=GivenCustomer(name=char))).fields) == {"customer.name"}
    assert set(refusal(said(answers=(GivenAnswer("q", text=char),))).fields) == {"answers.0.text"}


def test_markup_formulas_and_right_to_left_marks_are_words_like_others() -> None:
    check(said("<script>alert(1)</script> =SUM(A1) \u202eabc\u202c 👨‍👩‍👧‍👦 e\u0301"), NOW)


def test_a_device_may_be_five_minutes_ahead_and_is_then_taken_as_now() -> None:
    check(said(occurred_at=NOW + AHEAD), NOW)
    assert settled_time(NOW + AHEAD, NOW) == NOW
    later = NOW + AHEAD + timedelta(seconds=1)
    assert set(refusal(said(occurred_at=later)).fields) == {"occurred_at"}


def test_twenty_attributes_are_taken_and_one_more_is_not() -> None:
    check(said(attributes={str(number): number for number in range(20)}), NOW)
    too_many = {str(number): number for number in range(21)}
    assert set(refusal(said(attributes=too_many)).fields) == {"attributes"}


@pytest.mark.parametrize(
    ("submission", "kind"),
    [
        (said(None, rating=Rating("faces5", 5)), Kind.RATING),
        (said("nice", rating=Rating("faces5", 5)), Kind.REVIEW),
        (said("bad", rating=Rating("faces5", 1)), Kind.COMPLAINT),
        (said("when do you open?", kind=Kind.QUESTION), Kind.QUESTION),
        (Submission(Channel.REVIEW, "bund", rating=Rating("stars5", 1)), Kind.REVIEW),
        (Submission(Channel.COMPLAINT, "bund", text="no"), Kind.COMPLAINT),
    ],
)
def test_the_kind_is_the_given_one_or_follows_from_channel_and_content(
    submission: Submission, kind: Kind
) -> None:
    assert inferred_kind(submission) is kind


@given(st.sampled_from(sorted(SCALES)), st.integers(-5, 15))
def test_a_rating_is_on_its_scale_and_never_both_satisfied_and_dissatisfied(scale: str, value: int) -> None:
    try:
        rating = Rating(scale, value)
    except ValueError:
        assert not SCALES[scale].low <= value <= SCALES[scale].high
        return
    assert not (rating.satisfied and rating.dissatisfied)
    assert rating.dissatisfied or not rating.very_dissatisfied
