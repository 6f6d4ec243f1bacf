"""The guests whom the demo company knows."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

from cem.demo.content import branches
from cem.demo.customers import customers
from cem.domain.vocabulary import Tier

UNTIL = datetime(2026, 11, 22, 9, 40, tzinfo=UTC)
GUESTS = customers(7, UNTIL)


def test_there_are_two_hundred_with_names_and_numbers_of_their_own() -> None:
    assert len(GUESTS) == 200
    assert len({guest.external_id for guest in GUESTS}) == 200
    assert len({guest.name for guest in GUESTS}) == 200
    phones = [guest.phone for guest in GUESTS if guest.phone]
    assert len(set(phones)) == len(phones)


def test_the_same_seed_makes_the_same_guests() -> None:
    assert customers(7, UNTIL) == GUESTS
    assert customers(8, UNTIL) != GUESTS


def test_few_are_of_tier_a_and_most_of_tier_c() -> None:
    tiers = Counter(guest.tier for guest in GUESTS)
    assert set(tiers) == {Tier.A, Tier.B, Tier.C}
    assert tiers[Tier.A] < tiers[Tier.B] < tiers[Tier.C]


def test_the_more_valuable_spent_more() -> None:
    def spent(tier: Tier) -> float:
        mine = [g for g in GUESTS if g.tier is tier and g.home != "soho"]
        return sum(p.amount_minor for g in mine for p in g.purchases) / len(mine)

    assert spent(Tier.A) > spent(Tier.B) > spent(Tier.C)


def test_purchases_lie_in_the_last_eighteen_months_in_the_money_of_their_branch() -> None:
    zones = {place.code: place.timezone for place in branches()}
    for purchase in (purchase for guest in GUESTS for purchase in guest.purchases):
        assert UNTIL - timedelta(days=549) < purchase.at < UNTIL
        assert purchase.amount_minor > 0
        assert (purchase.currency == "GBP") == (zones[purchase.site] == "Europe/London")


def test_no_telephone_of_a_guest_is_real() -> None:
    numbers = [guest.phone for guest in GUESTS if guest.phone]
    assert all(number.startswith(("+447700900", "+86120")) for number in numbers)
    assert all(guest.email is None or guest.email.endswith(".example") for guest in GUESTS)


def test_guests_speak_three_languages() -> None:
    assert {guest.language for guest in GUESTS} == {"zh-Hans", "zh-Hant", "en"}
