"""Three months of the demo company: what its guests said, and what became of it.

    for past in history(seed=7, until=clock.now()):
        past.received_at, past.rating, past.text, past.fate.how, past.fate.case ...

Pure: the same seed and the same `until` give the same history, oldest first. Everything is settled but for
a handful of the last hours (`tail`), so that the desk has something to do and the ledger something to owe.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Final

from cem.demo.chance import seeded
from cem.demo.content import branches, names, survey_for
from cem.demo.customers import DemoCustomer, customers
from cem.demo.fate import Fate
from cem.demo.mood import breakfast_is_worse, level, rating, says_something
from cem.demo.pool import TextPool, site_language
from cem.demo.rhythm import Moment, channel, moments
from cem.demo.said import Said
from cem.demo.settling import left_open, settle
from cem.demo.tail import LeftOpen, chosen
from cem.domain.localtime import DAY, local_date
from cem.domain.ratings import Rating
from cem.domain.vocabulary import Channel, Kind

QUIET_BEFORE_THE_END: Final = timedelta(minutes=45)
"""So long before the end everybody is satisfied, but for those whom `tail` chooses."""

_KNOWN: Final = 0.3
"""The share of guests who write, mail or call and whom we know."""


@dataclass(frozen=True, slots=True)
class PastFeedback:
    """One feedback of the past; times in UTC, codes of the vocabulary, places and people by code and name.

    `kind` is None where it is to be inferred; `survey` is the code of the survey that was shown. `topic` and
    `risk` are what its writer meant, not findings. `customer` is an external id of `customers`.
    """

    number: int
    channel: Channel
    site: str
    touchpoint: str
    occurred_at: datetime
    received_at: datetime
    rating: Rating | None
    text: str | None
    language: str
    kind: Kind | None
    topic: str | None
    risk: str | None
    customer: str | None
    author: str | None
    survey: str | None
    source_system: str | None
    source_id: str | None
    fate: Fate


def history(seed: int, until: datetime, days: int = 95) -> Iterator[PastFeedback]:
    """What was received in the `days` before `until`, oldest first, with its fate at `until`."""
    pool = TextPool(seeded(seed, "texts"))
    guests = customers(seed, until)
    ends = chosen(until)
    past = sorted(_moments(seed, until, days), key=lambda each: each.at)
    said: list[tuple[Said, LeftOpen | None]] = [
        (_open(seeded(seed, "open", end.ago), len(past) + i, end, until, pool), end)
        for i, end in enumerate(ends, 1)
    ]
    said += [
        (_said(seeded(seed, "said", i), i, moment, until, pool, guests), None)
        for i, moment in enumerate(past, 1)
    ]
    for each, end in sorted(said, key=lambda pair: (pair[0].at, pair[0].number)):
        fate = left_open(each, until, end.taken_after) if end else settle(seed, each, until)
        yield _past(seeded(seed, "past", each.number), each, fate)


def _moments(seed: int, until: datetime, days: int) -> Iterator[Moment]:
    for place in branches():
        last = local_date(until, place.timezone)
        for back in range(days + 1):
            day = last - DAY * back
            for moment in moments(seeded(seed, place.code, day), place, day):
                if until - DAY * days <= moment.at < until:
                    yield moment


def _said(
    rng: Random,
    number: int,
    moment: Moment,
    until: datetime,
    pool: TextPool,
    guests: tuple[DemoCustomer, ...],
) -> Said:
    age, kind, site = until - moment.at, moment.touchpoint.kind, moment.place.code
    by = channel(rng, moment.touchpoint)
    felt = 5 if age < QUIET_BEFORE_THE_END else level(rng, by, site, kind, age)
    guest = _guest(rng, site, guests) if by is not Channel.KIOSK and rng.random() < _KNOWN else None
    language = guest.language if guest else site_language(rng, site)
    text = None
    if says_something(rng, by, felt) and age >= QUIET_BEFORE_THE_END:
        late = breakfast_is_worse(site, kind, age)
        text = pool.draw(moment.place, kind, felt, language, late=late)
    if text is None and by in (Channel.REVIEW, Channel.EMAIL, Channel.CALL):
        by = Channel.LINK  # nobody mails us without a word
    return Said(
        number,
        moment.at,
        moment.place,
        moment.touchpoint,
        by,
        felt,
        rating(rng, by, kind, felt),
        text,
        guest,
        text.language if text else language,
    )


def _open(rng: Random, number: int, end: LeftOpen, until: datetime, pool: TextPool) -> Said:
    place = next(place for place in branches() if place.code == end.site)
    touchpoint = next(each for each in place.touchpoints if each.code == end.touchpoint)
    language = site_language(rng, place.code)
    text = pool.draw(place, touchpoint.kind, end.level, language, late=True, calm=True) if end.words else None
    return Said(
        number,
        until - end.ago,
        place,
        touchpoint,
        end.channel,
        end.level,
        rating(rng, end.channel, touchpoint.kind, end.level),
        text,
        None,
        text.language if text else language,
    )


def _guest(rng: Random, site: str, guests: tuple[DemoCustomer, ...]) -> DemoCustomer | None:
    here = [guest for guest in guests if guest.home == site]
    return rng.choice(here) if here else None


def _past(rng: Random, said: Said, fate: Fate) -> PastFeedback:
    review = said.channel is Channel.REVIEW
    shown = {Channel.KIOSK: "kiosk", Channel.LINK: "link", Channel.QR: "link"}.get(said.channel)
    return PastFeedback(
        number=said.number,
        channel=said.channel,
        site=said.place.code,
        touchpoint=said.touchpoint.code,
        occurred_at=said.at - timedelta(minutes=rng.randint(30, 1500)) if review else said.at,
        received_at=said.at,
        rating=said.rating,
        text=said.text.text if said.text else None,
        language=said.language,
        kind=Kind(said.text.kind) if said.text else None,
        topic=said.text.topic if said.text else None,
        risk=said.text.risk if said.text else None,
        customer=said.customer.external_id if said.customer else None,
        author=rng.choice(names()["screen"]) if review else None,
        survey=survey_for(shown, said.touchpoint.kind) if shown else None,
        source_system=f"reviews-{said.place.code}" if review else None,
        source_id=f"{said.place.code}-{said.number}" if review else None,
        fate=fate,
    )
