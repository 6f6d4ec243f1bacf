"""A draft is rehearsed in the background: asked for, played a part at a time, called off, kept with it.

Each part reads in short transactions and writes once, so that a rehearsal of any length holds up nobody;
what it has added up so far stands in its row, and whoever does the next part goes on from there.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select, update

from cem import clock
from cem.domain.actors import Actor
from cem.domain.reasons import NotFound, Refused
from cem.domain.rehearsal import House, Regime, Usual, play, uncovered
from cem.domain.rehearsal_tally import Tally
from cem.domain.vocabulary import RehearsalState
from cem.engine import rehearsing
from cem.engine.drafts import load_draft
from cem.engine.rehearsing import Cursor, Scope
from cem.engine.transaction import Tx, transaction
from cem.extensions import db
from cem.ids import new_id
from cem.models import Rehearsal, RuleDraft, Site

DAYS: Final = 90
SPAN: Final = timedelta(days=DAYS)
PART: Final = 2_000
"""Feedbacks that are played in one go; what else waits in the queue comes in between."""
STRETCH: Final = 500
HOUSES: Final = 50
"""Rosters that are looked at for gaps in one go."""
OLD_AFTER: Final = timedelta(days=1)

_LIVE: Final = Rehearsal.state.in_((RehearsalState.ASKED, RehearsalState.RUNNING))


def ask(draft_id: UUID, by: Actor, days: int = DAYS) -> UUID:
    """Have the draft rehearsed as it stands; the rehearsal's id. One that runs or still holds is that one.

    Raises `NotFound`, and `Refused` where the draft has ended or there is no history to play it against.
    """
    with transaction() as tx:
        draft = load_draft(tx, draft_id)
        path = _path(draft)
        last = latest(draft_id)
        if last is not None and _goes_on(tx, last, draft, path):
            return last.id
        within = rehearsing.scope(path, tx.now - timedelta(days=days), tx.now)
        if not rehearsing.any_past(within):
            raise Refused("rehearsal_without_history", days=days)
        row = Rehearsal(
            id=new_id(tx.now),
            draft_id=draft.id,
            draft_changed_at=draft.changed_at,
            rules=rehearsing.rules_of(path),
            state=RehearsalState.ASKED,
            asked_at=tx.now,
            asked_by=str(by),
            since=within.since,
            until=within.until,
        )
        tx.session.add(row)
        tx.session.flush()
        tx.audit(str(by), "rehearsal.asked", row.id, draft=str(draft.id))
        tx.say("rehearsal.due", rehearsal=row.id)
        id: UUID = row.id
        return id


def cancel(rehearsal_id: UUID, by: Actor) -> None:
    """It goes no further. Raises `NotFound`, and `Refused` where it has ended already."""
    with transaction() as tx:
        if tx.session.get(Rehearsal, rehearsal_id) is None:
            raise NotFound
        if not _end(tx, rehearsal_id, RehearsalState.CANCELLED):
            raise Refused("rehearsal_has_ended")
        tx.audit(str(by), "rehearsal.cancelled", rehearsal_id)


def fail(rehearsal_id: UUID, error: str) -> None:
    """It can't go on, and says by what kind of error."""
    with transaction() as tx:
        _end(tx, rehearsal_id, RehearsalState.FAILED, error=error[:80])


def latest(draft_id: UUID) -> Rehearsal | None:
    found: Rehearsal | None = db.session.scalar(
        select(Rehearsal)
        .where(Rehearsal.draft_id == draft_id)
        .order_by(Rehearsal.asked_at.desc(), Rehearsal.id.desc())
        .limit(1)
    )
    return found


def result(rehearsal: Rehearsal) -> Tally:
    """What was added up so far."""
    return Tally.from_document((rehearsal.document or {})["tally"])


@dataclass(frozen=True, slots=True)
class Age:
    """What a result does not know of: that the draft or the rules were changed, and what came in since."""

    draft_changed: bool
    rules_changed: bool
    since: int
    old: bool

    @property
    def is_stale(self) -> bool:
        return self.draft_changed or self.rules_changed or self.old


def age(rehearsal: Rehearsal, draft: RuleDraft) -> Age:
    """Whether the draft or the history has changed since; old is a day, or a hundredth more feedback."""
    path = _path(draft)
    now = clock.now()
    new = rehearsing.size(rehearsing.scope(path, rehearsal.until, now + timedelta(minutes=1)))
    old = now - rehearsal.until > OLD_AFTER or new * 100 >= max(rehearsal.total or 0, 1)
    changed = rehearsing.rules_of(path) != rehearsal.rules and draft.published_id is None
    return Age(draft.changed_at != rehearsal.draft_changed_at, changed, new, old and new > 0)


def go_on(rehearsal_id: UUID) -> None:
    """Play the next part, once. Where draft or rules have changed meanwhile, begin again with them."""
    row = db.session.get(Rehearsal, rehearsal_id)
    if row is None or not row.is_live:
        return
    draft = db.session.get_one(RuleDraft, row.draft_id)
    if draft.ended_at is not None:
        with transaction() as tx:
            _end(tx, rehearsal_id, RehearsalState.CANCELLED)
        return
    path, part = _path(draft), row.part
    regimes = rehearsing.regimes(draft, path)
    work = _Work(rehearsing.scope(path, row.since, row.until), *regimes, row.since, row.until)
    told = {"draft_changed_at": draft.changed_at, "rules": rehearsing.rules_of(path)}
    carried, total, done = row.document, row.total, row.done
    if carried is None or told != {"draft_changed_at": row.draft_changed_at, "rules": row.rules}:
        carried, total, done = work.begin(), work.total(), 0
    db.session.rollback()
    carried, steps, ended = work.part(carried)
    state = RehearsalState.DONE if ended else RehearsalState.RUNNING
    _keep(
        rehearsal_id,
        part,
        told | {"state": state, "total": total, "done": done + steps, "document": carried},
        ended=ended,
    )


def _keep(rehearsal_id: UUID, part: int, values: dict[str, Any], *, ended: bool) -> None:
    with transaction() as tx:
        if ended:
            values["ended_at"] = tx.now
        r = Rehearsal
        row = update(r).where(r.id == rehearsal_id, r.part == part, _LIVE).values(part=part + 1, **values)
        kept = tx.session.execute(row.returning(r.id).execution_options(synchronize_session=False)).all()
        if kept and not ended:
            tx.say("rehearsal.due", rehearsal=rehearsal_id)


@dataclass(frozen=True, slots=True)
class _Work:
    """What a part needs: where and when, and the two regimes."""

    within: Scope
    before: Regime
    after: Regime
    since: datetime
    until: datetime

    def begin(self) -> dict[str, Any]:
        usual = rehearsing.usual(self.within).to_document()
        return {"tally": Tally().to_document(), "usual": usual, "cursor": None, "houses": None}

    def total(self) -> int:
        return rehearsing.size(self.within) + len(self._codes())

    def part(self, carried: dict[str, Any]) -> tuple[dict[str, Any], int, bool]:
        """Feedback first, then the rosters. What to carry on, how many steps, and whether it ends."""
        tally, usual = Tally.from_document(carried["tally"]), Usual.from_document(carried["usual"])
        if carried["houses"] is None:
            cursor, steps, more = self._feedback(tally, _cursor(carried), usual)
            houses, ended = None if more else 0, False
        else:
            cursor = _cursor(carried)
            steps = self._gaps(tally, carried["houses"])
            houses = carried["houses"] + steps
            ended = houses >= len(self._codes())
        said = [cursor[0].isoformat(), cursor[1].hex] if cursor else None
        return carried | {"tally": tally.to_document(), "cursor": said, "houses": houses}, steps, ended

    def _feedback(self, tally: Tally, cursor: Cursor | None, usual: Usual) -> tuple[Cursor | None, int, bool]:
        played = 0
        while played < PART:
            past, end = rehearsing.stretch(self.within, cursor, STRETCH)
            db.session.rollback()  # nothing is held while it is thought about
            for each in past:
                sides = (play(each, regime, self.until, usual) for regime in (self.before, self.after))
                tally.add(each.id, *sides)
            played, cursor = played + len(past), end or cursor
            if len(past) < STRETCH:
                return cursor, played, False
        return cursor, played, True

    def _gaps(self, tally: Tally, first: int) -> int:
        chosen = self._codes()[first : first + HOUSES]
        known: dict[Any, timedelta] = {}
        for code in chosen:
            for regime, outcome in ((self.before, tally.before), (self.after, tally.after)):
                if (house := regime.houses.get(code)) is not None:
                    outcome.uncovered += self._gap(house, regime, known)
        return len(chosen)

    def _gap(self, house: House, regime: Regime, known: dict[Any, timedelta]) -> timedelta:
        """Places that share a roster are looked at once."""
        key = house.roster, house.takes_feedback
        if key not in known:
            known[key] = uncovered(house, self.since, self.until, regime.active)
        return known[key]

    def _codes(self) -> list[str]:
        return sorted(code for code, house in self.after.houses.items() if house.takes_feedback)


def _cursor(carried: dict[str, Any]) -> Cursor | None:
    said = carried["cursor"]
    return (datetime.fromisoformat(said[0]), UUID(hex=said[1])) if said else None


def _goes_on(tx: Tx, last: Rehearsal, draft: RuleDraft, path: str) -> bool:
    """Whether the last one is what was asked for; one that runs for an earlier draft is called off."""
    if last.is_live:
        if last.draft_changed_at == draft.changed_at:
            return True
        _end(tx, last.id, RehearsalState.CANCELLED)
        return False
    if last.state is not RehearsalState.DONE:
        return False
    found = age(last, draft)
    return not found.is_stale and not found.since and rehearsing.rules_of(path) == last.rules


def _end(tx: Tx, id: UUID, state: RehearsalState, **more: Any) -> bool:
    r = Rehearsal
    row = update(r).where(r.id == id, _LIVE).values(state=state, ended_at=tx.now, **more)
    done = row.returning(r.id).execution_options(synchronize_session="fetch")
    return bool(tx.session.execute(done).all())


def _path(draft: RuleDraft) -> str:
    return str(db.session.scalar(select(Site.path).where(Site.id == draft.site_id)) or "")
