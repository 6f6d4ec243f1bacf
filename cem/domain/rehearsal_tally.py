"""What a rehearsal adds up, a part at a time: sums, days, people, and the items behind each day.

It grows with the days and the people, never with the feedback: of a day only the items that would have
asked most of people are kept. It is written down between two parts, and goes on from there.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final

from cem.domain.rehearsal import Played
from cem.domain.vocabulary import Priority, PromiseKind

ITEMS_A_DAY: Final = 12
WORST_DAYS: Final = 7
NO_CASE: Final = ""


@dataclass(slots=True)
class Load:
    """What one person would have had: cases of their own, pages, and those of them between 22 and 7."""

    cases: int = 0
    pages: int = 0
    at_night: int = 0


@dataclass(slots=True)
class Outcome:
    """What a regime makes of the past. Breaches stand on the day on which the feedback came in."""

    cases: int = 0
    pages: Counter[date] = field(default_factory=Counter)
    broken: Counter[date] = field(default_factory=Counter)
    breaches: Counter[PromiseKind] = field(default_factory=Counter)
    priorities: Counter[Priority] = field(default_factory=Counter)
    loads: dict[str, Load] = field(default_factory=dict)
    nobody_on_duty: int = 0
    uncovered: timedelta = timedelta()

    def load(self, person: str) -> Load:
        return self.loads.setdefault(person, Load())

    def add(self, case: Played) -> None:
        self.cases += 1
        self.priorities[case.priority] += 1
        self.breaches.update(case.broken)
        self.broken[case.day] += len(case.broken)
        self.nobody_on_duty += case.nobody_on_duty
        self.load(case.owner).cases += 1
        for page in case.pages:
            self.pages[page.day] += 1
            load = self.load(page.person)
            load.pages += 1
            load.at_night += page.at_night

    def to_document(self) -> dict[str, Any]:
        return {
            "cases": self.cases,
            "pages": {day.isoformat(): count for day, count in self.pages.items()},
            "broken": {day.isoformat(): count for day, count in self.broken.items()},
            "breaches": {kind.value: count for kind, count in self.breaches.items()},
            "priorities": {rank.value: count for rank, count in self.priorities.items()},
            "loads": {who: [load.cases, load.pages, load.at_night] for who, load in self.loads.items()},
            "nobody_on_duty": self.nobody_on_duty,
            "uncovered": self.uncovered.total_seconds(),
        }

    @classmethod
    def from_document(cls, said: dict[str, Any]) -> Outcome:
        return cls(
            said["cases"],
            Counter({date.fromisoformat(day): count for day, count in said["pages"].items()}),
            Counter({date.fromisoformat(day): count for day, count in said["broken"].items()}),
            Counter({PromiseKind(kind): count for kind, count in said["breaches"].items()}),
            Counter({Priority(rank): count for rank, count in said["priorities"].items()}),
            {who: Load(*load) for who, load in said["loads"].items()},
            said["nobody_on_duty"],
            timedelta(seconds=said["uncovered"]),
        )


@dataclass(frozen=True, slots=True)
class Side:
    """What one item would have been under one regime; `priority` is `NO_CASE` where it had none."""

    priority: str = NO_CASE
    owner: str = ""
    pages: int = 0
    broken: tuple[str, ...] = ()

    @classmethod
    def of(cls, case: Played | None) -> Side:
        if case is None:
            return cls()
        return cls(
            case.priority.value,
            case.owner,
            len(case.pages),
            tuple(sorted(kind.value for kind in case.broken)),
        )


@dataclass(frozen=True, slots=True)
class Item:
    """One feedback with what both regimes make of it."""

    feedback: str
    before: Side
    after: Side

    @property
    def differs(self) -> bool:
        """Whether it would have been somebody else's, more urgent, late, or a case at all."""
        sides = [(side.priority, side.owner, side.broken) for side in (self.before, self.after)]
        return sides[0] != sides[1]

    @property
    def weight(self) -> tuple[int, int, int, str]:
        """What would have changed comes first, then what asks most of people."""
        most = max(len(self.before.broken), len(self.after.broken))
        return self.differs, most, max(self.before.pages, self.after.pages), self.feedback

    def to_document(self) -> list[Any]:
        sides = (self.before, self.after)
        return [self.feedback, *([each.priority, each.owner, each.pages, [*each.broken]] for each in sides)]

    @classmethod
    def from_document(cls, said: list[Any]) -> Item:
        sides = (Side(rank, owner, pages, tuple(broken)) for rank, owner, pages, broken in said[1:])
        return cls(said[0], *sides)


@dataclass(slots=True)
class Tally:
    """The same days under the rules that hold and under those that would."""

    feedback: int = 0
    changed: int = 0
    before: Outcome = field(default_factory=Outcome)
    after: Outcome = field(default_factory=Outcome)
    moves: Counter[tuple[str, str]] = field(default_factory=Counter)
    """From one priority to another; `NO_CASE` on either side."""
    days: dict[date, list[Item]] = field(default_factory=dict)
    """By the day on which it came in, up to `ITEMS_A_DAY`, the heaviest first."""

    def add(self, feedback: str, before: Played | None, after: Played | None) -> None:
        self.feedback += 1
        if before is not None:
            self.before.add(before)
        if after is not None:
            self.after.add(after)
        case = after or before
        if case is not None:
            self._keep(case.day, Item(feedback, Side.of(before), Side.of(after)))

    def _keep(self, day: date, item: Item) -> None:
        if item.differs:
            self.changed += 1
            if item.before.priority != item.after.priority:
                self.moves[item.before.priority, item.after.priority] += 1
        kept = self.days.setdefault(day, [])
        kept.append(item)
        kept.sort(key=lambda each: each.weight, reverse=True)
        del kept[ITEMS_A_DAY:]

    def worst_days(self) -> list[date]:
        """Where the draft would ask most of people: broken promises first, then notifications."""
        days = {*self.days, *self.after.pages, *self.before.pages}
        ranked = sorted(
            days,
            key=lambda day: (
                self.after.broken[day],
                self.after.pages[day],
                self.before.broken[day],
                self.before.pages[day],
                day,
            ),
            reverse=True,
        )
        return ranked[:WORST_DAYS]

    def to_document(self) -> dict[str, Any]:
        return {
            "feedback": self.feedback,
            "changed": self.changed,
            "before": self.before.to_document(),
            "after": self.after.to_document(),
            "moves": [[*pair, count] for pair, count in self.moves.items()],
            "days": {
                day.isoformat(): [each.to_document() for each in kept] for day, kept in self.days.items()
            },
        }

    @classmethod
    def from_document(cls, said: dict[str, Any]) -> Tally:
        return cls(
            said["feedback"],
            said["changed"],
            Outcome.from_document(said["before"]),
            Outcome.from_document(said["after"]),
            Counter({(before, after): count for before, after, count in said["moves"]}),
            {
                date.fromisoformat(day): [Item.from_document(each) for each in kept]
                for day, kept in said["days"].items()
            },
        )
