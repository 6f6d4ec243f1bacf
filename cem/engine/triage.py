"""Understanding has read a text: its findings are kept, and a case is opened, raised, or left as it is."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import bindparam, select, update

from cem.domain import contradiction
from cem.domain.actors import HUB
from cem.domain.findings import Findings
from cem.domain.ledger import needs_a_case
from cem.domain.localtime import zone
from cem.domain.rules import Guidance, Signal, Verdict, judge
from cem.domain.severity import Triage, triage
from cem.domain.vocabulary import Tier
from cem.engine import case_steps as steps
from cem.engine import correction_log, ledger
from cem.engine.assigning import assign
from cem.engine.gathering import gather
from cem.engine.ledger import Through
from cem.engine.meanings import NOTHING, Made
from cem.engine.meanings import keep as keep_meanings
from cem.engine.opening import ORDER, Opened, Opening, number_cases, open_case
from cem.engine.organisation import Organisation, Place, current, hold
from cem.engine.raising import raise_case
from cem.engine.rows import Rows
from cem.engine.transaction import Tx, transaction
from cem.models import Customer, Feedback, FindingsRow, LedgerEntry

UNKNOWN: Final = "und"
"""The language of a text that only a person has read."""
AT_ONCE: Final = 16
"""Readings in one transaction: whoever else has to write waits for it."""


def apply(
    readings: Sequence[tuple[UUID, Findings]], *, stood_in: bool = False, meanings: Made = NOTHING
) -> int:
    """Keep the findings of each feedback and act on them. How many were new (a reading may come twice).

    `stood_in`: the model that was wished for will read them again. `meanings`: kept in the same transaction.
    """
    batches = (readings[start : start + AT_ONCE] for start in range(0, len(readings), AT_ONCE))
    return sum(_apply(dict(batch), stood_in, meanings) for batch in batches)


def _apply(readings: dict[UUID, Findings], stood_in: bool, meanings: Made) -> int:
    with transaction() as tx:
        new = act_on(tx, readings, stood_in=stood_in)
        keep_meanings(tx, meanings, readings)
        return new


def act_on(tx: Tx, readings: dict[UUID, Findings], *, stood_in: bool = False) -> int:
    """As `apply`, within a transaction that does more; few of them."""
    hold(tx.connection)
    feedback = locked(tx, readings)
    new = _keep(tx, {id: readings[id] for id in feedback}, stood_in)
    _set_languages(tx, [(feedback[id], findings.language) for id, findings in new.items()])
    act(tx, [(feedback[id], found) for id, found in new.items()])
    return len(new)


def locked(tx: Tx, ids: Collection[UUID]) -> dict[UUID, Feedback]:
    """Those that there are, nobody else's to change until this transaction ends."""
    statement = select(Feedback).where(Feedback.id.in_(ids)).order_by(Feedback.id)
    return {each.id: each for each in tx.session.scalars(statement.with_for_update(key_share=True))}


def _keep(tx: Tx, readings: dict[UUID, Findings], stood_in: bool) -> dict[UUID, Findings]:
    """One version for each model. What holds now of those whose model's reading was not kept already:
    a reading does not take the place of what people have corrected."""
    f = FindingsRow
    kept: dict[UUID, dict[str, int]] = {}
    known = select(f.feedback_id, f.model, f.version).where(f.feedback_id.in_(readings))
    for id, model, version in tx.session.execute(known):
        versions_of = kept.setdefault(id, {})
        versions_of[model] = max(version, versions_of.get(model, 0))
    new = {id: each for id, each in readings.items() if each.model not in kept.get(id, ())}
    versions = {id: max(kept.get(id, {}).values(), default=0) + 1 for id in new}
    rows = Rows()
    for id, each in new.items():
        rows.add(f, correction_log.findings_row(id, versions[id], each, tx.now) | {"stood_in": stood_in})
    rows.write(tx.connection, (f,))
    for id, version in versions.items():
        tx.say("feedback.analysed", feedback=id, version=version)
    return correction_log.hold_again(tx, new, versions) if new else new


def _verdict(tx: Tx, organisation: Organisation, feedback: Feedback, findings: Findings) -> Verdict:
    place = organisation.by_id[feedback.site_id]
    if not place.rules:
        return Verdict(triage(feedback.rating, findings))
    return verdict_of(place, feedback, findings, _tier(tx, feedback))


def verdict_of(place: Place, feedback: Feedback, findings: Findings | None, tier: Tier) -> Verdict:
    """What triage and the rules of its place make of a feedback now."""
    codes = {id: code for code, id in place.touchpoints.items()}
    signal = Signal(
        feedback.channel,
        feedback.kind,
        place.path,
        feedback.received_at.astimezone(zone(place.timezone)),
        feedback.rating,
        findings,
        tier,
        codes.get(feedback.touchpoint_id) if feedback.touchpoint_id else None,
    )
    return judge(place.rules, signal, triage(feedback.rating, findings))


def _tier(tx: Tx, feedback: Feedback) -> Tier:
    of_customer = select(Customer.tier).where(Customer.id == feedback.customer_id)
    return (tx.session.scalar(of_customer) if feedback.customer_id else None) or Tier.UNKNOWN


def act(tx: Tx, read: Sequence[tuple[Feedback, Findings]]) -> None:
    """Open what needs a case, all of them together, and raise the cases that are worse than they seemed."""
    flag(tx, read)
    organisation = current(tx.connection)
    judged = [(feedback, _verdict(tx, organisation, feedback, found)) for feedback, found in read]
    verdicts = [each for each in judged if each[1] != Verdict(None)]
    ids = [feedback.id for feedback, _ in verdicts]
    entries = select(LedgerEntry).where(LedgerEntry.feedback_id.in_(ids)).order_by(LedgerEntry.feedback_id)
    entry_of = {entry.feedback_id: entry for entry in tx.session.scalars(entries.with_for_update())}
    rows = Rows()
    opened: list[Through] = []
    for feedback, verdict in verdicts:
        entry = entry_of[feedback.id]
        if entry.case_id is not None:
            raise_case(tx, steps.load(tx, entry.case_id), verdict)
            gather(tx, entry.case_id)
        elif verdict.triage and needs_a_case(entry.state, verdict.triage.severity):
            case = _open(tx, organisation, rows, feedback, verdict.triage, verdict.guidance)
            path, due_at = organisation.by_id[feedback.site_id].path, case.first_contact_due_at
            opened.append(Through(feedback.id, entry.state, path, case.id, case.owner_id, due_at))
    number_cases(tx.connection, rows)
    rows.write(tx.connection, ORDER)
    tx.events += rows.events
    ledger.open_through(tx, opened, HUB)


def flag(tx: Tx, read: Sequence[tuple[Feedback, Findings]]) -> None:
    """Mark those whose words contradict their rating, and no longer those whose words do not any more."""
    for feedback, found in read:
        flags = contradiction.flags(feedback.flags, feedback.rating, found)
        if flags != (feedback.flags or None):
            row = update(Feedback).where(Feedback.id == feedback.id)
            tx.session.execute(row.values(flags=flags))


def _open(
    tx: Tx, organisation: Organisation, rows: Rows, feedback: Feedback, found: Triage, guidance: Guidance
) -> Opened:
    place = organisation.by_id[feedback.site_id]
    opening = Opening(
        feedback.id,
        place,
        feedback.touchpoint_id,
        feedback.customer_id,
        _tier(tx, feedback),
        feedback.occurred_at,
        feedback.received_at,
        found,
        assign(organisation, place, feedback.staff, tx.now, guidance),
        guidance,
    )
    return open_case(rows, opening, tx.now, by="triage")


def _set_languages(tx: Tx, read: Sequence[tuple[Feedback, str]]) -> None:
    """Where nobody said which language it is, understanding did. The words stay as they were said."""
    unknown = [(each, language) for each, language in read if each.language is None and language != UNKNOWN]
    found = [{"of": each.id, "found": language} for each, language in unknown]
    if found:
        statement = update(Feedback).where(Feedback.id == bindparam("of"))
        tx.connection.execute(statement.values(language=bindparam("found")), found)
