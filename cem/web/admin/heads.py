"""The heads that were fitted on corrections: what the gate said of each, and one click back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from flask import current_app, redirect, url_for
from flask_babel import gettext, lazy_gettext
from sqlalchemy import func, select
from werkzeug.wrappers import Response

from cem.domain.learning import ENOUGH
from cem.domain.vocabulary import HeadState
from cem.engine import learning
from cem.extensions import db
from cem.http import access
from cem.http.words import person
from cem.models import CorrectionRow, HeadRow
from cem.settings import Settings
from cem.web.admin.blueprint import WRITERS, admin
from cem.web.times import zone

_l = lazy_gettext

VIEWS: Final[dict[str, Any]] = {"roll_back_head": WRITERS}
MOST: Final = 10
STATES: Final[dict[HeadState, Any]] = {
    HeadState.ASKED: _l("waits its turn"),
    HeadState.PROMOTED: _l("passed"),
    HeadState.REFUSED: _l("refused"),
    HeadState.ROLLED_BACK: _l("taken back"),
}


@dataclass(frozen=True, slots=True)
class HeadView:
    """`why`: the reasons of the gate, or what it found. `back_to`: the version that one click brings back."""

    id: UUID
    at: datetime
    version: int | None
    state: str
    refused: bool
    why: tuple[str, ...]
    before: str
    after: str
    in_use: bool
    back_to: int | None


@admin.post("/model/heads/<uuid:head_id>/rollback")
def roll_back_head(head_id: UUID) -> Response:
    """The version before reads again, at once."""
    settings: Settings = current_app.extensions["cem_settings"]
    learning.roll_back(head_id, settings.models, access.actor())
    return redirect(url_for("admin.model", _anchor="heads"), 303)


def heads() -> list[HeadView]:
    """The last fits, the newest first."""
    used = learning.in_use(db.session)
    rows = db.session.scalars(select(HeadRow).order_by(HeadRow.asked_at.desc()).limit(MOST))
    return [_view(row, row.id == used) for row in rows]


def new_corrections() -> tuple[int, int]:
    """How many came since the last fit, and how many make the next."""
    last = db.session.scalar(select(func.max(HeadRow.decided_at)))
    rows = select(func.count()).select_from(CorrectionRow).where(CorrectionRow.undoes.is_(None))
    new = db.session.scalar(rows.where(CorrectionRow.at > last) if last else rows)
    return int(new or 0), ENOUGH


def _view(row: HeadRow, used: bool) -> HeadView:
    report = row.report or {}
    before, after = report.get("before", {}), report.get("after", {})
    return HeadView(
        id=row.id,
        at=(row.decided_at or row.asked_at).astimezone(zone()),
        version=row.version,
        state=str(STATES[row.state]),
        refused=row.state is HeadState.REFUSED,
        why=tuple(_why(row, report)),
        before=_percent(before.get("macro_f1")),
        after=_percent(after.get("macro_f1")),
        in_use=used,
        back_to=row.before if used else None,
    )


def _why(row: HeadRow, report: Mapping[str, Any]) -> list[str]:
    if report.get("why"):
        return [
            gettext("This hub reads with your own model, or its encoder is missing: there is no head to fit.")
        ]
    if "learned" not in report:
        return [gettext("It is fitted as soon as no text waits.")]
    said = [
        gettext(
            "Learned from %(learned)s corrected texts; measured on %(measured)s others, and on ours.",
            learned=report["learned"],
            measured=report["measured"],
        )
    ]
    if report.get("topics") or report.get("risks"):
        counts = {"topics": report.get("topics", 0), "risks": report.get("risks", 0)}
        said.append(
            gettext("Beside the sentiment it learned %(topics)s topics and %(risks)s risks.", **counts)
        )
    said += [_refusal(refusal) for refusal in report["refusals"]]
    if row.state is HeadState.PROMOTED:
        said.append(gettext("Nothing got worse."))
    if row.rolled_back_by:
        said.append(gettext("Taken back by %(name)s.", name=person(row.rolled_back_by)))
    return said


def _refusal(refusal: Mapping[str, Any]) -> str:
    part = _PARTS.get(refusal["part"], refusal["part"])
    if refusal["after"] is None:
        return str(gettext("“%(part)s” could not be measured.", part=part))
    values = {"part": part, "before": _percent(refusal["before"]), "after": _percent(refusal["after"])}
    if refusal["code"] == "risks":
        said = gettext("More risks are missed (%(part)s): %(before)s were found, now %(after)s.", **values)
    elif refusal["code"] == "topics":
        said = gettext("Topics are found less well (%(part)s): %(before)s before, %(after)s now.", **values)
    elif refusal["code"] == "decisions":
        said = gettext(
            "It agrees less with what people said of %(part)s: %(before)s before, %(after)s now.", **values
        )
    else:
        said = gettext("Worse on “%(part)s”: %(before)s before, %(after)s now.", **values)
    return str(said)


_PARTS: Final[dict[str, Any]] = {
    "corrections": _l("the frozen tenth of the corrections"),
    "held_out": _l("our held out sentences"),
    "pooled": _l("all texts together"),
    "any": _l("of any kind"),
    "topics": _l("topics"),
    "risks": _l("risks"),
}


def _percent(share: float | None) -> str:
    return "—" if share is None else f"{100 * share:.1f}"
