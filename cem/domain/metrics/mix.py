"""Did the rates change, or who was asked? Comparisons that Simpson's paradox cannot turn.

Direct standardisation and the split of a change into mix and rate. methods.md section 8.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations


@dataclass(frozen=True, slots=True)
class Group:
    """One stratum: how many, and their rate (in whatever unit; it comes out in the same)."""

    n: int
    rate: float


Strata = Mapping[str, Group]


@dataclass(frozen=True, slots=True)
class MixAndRate:
    """`total` = `mix` + `rate`. `at_old_mix` is the new rates with the old shares of the groups."""

    before: float
    after: float
    at_old_mix: float
    mix: float
    rate: float

    @property
    def total(self) -> float:
        return self.after - self.before


def compare(before: Strata, after: Strata) -> MixAndRate | None:
    """From one period to the next; None where either is empty.

    A group that is in one period only keeps its rate in the other: its coming or going is a change of mix.
    """
    before, after = _counted(before), _counted(after)
    if not before or not after:
        return None
    keys = sorted(before.keys() | after.keys())
    old, new = _rates({**after, **before}), _rates({**before, **after})
    was, now = _shares(before, keys), _shares(after, keys)
    return MixAndRate(
        before=sum(was[k] * old[k] for k in keys),
        after=sum(now[k] * new[k] for k in keys),
        at_old_mix=sum(was[k] * new[k] for k in keys),
        mix=sum((now[k] - was[k]) * old[k] for k in keys),
        rate=sum(now[k] * (new[k] - old[k]) for k in keys),
    )


def standardised(strata: Strata, standard: Mapping[str, float]) -> float | None:
    """The rate with the shares of `standard`; None where a group that counts there is missing here."""
    weight = sum(standard.values())
    if weight <= 0 or any(share > 0 and not _there(strata, key) for key, share in standard.items()):
        return None
    return sum(share * strata[key].rate for key, share in standard.items() if share > 0) / weight


def order_flips(units: Mapping[str, Strata], standard: Mapping[str, float]) -> bool:
    """Whether a league table of the units would change its order once standardised: then show none."""
    crude = {name: _crude(strata) for name, strata in units.items()}
    fair = {name: standardised(strata, standard) for name, strata in units.items()}
    return any(
        _differs(crude[one], crude[other], fair[one], fair[other]) for one, other in combinations(units, 2)
    )


def _differs(a: float | None, b: float | None, fair_a: float | None, fair_b: float | None) -> bool:
    if a is None or b is None or fair_a is None or fair_b is None:
        return True
    return (a - b) * (fair_a - fair_b) < 0


def _there(strata: Strata, key: str) -> bool:
    return key in strata and strata[key].n > 0


def _counted(strata: Strata) -> Strata:
    return {key: group for key, group in strata.items() if group.n > 0}


def _size(strata: Strata) -> int:
    return sum(group.n for group in strata.values())


def _crude(strata: Strata) -> float | None:
    n = _size(strata)
    return sum(group.n * group.rate for group in strata.values()) / n if n else None


def _shares(strata: Strata, keys: list[str]) -> dict[str, float]:
    n = _size(strata)
    return {key: strata[key].n / n if key in strata else 0.0 for key in keys}


def _rates(strata: Strata) -> dict[str, float]:
    return {key: group.rate for key, group in strata.items()}
