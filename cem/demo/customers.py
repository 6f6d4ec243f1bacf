"""Two hundred guests who let themselves be known, with what they bought in the last eighteen months."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Final

from cem.demo.chance import pick, seeded
from cem.demo.content import names
from cem.domain.vocabulary import Tier

COUNT: Final = 200
PURCHASE_DAYS: Final = 548
"""Eighteen months."""

_TIERS: Final = ((Tier.A, 0.12), (Tier.B, 0.28), (Tier.C, 0.60))
_VISITS: Final = {Tier.A: (9, 26), Tier.B: (4, 10), Tier.C: (1, 4)}
_HOMES: Final = (("bund", 0.45), ("hengshan", 0.33), ("soho", 0.22))
_LANGUAGES: Final = {
    "bund": (("zh-Hans", 0.62), ("zh-Hant", 0.16), ("en", 0.22)),
    "hengshan": (("zh-Hans", 0.88), ("zh-Hant", 0.06), ("en", 0.06)),
    "soho": (("zh-Hans", 0.15), ("zh-Hant", 0.25), ("en", 0.60)),
}
_SPEND: Final = {"bund": ("CNY", 148_000), "hengshan": ("CNY", 42_000), "soho": ("GBP", 7_800)}
"""Currency and the middle of what one visit costs, in minor units (fen, pence)."""
_ELSEWHERE: Final = {"bund": "hengshan", "hengshan": "bund", "soho": "bund"}


@dataclass(frozen=True, slots=True)
class DemoPurchase:
    at: datetime
    amount_minor: int
    currency: str
    site: str


@dataclass(frozen=True, slots=True)
class DemoCustomer:
    """`home` is the branch they go to most. Phone numbers are of ranges that no telephone has."""

    external_id: str
    name: str
    phone: str | None
    email: str | None
    language: str
    tier: Tier
    home: str
    contact_consent: bool
    created_at: datetime
    purchases: tuple[DemoPurchase, ...]


def customers(seed: int, until: datetime, count: int = COUNT) -> tuple[DemoCustomer, ...]:
    """The guests, with purchases that end before `until`; the same seed and `until` give the same."""
    taken: set[str] = set()
    return tuple(_customer(seeded(seed, "customer", i), i, until, taken) for i in range(1, count + 1))


def _customer(rng: Random, number: int, until: datetime, taken: set[str]) -> DemoCustomer:
    home = pick(rng, _HOMES)
    language, tier = pick(rng, _LANGUAGES[home]), pick(rng, _TIERS)
    purchases = tuple(sorted(_purchases(rng, tier, home, until), key=lambda each: each.at))
    return DemoCustomer(
        external_id=f"SG-{number:05d}",
        name=_name(rng, language, taken),
        phone=_phone(number, home) if rng.random() < 0.85 else None,
        email=f"guest{number}@mail.example" if rng.random() < 0.55 else None,
        language=language,
        tier=tier,
        home=home,
        contact_consent=rng.random() < 0.8,
        created_at=purchases[0].at,
        purchases=purchases,
    )


def _purchases(rng: Random, tier: Tier, home: str, until: datetime) -> Iterator[DemoPurchase]:
    for _ in range(rng.randint(*_VISITS[tier])):
        site = home if rng.random() < 0.85 else _ELSEWHERE[home]
        currency, middle = _SPEND[site]
        generous = {Tier.A: 2.2, Tier.B: 1.3}.get(tier, 1.0)
        yield DemoPurchase(
            at=until - timedelta(minutes=rng.randint(60, PURCHASE_DAYS * 24 * 60)),
            amount_minor=max(int(middle * generous * rng.lognormvariate(0.0, 0.45)), 1_000),
            currency=currency,
            site=site,
        )


def _name(rng: Random, language: str, taken: set[str]) -> str:
    pool = names()[language]
    while True:
        family, given = rng.choice(pool["family"]), rng.choice(pool["given"])
        name = f"{given} {family}" if language == "en" else f"{family}{given}"
        if name not in taken:
            taken.add(name)
            return name


def _phone(number: int, home: str) -> str:
    """Ofcom keeps 07700 900000 to 900999 for fiction; no Chinese network has the prefix 120."""
    return f"+447700900{500 + number}" if home == "soho" else f"+8612000010{number:03d}"
