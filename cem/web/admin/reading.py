"""What the page about the model shows: how far it is, what read since when, and what was set aside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select

from cem.extensions import db
from cem.http.model_words import why_set_aside
from cem.models import Feedback, ModelUse, Site, Task
from cem.settings import Settings
from cem.web.times import zone
from nlp.models import note

MOST: Final = 100
"""Of the texts that were set aside; the oldest first."""
EXCERPT: Final = 600


@dataclass(frozen=True, slots=True)
class SetAside:
    """`text` is shortened; `href` leads to the whole of it."""

    task_id: UUID
    why: str
    at: datetime
    text: str = ""
    site: Mapping[str, str] | None = None
    href: str = ""
    job: str = ""


@dataclass(frozen=True, slots=True)
class Use:
    """`code` says why it was not the model of the profile that was wished for."""

    since: datetime
    model: str
    profile: str
    code: str | None


def making(settings: Settings) -> int | None:
    """Per cent, while the wished model is being made."""
    noted = note.read(settings.models)
    return int(noted.share * 100) if noted is not None and noted.state == "making" else None


def uses() -> list[Use]:
    """The last ten models that read, the newest first."""
    rows = db.session.scalars(select(ModelUse).order_by(ModelUse.since.desc(), ModelUse.id.desc()).limit(10))
    return [Use(row.since.astimezone(zone()), row.model, row.profile, row.code) for row in rows]


def texts(path: str) -> list[SetAside]:
    """Texts of this part of the company that could not be read."""
    tasks = {UUID(task.ids["feedback"]): task for task in _tasks(Task.job == "analyse")}
    rows = db.session.execute(
        select(Feedback, Site.name)
        .join(Site, Site.id == Feedback.site_id)
        .where(Feedback.id.in_(tasks), Site.path.startswith(path, autoescape=True))
        .order_by(Feedback.id)
        .limit(MOST)
    )
    return [_text(tasks[feedback.id], feedback, name) for feedback, name in rows]


def others() -> list[SetAside]:
    """Other work that was given up."""
    return [_row(task, job=task.job) for task in _tasks(Task.job != "analyse")]


def ids(path: str) -> set[UUID]:
    """What somebody who sees this part of the company may have tried again."""
    whole = path.count("/") <= 1
    return {each.task_id for each in [*texts(path), *(others() if whole else [])]}


def _tasks(which: Any) -> Sequence[Task]:
    given_up = select(Task).where(Task.set_aside_at.is_not(None), Task.done_at.is_(None), which)
    return db.session.scalars(given_up.order_by(Task.set_aside_at).limit(10 * MOST)).all()


def _text(task: Task, feedback: Feedback, site: Mapping[str, str]) -> SetAside:
    said = feedback.text or ""
    shown = said if len(said) <= EXCERPT else said[:EXCERPT] + "…"
    return _row(task, text=shown, site=site, href=f"/desk/feedback/{feedback.id}")


def _row(task: Task, **more: Any) -> SetAside:
    at = task.set_aside_at or task.available_at
    return SetAside(task.id, why_set_aside(task.error), at.astimezone(zone()), **more)
