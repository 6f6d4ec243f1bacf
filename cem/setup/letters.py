"""The messages of the past: sent when they were due, in the words and the language of who got them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from flask_babel import force_locale

from cem.demo.content import DemoPerson
from cem.domain.vocabulary import DeliveryKind, DeliveryState, TransportName
from cem.engine.gathered import TOGETHER_AFTER
from cem.engine.opening import LATE_ARRIVAL
from cem.http import i18n
from cem.http.messages import About, about_one, digest_of
from cem.ids import new_id

if TYPE_CHECKING:
    from cem.setup.life import Life

_ON_THE_WAY: Final = timedelta(milliseconds=400)
_SEEN_AFTER: Final = timedelta(minutes=2)


@dataclass(slots=True)
class _Letter:
    """A delivery that still has to be put into words: its case has no number yet."""

    row: dict[str, Any]
    case: dict[str, Any] | None
    due_at: datetime | None
    names: tuple[Mapping[str, str], ...]


@dataclass(slots=True)
class Letters:
    """`people` by id, `touchpoints` their names by id."""

    people: Mapping[str, DemoPerson]
    touchpoints: Mapping[Any, Mapping[str, str]]
    written: list[_Letter] = field(default_factory=list)

    def write(self, life: Life, kind: DeliveryKind, to: str, at: datetime, args: dict[str, Any]) -> None:
        """A message to the person with this id, about the life as it stands at `at`."""
        case, feedback = life.case, life.feedback
        touchpoint = self.touchpoints.get(feedback["touchpoint_id"])
        row = {
            "id": new_id(at),
            "dedupe_key": f"{new_id(at)}:{TransportName.INBOX}:{to}",
            "kind": kind,
            "transport": TransportName.INBOX,
            "user_id": UUID(to),
            "to": self.people[to].username,
            "case_id": case["id"] if case else None,
            "feedback_id": feedback["id"] if case is None or kind is not DeliveryKind.BREACH else None,
            "message": args,
            "state": DeliveryState.SENT,
            "step": args.get("step"),
            "created_at": at,
            "sent_at": at + _ON_THE_WAY,
        }
        if kind is DeliveryKind.DIGEST and case:
            together = {"case_ids": [str(case["id"])], "case_id": None, "sent_at": at + TOGETHER_AFTER}
            row |= together | {"dedupe_key": f"digest:{to}:{case['id']}"}
        names = (life.place.name, *((touchpoint,) if touchpoint else ()))
        self.written.append(_Letter(row, case, case["due_at"] if case else None, names))

    def first(self, life: Life) -> None:
        """The first page of a case; what came late is told of in a digest."""
        case, feedback = life.live_case, life.feedback
        late = feedback["received_at"] - feedback["occurred_at"] > LATE_ARRIVAL
        kind = DeliveryKind.DIGEST if late else DeliveryKind.PAGE
        self.write(life, kind, str(case["owner_id"]), case["opened_at"], {})

    def rows(self, unseen: set[Any]) -> list[dict[str, Any]]:
        """Their rows, in words. Those about a case or feedback in `unseen` nobody has opened yet."""
        return [self._in_words(letter, unseen) for letter in self.written]

    def _in_words(self, letter: _Letter, unseen: set[Any]) -> dict[str, Any]:
        row, case = letter.row, letter.case
        person = self.people[str(row["user_id"])]
        about = case["id"] if case else row["feedback_id"]
        seen = None if about in unseen else row["sent_at"] + _SEEN_AFTER
        with force_locale(i18n.locale_of(person.locale)):
            return row | {"text": _text(letter, person), "seen_at": seen}


def _text(letter: _Letter, person: DemoPerson) -> str:
    if letter.row["kind"] is DeliveryKind.DIGEST:
        return digest_of(1)
    where = " · ".join(i18n.localized(dict(name), person.locale) for name in letter.names)
    case = letter.case
    if case is None:
        return about_one(letter.row["kind"], About(None, "", where, ""))
    due = letter.due_at.astimezone(ZoneInfo(person.timezone)).strftime("%H:%M") if letter.due_at else ""
    return about_one(letter.row["kind"], About(case["number"], case["priority"].value.upper(), where, due))
