"""Seven of ten are the least certain, two are contradicted, one is drawn by lot; and each says why."""

from __future__ import annotations

from collections import Counter
from datetime import date
from uuid import UUID

from cem.domain.reasons import Reason
from cem.domain.review import Candidate, Pick, contradicted, pick

DAY = date(2026, 11, 23)


def many(count: int = 200) -> list[Candidate]:
    """Every fifth is contradicted by its words; the higher the number, the surer the machine."""
    return [
        Candidate(UUID(int=number + 1), 0.5, 0.5 + number / 500, -0.6 if number % 5 == 0 else 0.4)
        for number in range(count)
    ]


def kinds(picks: list[Pick]) -> Counter[str]:
    return Counter(one.code for one in picks)


def test_the_day_keeps_its_shares() -> None:
    picks = pick(many(), 20, DAY)
    assert kinds(picks) == {"uncertain": 14, "disagreement": 4, "random": 2}
    assert len({one.id for one in picks}) == 20, "no text comes twice"


def test_whoever_stops_half_way_has_seen_the_same_mixture() -> None:
    first = kinds(pick(many(), 20, DAY)[:10])
    assert 6 <= first["uncertain"] <= 8 and first["disagreement"] == 2 and first["random"] == 1


def test_what_was_done_today_counts_for_its_share() -> None:
    done = {"uncertain": 13, "disagreement": 4, "random": 1}
    assert kinds(pick(many(), 20, DAY, done)) == {"uncertain": 1, "random": 1}
    assert pick(many(), 20, DAY, {"uncertain": 14, "disagreement": 4, "random": 2}) == []


def test_the_least_certain_come_first_and_say_how_sure_the_machine_is() -> None:
    uncertain = [one for one in pick(many(), 20, DAY) if one.code == "uncertain"]
    percents = [one.reason.args["percent"] for one in uncertain]
    assert percents == sorted(percents) and percents[0] == 50


def test_the_lot_is_drawn_anew_each_day_and_only_once_a_day() -> None:
    def drawn(day: date) -> set[UUID]:
        return {one.id for one in pick(many(), 20, day) if one.code == "random"}

    assert drawn(DAY) == drawn(DAY)
    assert drawn(DAY) != drawn(date(2026, 11, 24))


def test_where_nobody_disagrees_the_uncertain_take_their_place() -> None:
    alone = [Candidate(each.id, each.score, each.confidence) for each in many()]
    assert kinds(pick(alone, 20, DAY)) == {"uncertain": 18, "random": 2}
    assert len(pick(alone[:3], 20, DAY)) == 3


def test_only_who_takes_a_side_contradicts() -> None:
    one = UUID(int=1)
    assert contradicted(Candidate(one, 0.5, 0.9, -0.5))
    assert not contradicted(Candidate(one, 0.1, 0.9, -0.5))
    assert not contradicted(Candidate(one, 0.5, 0.9, 0.5))
    assert not contradicted(Candidate(one, 0.5, 0.9))


def test_a_rating_that_the_words_contradict_is_a_disagreement_and_named_as_one() -> None:
    why = Reason("words_against_rating", {"words": "complaint"})
    against = Candidate(UUID(int=999), -0.9, 0.95, against=why)
    picks = {one.id: one for one in pick([*many(), against], 20, DAY)}
    assert (picks[against.id].code, picks[against.id].reason) == ("disagreement", why)
