"""NPS, CSAT and CES with the published vectors, and figures that never hide how few they stand on."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cem.domain.metrics import ces, csat, nps
from cem.domain.metrics.figure import Figure, change, share, wilson


def bounds(figure: Figure) -> tuple[float, float]:
    assert figure.low is not None
    assert figure.high is not None
    return figure.low, figure.high


@pytest.mark.parametrize(
    ("counts", "value", "low", "high"),
    [((60, 25, 15), 45, 29.3, 58.0), ((6, 3, 1), 50, -0.2, 77.1), ((5, 0, 0), 100, 17.5, 100)],
)
def test_nps_has_the_plain_point_and_the_adjusted_interval(
    counts: tuple[int, int, int], value: float, low: float, high: float
) -> None:
    figure = nps.from_counts(*counts)
    assert figure.value == pytest.approx(value)
    assert bounds(figure) == (pytest.approx(low, abs=0.05), pytest.approx(high, abs=0.05))


def test_nps_has_the_plain_standard_error() -> None:
    assert nps.from_counts(60, 25, 15).se == pytest.approx(7.399, abs=0.0005)


def test_twenty_points_more_on_a_hundred_answers_may_be_chance() -> None:
    step = change(nps.from_counts(50, 25, 25), nps.from_counts(60, 25, 15))
    assert step.value == pytest.approx(20)
    assert step.se == pytest.approx(11.11, abs=0.005)
    assert step.z == pytest.approx(1.80, abs=0.005)
    assert step.within_noise


def test_forty_points_more_are_not_chance() -> None:
    assert not change(nps.from_counts(40, 25, 35), nps.from_counts(60, 25, 15)).within_noise


def test_two_unanimous_handfuls_are_compared_with_honest_doubt() -> None:
    step = change(nps.from_counts(3, 0, 0), nps.from_counts(0, 3, 0))
    assert step.within_noise
    assert step.z is None


def test_nothing_can_be_said_of_a_change_from_nothing() -> None:
    step = change(nps.from_counts(0, 0, 0), nps.from_counts(60, 25, 15))
    assert (step.value, step.low, step.high, step.within_noise) == (None, None, None, True)


@pytest.mark.parametrize(("variance", "n"), [(0.5275, 811), (1.0, 1537)])
def test_how_many_answers_five_points_need(variance: float, n: int) -> None:
    assert nps.sample_size(5, variance) == n


def test_nps_of_scores_counts_each_once() -> None:
    assert nps.compute([10, 9, 8, 7, 6, 0]).value == pytest.approx(0)
    assert dict(nps.compute([10, 8, 6, 6]).detail) == {"promoters": 0.25, "passives": 0.25, "detractors": 0.5}


@pytest.mark.parametrize("score", [-1, 11, 7.5, True, "9", None])
def test_a_score_that_is_in_no_bucket_is_refused_not_dropped(score: object) -> None:
    with pytest.raises(ValueError, match="not a score"):
        nps.compute([9, score])  # type: ignore[list-item]


def test_value_weighted_nps_shows_that_the_valuable_are_unhappy() -> None:
    scores = [(10, 2000), (2, 8000), (7, 2000), (8, 2000), (6, 8000)]
    figure = nps.weighted(scores)
    assert figure.value == pytest.approx(-63.6, abs=0.05)
    assert figure.se == pytest.approx(25.3, abs=0.05)
    assert figure.detail["n_effective"] == pytest.approx(3.46, abs=0.005)
    assert figure.n == 5
    assert nps.compute(score for score, _ in scores).value == pytest.approx(-20)


def test_equal_weights_are_no_weights() -> None:
    scores = [10, 9, 3, 7, 8, 0, 10]
    assert nps.weighted((score, 50) for score in scores).value == pytest.approx(nps.compute(scores).value)


def test_weighted_answers_of_one_mind_still_have_an_interval() -> None:
    low, high = bounds(nps.weighted([(10, 100.0)] * 6))
    assert (low < 50, high) == (True, 100)


@pytest.mark.parametrize("weights", [[], [(9, 0.0)]])
def test_without_weight_there_is_no_weighted_nps(weights: list[tuple[int, float]]) -> None:
    assert nps.weighted(weights).value is None


def test_a_weight_below_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="weight"):
        nps.weighted([(9, -1.0)])


@pytest.mark.parametrize(
    ("successes", "n", "low", "high"),
    [(85, 100, 0.7672, 0.9069), (0, 10, 0, 0.2775), (10, 10, 0.7225, 1), (5, 7, 0.3589, 0.9178)],
)
def test_wilson_intervals(successes: int, n: int, low: float, high: float) -> None:
    assert wilson(successes, n) == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))


def test_of_nothing_wilson_says_that_all_is_possible() -> None:
    assert wilson(0, 0) == (0, 1)


def test_csat_says_which_boxes_it_counts_and_the_mean_beside_it() -> None:
    ratings = [5, 5, 4, 3, 1]
    top2, top1 = csat.compute(ratings), csat.compute(ratings, "top1")
    assert (top2.value, top2.basis) == (0.6, "top2")
    assert (top1.value, top1.basis) == (0.4, "top1")
    assert top2.detail["mean"] == top1.detail["mean"] == pytest.approx(3.6)


def test_csat_has_the_wilson_interval() -> None:
    assert bounds(csat.from_counts({5: 60, 4: 25, 2: 15})) == wilson(85, 100)


def test_ces_is_the_mean_with_the_share_that_agrees() -> None:
    figure = ces.compute([7, 6, 5, 4, 1])
    assert figure.value == pytest.approx(4.6)
    assert figure.detail["agree"] == pytest.approx(0.6)
    assert (figure.detail["agree_low"], figure.detail["agree_high"]) == wilson(3, 5)


def test_five_equal_efforts_still_have_an_interval() -> None:
    low, high = bounds(ces.compute([7] * 5))
    assert (low < 6, high) == (True, 7)


@pytest.mark.parametrize(("metric", "wrong"), [(csat, 0), (csat, 6), (csat, 3.5), (ces, 0), (ces, 8)])
def test_an_answer_off_the_scale_is_refused(metric: object, wrong: float) -> None:
    with pytest.raises(ValueError, match="is not"):
        metric.compute([wrong])  # type: ignore[attr-defined]


@pytest.mark.parametrize(("n", "hidden", "few"), [(0, True, True), (4, True, True), (5, False, True),
                                                  (29, False, True), (30, False, False)])  # fmt: skip
def test_a_figure_says_when_it_stands_on_too_few(n: int, hidden: bool, few: bool) -> None:
    figure = share(n, n)
    assert (figure.hidden, figure.few) == (hidden, few)
    assert (figure.shown is None) == hidden


def test_a_part_larger_than_the_whole_is_refused() -> None:
    with pytest.raises(ValueError, match="whole"):
        share(6, 5)


COUNTS = st.tuples(*[st.integers(0, 400)] * 3)


@given(COUNTS, COUNTS)
def test_a_change_read_backwards_is_the_opposite_change(
    one: tuple[int, int, int], other: tuple[int, int, int]
) -> None:
    there = change(nps.from_counts(*one), nps.from_counts(*other))
    back = change(nps.from_counts(*other), nps.from_counts(*one))
    assert there.within_noise == back.within_noise
    if there.value is not None and there.low is not None:
        assert back.value == pytest.approx(-there.value)
        assert back.high == pytest.approx(-there.low)


@given(COUNTS)
def test_nothing_has_changed_from_a_figure_to_itself(counts: tuple[int, int, int]) -> None:
    figure = nps.from_counts(*counts)
    assert change(figure, figure).within_noise


@given(st.integers(0, 300), st.integers(1, 300))
def test_more_answers_of_the_same_kind_make_the_interval_narrower(part: int, rest: int) -> None:
    n = part + rest
    low, high = wilson(part, n)
    tenfold_low, tenfold_high = wilson(10 * part, 10 * n)
    assert tenfold_high - tenfold_low < high - low
    assert low <= part / n <= high
