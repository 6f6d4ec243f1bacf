"""The findings of texts that people have corrected: what the machine said, the log, and what holds."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select

from cem.domain import corrections
from cem.domain.corrections import Logged
from cem.domain.findings import Findings
from cem.engine.transaction import Tx
from cem.models import CorrectionRow, FindingsRow


@dataclass(frozen=True, slots=True)
class Text:
    """One text: the machine's last findings, those that hold with their version, and the log."""

    machine: Findings
    held: Findings
    version: int
    log: tuple[Logged, ...]

    def with_line(self, line: Logged) -> tuple[Text, UUID | None]:
        """The text with one line more, and which line is the last that holds then."""
        log = (*self.log, line)
        lines = corrections.standing(log)
        held = corrections.corrected(self.machine, corrections.combined(lines))
        return replace(self, held=held, version=self.version + 1, log=log), lines[-1].id if lines else None


def read(tx: Tx, feedback_id: UUID) -> Text | None:
    """None for what nobody has read yet."""
    machine, held = _latest(tx, feedback_id, machine=True), _latest(tx, feedback_id, machine=False)
    if machine is None or held is None:
        return None
    log = _logs(tx, [feedback_id]).get(feedback_id, ())
    return Text(Findings.from_dict(machine.document), Findings.from_dict(held.document), held.version, log)


def keep(tx: Tx, feedback_id: UUID, text: Text, last: UUID | None) -> None:
    """The findings that hold from now on; the rows before stay as they are."""
    row = findings_row(feedback_id, text.version, text.held, tx.now)
    tx.session.execute(insert(FindingsRow), [row | {"stood_in": False, "corrected_by": last}])
    tx.say("feedback.analysed", feedback=feedback_id, version=text.version)


def hold_again(tx: Tx, read: Mapping[UUID, Findings], versions: Mapping[UUID, int]) -> dict[UUID, Findings]:
    """A machine has read these again: what people had corrected stays corrected. The findings that hold."""
    held = dict(read)
    for id, log in _logs(tx, read).items():
        if lines := corrections.standing(log):
            held[id] = corrections.corrected(read[id], corrections.combined(lines))
            keep(tx, id, Text(read[id], held[id], versions[id] + 1, log), lines[-1].id)
    return held


def findings_row(feedback_id: UUID, version: int, findings: Findings, at: Any) -> dict[str, Any]:
    return {
        "feedback_id": feedback_id,
        "version": version,
        "model": findings.model,
        "document": findings.as_dict(),
        "at": at,
    }


def _latest(tx: Tx, feedback_id: UUID, *, machine: bool) -> FindingsRow | None:
    f = FindingsRow
    rows = select(f).where(f.feedback_id == feedback_id)
    if machine:
        rows = rows.where(f.corrected_by.is_(None))
    found: FindingsRow | None = tx.session.scalar(rows.order_by(f.version.desc()).limit(1))
    return found


def _logs(tx: Tx, ids: Collection[UUID]) -> dict[UUID, tuple[Logged, ...]]:
    c = CorrectionRow
    found: dict[UUID, tuple[Logged, ...]] = {}
    for row in tx.session.scalars(select(c).where(c.feedback_id.in_(ids)).order_by(c.version)):
        found[row.feedback_id] = (*found.get(row.feedback_id, ()), row.logged)
    return found
