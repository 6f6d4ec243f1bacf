"""The machine learns from corrections: a fit is asked for, decided once by the gate, and taken back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from sqlalchemy import func, insert, select, update
from sqlalchemy.exc import IntegrityError

from cem.domain import corrections as rules
from cem.domain.actors import Actor
from cem.domain.learning import fit_at, is_frozen
from cem.domain.reasons import NotFound, Refused
from cem.domain.vocabulary import HeadState
from cem.engine.transaction import Tx, transaction
from cem.extensions import db
from cem.ids import new_id
from cem.models import CorrectionRow, Feedback, HeadRow, ModelUse, Site

if TYPE_CHECKING:
    from nlp.lessons import Corrected, Outcome

_STANDARD: Final = "standard"
_TOLD: Final = ("accuracy", "macro_f1", "calibration_error", "coverage_at_95")


@dataclass(frozen=True, slots=True)
class Lessons:
    """What people said of texts: most of it to learn from, a tenth only to measure on."""

    learn: Sequence[Corrected]
    frozen: Sequence[Corrected]


def ask_if_enough(tx: Tx) -> None:
    """After a correction: ask for a fit where enough is new, not before a day has passed since the last."""
    last: HeadRow | None = tx.session.scalar(select(HeadRow).order_by(HeadRow.asked_at.desc()).limit(1))
    if last is not None and last.state is HeadState.ASKED:
        return
    new = select(func.count()).select_from(CorrectionRow).where(CorrectionRow.undoes.is_(None))
    if last is not None:
        new = new.where(CorrectionRow.at > (last.decided_at or last.asked_at))
    due = fit_at(int(tx.session.scalar(new) or 0), last.asked_at if last else None, tx.now)
    if due is None:
        return
    id = new_id(tx.now)
    try:
        with tx.session.begin_nested():
            tx.session.execute(insert(HeadRow), [{"id": id, "asked_at": tx.now, "state": HeadState.ASKED}])
    except IntegrityError:
        return  # somebody else asked in the same moment
    tx.say("head.due", head=id, after=int((due - tx.now).total_seconds()))


def begin(head_id: UUID, in_use: int, shipped: int) -> int | None:
    """Which version this fit makes, the same whenever it is tried; None where it is decided."""
    with transaction() as tx:
        row = tx.session.get(HeadRow, head_id, with_for_update=True)
        if row is None or row.state is not HeadState.ASKED:
            return None
        if row.version is None:
            highest = int(tx.session.scalar(select(func.max(HeadRow.version))) or 0)
            version = max(highest, in_use, shipped) + 1
            tx.session.execute(update(HeadRow).where(HeadRow.id == head_id).values(version=version))
            return version
        return row.version


def go_on(head_id: UUID) -> None:
    """There is more to do before the fit: it waits its turn behind the texts."""
    with transaction() as tx:
        tx.say("head.due", head=head_id)


def lessons() -> Lessons:
    """Every text whose sentiment, topics or risks people judged, as they did last. Holds no connection
    afterwards."""
    from nlp.lessons import Corrected

    db.session.rollback()
    c = CorrectionRow
    logs: dict[UUID, list[rules.Logged]] = {}
    for row in db.session.scalars(select(c).order_by(c.feedback_id, c.version)):
        logs.setdefault(row.feedback_id, []).append(row.logged)
    said = {id: rules.combined(rules.standing(log)) for id, log in logs.items()}
    statement = select(Feedback.id, Feedback.text, Site.pack).join(Site, Site.id == Feedback.site_id)
    judged = statement.where(Feedback.id.in_(select(c.feedback_id)), Feedback.text != "")
    learn: list[Corrected] = []
    frozen: list[Corrected] = []
    for id, text, pack in db.session.execute(judged.order_by(Feedback.id)):
        one = said[id]
        label = rules.label_of(one.level) if one.level is not None else None
        if label or one.topics or one.risks:
            topics = {code: side is not None for code, side in one.topics.items()}
            kind = frozen if is_frozen(id) else learn
            kind.append(Corrected(str(text), pack, label, topics, dict(one.risks)))
    db.session.remove()
    return Lessons(learn, frozen)


def decide(
    head_id: UUID,
    before: int,
    outcome: Outcome,
    known: Lessons,
    promote: Callable[[], None],
    profile: str = _STANDARD,
) -> bool:
    """Keep what the gate said, once. Where it lets the head pass, `promote` puts it to use in this commit."""
    state = HeadState.REFUSED if outcome.refusals else HeadState.PROMOTED
    learned = outcome.head.get("learned") or {}
    report = {
        "profile": profile,
        "topics": len(learned.get("topics", ())),
        "risks": len(learned.get("risks", ())),
        "learned": outcome.head["corrections"],
        "measured": len(known.frozen),
        "refusals": [asdict(refusal) for refusal in outcome.refusals],
        "before": _summary(outcome.before),
        "after": _summary(outcome.after),
    }
    return _decide(head_id, state, before, report, promote)


def cannot(head_id: UUID, why: str) -> bool:
    """This hub reads with a model that has no head of ours."""
    return _decide(head_id, HeadState.REFUSED, None, {"why": why}, None)


def roll_back(head_id: UUID, models: Path, by: Actor) -> int:
    """The version before reads again. The version. Raises `NotFound`, `Refused`."""
    from nlp.heads import go_back
    from nlp.models import Unavailable

    with transaction() as tx:
        row = tx.session.get(HeadRow, head_id, with_for_update=True)
        if row is None:
            raise NotFound
        if row.before is None or in_use(tx.session) != row.id:
            raise Refused("head_not_in_use")
        row_now = update(HeadRow).where(HeadRow.id == head_id, HeadRow.state == HeadState.PROMOTED)
        tx.session.execute(row_now.values(state=HeadState.ROLLED_BACK, rolled_back_by=str(by)))
        tx.audit(str(by), "head.rolled_back", head_id, version=row.version, to=row.before)
        before: int = row.before
        try:
            go_back(models, before, profile_of(row))
        except Unavailable:
            raise Refused("head_gone", version=before) from None
        return before


def in_use(session: Any) -> UUID | None:
    """The head that was promoted last and not taken back, of the profile that reads."""
    h = HeadRow
    rows = select(h).where(h.state == HeadState.PROMOTED).order_by(h.decided_at.desc(), h.id.desc())
    last = session.scalar(select(ModelUse.model).order_by(ModelUse.since.desc(), ModelUse.id.desc()).limit(1))
    reads = last.split("@")[0] if last else None
    return next((row.id for row in session.scalars(rows) if reads in (None, profile_of(row))), None)


def profile_of(row: HeadRow) -> str:
    """Of which profile it is a head."""
    found: str = (row.report or {}).get("profile", _STANDARD)
    return found


def _decide(
    head_id: UUID,
    state: HeadState,
    before: int | None,
    report: dict[str, Any],
    promote: Callable[[], None] | None,
) -> bool:
    with transaction() as tx:
        h = HeadRow
        row = update(h).where(h.id == head_id, h.state == HeadState.ASKED)
        values = {"state": state, "before": before, "report": report, "decided_at": tx.now}
        changed = tx.session.execute(
            row.values(**values).returning(h.version).execution_options(synchronize_session=False)
        ).all()
        if not changed:
            return False
        tx.audit("hub", f"head.{state.value}", head_id, version=changed[0].version, before=before)
        if state is HeadState.PROMOTED and promote is not None:
            promote()
        return True


def _summary(table: dict[str, Any]) -> dict[str, Any]:
    """What the page shows of a measurement: all of it together, and the frozen tenth."""
    told = {name: round(table["pooled"][name], 4) for name in _TOLD}
    frozen = table["sentiment"].get("corrections")
    return told | {"n": table["pooled"]["n"], "frozen": round(frozen["accuracy"], 4) if frozen else None}
