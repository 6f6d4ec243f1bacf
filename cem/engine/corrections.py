"""People put findings right: each correction is a line more, and acts as a reading would."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import insert, select

from cem.domain import corrections as rules
from cem.domain.actors import Actor
from cem.domain.changes import changes
from cem.domain.corrections import Correction, Logged
from cem.domain.reasons import Invalid, NotFound, Refused
from cem.domain.submission import N_
from cem.domain.vocabulary import PrivateKind, RiskCode, TextLanguage
from cem.engine import case_steps as steps
from cem.engine import correction_log, learning, triage
from cem.engine.correction_log import Text
from cem.engine.organisation import hold
from cem.engine.transaction import Tx, transaction
from cem.ids import new_id
from cem.models import Case, CorrectionRow, Feedback, LedgerEntry, Site


def correct(feedback_id: UUID, said: Correction, by: Actor, why: str | None = None) -> int:
    """What a person says holds from now on; the version of the findings that hold.

    Saying again what holds already changes nothing. A text that turns out negative or risky opens a case, or
    raises the one it has. `why`: the reason of the review queue where that led there.
    """
    with transaction() as tx:
        hold(tx.connection)
        feedback, text = _read(tx, feedback_id)
        _check(tx, feedback, said)
        line = Logged(new_id(tx.now), said)
        after, last = text.with_line(line)
        if after.held == text.held and rules.standing(text.log):
            return text.version
        _append(tx, feedback_id, text, line, by, why)
        correction_log.keep(tx, feedback_id, after, last)
        tx.audit(str(by), "feedback.corrected", feedback_id, version=after.version, **said.as_dict())
        told = _tell(tx, feedback_id, "corrected", text, after, by)
        triage.act(tx, [(feedback, after.held)])
        if not told:
            _tell(tx, feedback_id, "corrected", text, after, by)
        learning.ask_if_enough(tx)
        return after.version


def undo(feedback_id: UUID, by: Actor) -> int:
    """The last correction that holds is taken back, by a line more. No case that it caused is undone."""
    with transaction() as tx:
        hold(tx.connection)
        feedback, text = _read(tx, feedback_id)
        lines = rules.standing(text.log)
        if not lines:
            raise Refused("nothing_to_undo")
        line = Logged(new_id(tx.now), Correction(), lines[-1].id)
        after, last = text.with_line(line)
        _append(tx, feedback_id, text, line, by, None)
        correction_log.keep(tx, feedback_id, after, last)
        triage.flag(tx, [(feedback, after.held)])
        tx.audit(str(by), "feedback.correction_undone", feedback_id, version=after.version)
        _tell(tx, feedback_id, "correction_undone", text, after, by)
        return after.version


def _read(tx: Tx, feedback_id: UUID) -> tuple[Feedback, Text]:
    """The feedback, locked, so that two people correct one after the other."""
    feedback = triage.locked(tx, [feedback_id]).get(feedback_id)
    if feedback is None:
        raise NotFound
    text = correction_log.read(tx, feedback_id)
    if text is None:
        raise Refused("not_read_yet")
    return feedback, text


def _check(tx: Tx, feedback: Feedback, said: Correction) -> None:
    if not said:
        raise Invalid({"sentiment": [N_("Say what is to be corrected: sentiment, topics or risks.")]})
    _check_codes(said)
    length = len(feedback.text or "")
    if any(not 0 <= start < end <= length for start, end in said.places()):
        raise Invalid({"spans": [N_("A span lies within the text, its end after its start.")]})
    if said.topics and set(said.topics) - _topics_of(tx, feedback.site_id):
        raise Invalid({"topics": [N_("The pack of this place has no such topic.")]})


def _check_codes(said: Correction) -> None:
    if said.level is not None and said.level not in rules.LEVELS:
        raise Invalid({"sentiment.level": [N_("Give a whole number from -2 to 2.")]})
    if set(said.risks) - set(RiskCode):
        raise Invalid({"risks": [N_("There is no such risk.")]})
    if said.language not in (None, *TextLanguage):
        raise Invalid({"language": [N_("There is no such language here.")]})
    if set(said.pii.values()) - {None, *PrivateKind}:
        raise Invalid({"pii": [N_("There is no such kind of personal data.")]})


def _topics_of(tx: Tx, site_id: UUID) -> set[str]:
    from nlp.packs import topics

    pack = tx.session.scalar(select(Site.pack).where(Site.id == site_id))
    return {row["code"] for row in topics(str(pack))}


def _append(tx: Tx, feedback_id: UUID, text: Text, line: Logged, by: Actor, why: str | None) -> None:
    row = {
        "id": line.id,
        "feedback_id": feedback_id,
        "of_version": text.version,
        "version": text.version + 1,
        "document": line.correction.as_dict(),
        "undoes": line.undoes,
        "why": why,
        "by": str(by),
        "at": tx.now,
    }
    tx.session.execute(insert(CorrectionRow), [row])


def _tell(tx: Tx, feedback_id: UUID, kind: str, before: Text, after: Text, by: Actor) -> bool:
    """It stands in the history of the case, if there is one."""
    c = Case
    of_feedback = select(c.id, c.state, c.site_id, c.owner_id).join(LedgerEntry, LedgerEntry.case_id == c.id)
    case: Any = tx.session.execute(of_feedback.where(LedgerEntry.feedback_id == feedback_id)).one_or_none()
    if case is None:
        return False
    details = {"feedback": str(feedback_id), "changes": changes(before.held, after.held)}
    steps.append(tx, case, kind, by, case.state, details)
    steps.announce(tx, case)
    return True
