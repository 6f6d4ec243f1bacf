"""Control charts, DPMO and alarms with the published vectors."""

from __future__ import annotations

from math import inf

import pytest

from cem.domain.metrics.alarms import ewma, ewma_alarms, ewma_limit, tail
from cem.domain.metrics.control_charts import p_chart, p_prime_chart, share_chart, u_chart
from cem.domain.metrics.dpmo import dpmo, sigma_level

DEFECTS = [12, 15, 9, 30, 14, 11, 16, 13, 10, 18]
SAMPLES = [400, 420, 390, 410, 405, 398, 415, 402, 388, 425]


def test_the_p_chart_calls_the_fourth_point_out() -> None:
    chart = p_chart(DEFECTS, SAMPLES)
    assert chart.centre == pytest.approx(0.036516, abs=5e-7)
    assert chart.points[3].value == pytest.approx(0.07317, abs=5e-6)
    assert chart.points[3].upper == pytest.approx(0.06431, abs=5e-6)
    assert [point.out for point in chart.points] == [i == 3 for i in range(10)]


def test_laney_s_chart_does_not() -> None:
    chart = p_prime_chart(DEFECTS, SAMPLES)
    assert chart.sigma_z == pytest.approx(1.6245, abs=5e-5)
    assert chart.points[3].upper == pytest.approx(0.08166, abs=5e-6)
    assert not any(point.out for point in chart.points)


def test_the_chart_is_laney_s_where_the_points_waver_more_than_chance() -> None:
    assert share_chart(DEFECTS, SAMPLES).kind == "p_prime"


def test_the_chart_is_laney_s_where_samples_are_large() -> None:
    assert share_chart([300, 305, 300], [6000, 6000, 6000]).kind == "p_prime"


def test_the_chart_is_the_plain_one_otherwise() -> None:
    assert share_chart([30, 31, 29], [600, 600, 600]).kind == "p"


def test_the_u_chart_has_limits_for_each_number_of_units() -> None:
    chart = u_chart([3, 5, 2, 9, 4], [100, 120, 90, 110, 105])
    assert chart.centre == pytest.approx(0.04381, abs=5e-6)
    assert chart.points[3].upper == pytest.approx(0.10368, abs=5e-6)
    assert not chart.points[3].out


def test_limits_stay_within_what_is_possible() -> None:
    points = p_chart([1, 3], [4, 4]).points
    assert all(0 <= point.lower <= point.upper <= 1 for point in points)


@pytest.mark.parametrize("defects", [[0, 0], [5, 5]])
def test_a_process_without_any_wavering_is_never_out(defects: list[int]) -> None:
    assert not any(point.out for point in share_chart(defects, [5, 5]).points)


@pytest.mark.parametrize(("defects", "sizes"), [([], []), ([1], [0]), ([1, 2], [5]), ([-1], [5])])
def test_a_chart_of_samples_without_size_is_refused(defects: list[int], sizes: list[int]) -> None:
    with pytest.raises(ValueError, match="samples"):
        p_chart(defects, sizes)


def test_defects_per_million_and_their_sigma_level() -> None:
    assert dpmo(27, 1500, 5) == pytest.approx(3600)
    assert sigma_level(3600) == pytest.approx(4.19, abs=0.005)
    assert sigma_level(3.4) == pytest.approx(6.00, abs=0.005)


def test_without_an_opportunity_there_is_no_dpmo() -> None:
    assert dpmo(0, 0, 5) is None
    assert (sigma_level(0), sigma_level(1_000_000)) == (inf, -inf)


def test_a_small_shift_that_lasts_alarms_at_the_fifth_day_and_not_before() -> None:
    shares = [0.03, 0.05, 0.08, 0.09, 0.10]
    assert ewma_alarms(shares, 0.04, 100) == (False, False, False, False, True)
    assert ewma(shares, 0.04)[4] == pytest.approx(0.06532, abs=5e-6)
    assert ewma_limit(0.04, 100, 5) == pytest.approx(0.05851, abs=5e-6)


def test_the_tail_of_an_even_prior_is_even() -> None:
    assert [tail(x, 4, 1, 1) for x in range(6)] == pytest.approx([1, 0.8, 0.6, 0.4, 0.2, 0])


def test_an_hour_far_above_its_usual_share_is_unlikely() -> None:
    usual = (1 + 40, 1 + 960)
    assert tail(12, 60, *usual) < 0.001 < tail(4, 60, *usual)
