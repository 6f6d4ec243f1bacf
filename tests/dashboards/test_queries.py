"""What the executive page reads, on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cem import clock
from cem.dashboards import items, queries
from cem.dashboards.items import Filter
from cem.dashboards.periods import Grain, ReportPeriod, full_periods
from cem.domain.vocabulary import ExcuseReason, PromiseKind
from tests.dashboards.past import Past, day
from tests.world import World


def _weeks() -> tuple[ReportPeriod, ...]:
    return full_periods(Grain.WEEK, clock.now(), "Asia/Shanghai")


def test_scores_are_counted_in_the_week_in_which_they_were_given(world: World) -> None:
    past = Past(world)
    past.answers("nps", [10] * 6 + [7] * 3 + [0], day("2026-11-18"))
    past.answers("nps", [0] * 4, day("2026-11-15", 23))
    past.answers("nps", [10] * 9, day("2026-11-23", 1))
    trend = queries.trend("nps", "group/", _weeks())
    assert [(figure.n, figure.value) for figure in trend[-2:]] == [(4, -100), (10, 50)]
    assert sum(figure.n for figure in trend) == 14, "the week that is not over counts nowhere"


def test_scales_never_mix(world: World) -> None:
    past, at = Past(world), day("2026-11-18")
    past.answers("nps", [5] * 5, at)
    past.answers("ces7", [5] * 5, at)
    for scale in ("faces5", "stars5", "csat5"):
        past.answers(scale, [5, 3], at)
    assert queries.trend("nps", "group/", _weeks())[-1].value == -100
    csat = queries.trend("csat", "group/", _weeks())[-1]
    assert (csat.n, csat.value, csat.basis) == (6, 0.5, "top2")
    assert queries.by_scale("csat", "group/", _weeks()[-1]) == {"csat5": 2, "faces5": 2, "stars5": 2}


@pytest.mark.parametrize("excuse", ExcuseReason)
def test_what_was_no_customers_own_rating_counts_in_no_score(world: World, excuse: ExcuseReason) -> None:
    Past(world).answers("nps", [0], day("2026-11-18"), state="excused", excuse=excuse)
    n = queries.trend("nps", "group/", _weeks())[-1].n
    assert n == (1 if excuse is ExcuseReason.UNREACHABLE else 0)


def test_each_branch_has_its_own_figure_and_another_part_of_the_tree_none(world: World) -> None:
    Past(world, "bund").answers("nps", [10] * 5, day("2026-11-18"))
    Past(world, "soho").answers("nps", [0] * 5, day("2026-11-18"))
    found = queries.by_site("nps", "group/", _weeks()[-1])
    assert {site: figure.value for site, figure in found.items()} == {
        world.places["bund"]: 100,
        world.places["soho"]: -100,
    }
    assert set(queries.by_site("nps", "group/east/", _weeks()[-1])) == {world.places["bund"]}


def test_promises_are_judged_in_the_week_in_which_they_fell_due(world: World) -> None:
    past, at = Past(world), day("2026-11-18")
    for kept in (True, True, False):
        past.promise(PromiseKind.FIRST_CONTACT, at, kept)
    past.promise(PromiseKind.FIRST_CONTACT, at - timedelta(days=7), kept=False)
    past.promise(PromiseKind.ACKNOWLEDGE, at, kept=False)
    kept_ones = queries.promises_kept("group/", _weeks()[-1])
    assert (kept_ones[PromiseKind.FIRST_CONTACT].n, kept_ones[PromiseKind.RESOLVE].n) == (3, 0)
    assert kept_ones[PromiseKind.FIRST_CONTACT].value == pytest.approx(2 / 3)


def test_the_account_balances(world: World) -> None:
    past, at = Past(world), day("2026-11-18")
    for state in ("thanked", "personal", "public", "owed", "excused"):
        past.feedback("faces5", 5, at, state=state)
    ledger, off_by = queries.account("group/")
    assert (ledger.total, ledger.owed, off_by) == (5, 1, 0)
    assert queries.account("group/west/")[0].total == 0


def test_a_list_is_as_long_as_the_n_of_its_figure(world: World) -> None:
    past, week = Past(world), _weeks()[-1]
    past.answers("nps", range(11), day("2026-11-18"))
    past.answers("nps", [3], day("2026-11-18"), state="excused")
    past.answers("faces5", [1, 5], day("2026-11-18"))
    past.promise(PromiseKind.RESOLVE, day("2026-11-19"), kept=True)
    for metric in ("nps", "csat"):
        n = queries.trend(metric, "group/", [week])[0].n
        assert items.page(Filter("group/", week, metric=metric)).total == n > 0
    resolved = items.page(Filter("group/", week, promise=PromiseKind.RESOLVE))
    assert resolved.total == len(resolved.rows) == 1


def test_what_is_overdue_is_listed_by_what_is_due_first(world: World) -> None:
    past, now = Past(world), clock.now()
    late = [
        past.feedback("faces5", 1, now - timedelta(days=2), "owed", now - timedelta(hours=h)) for h in (1, 5)
    ]
    past.feedback("faces5", 1, now - timedelta(days=2), "owed", now + timedelta(hours=1))
    assert [row.id for row in items.page(Filter("group/", state="overdue")).rows] == late[::-1]
    assert items.count(Filter("group/", state="owed")) == 1


def test_pages_follow_one_another_without_losing_a_row(world: World) -> None:
    Past(world).answers("faces5", [5] * 120, day("2026-11-18"))
    seen, place = [], None
    while True:
        page = items.page(Filter("group/"), place)
        seen += [row.id for row in page.rows]
        if (place := page.next) is None:
            break
    assert len(seen) == len(set(seen)) == page.total == 120
