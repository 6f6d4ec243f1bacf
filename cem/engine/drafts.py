"""Drafts of rules: kept while somebody changes them, rehearsed, then published or thrown away."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from cem.domain.actors import Actor
from cem.domain.reasons import NotFound, Refused
from cem.engine.organisation import fresh
from cem.engine.rules import (
    bump_revision,
    latest_version,
    publish,
    refuse_impossible,
    site_of,
    understood,
)
from cem.engine.transaction import Tx, transaction
from cem.extensions import db
from cem.ids import new_id
from cem.models import RuleDraft, RuleVersion


def keep(kind: str, site: str, document: Mapping[str, Any], by: Actor, seen: str | None = None) -> UUID:
    """Keep what the rule of this kind at a site (its code) would say; nothing holds yet. The draft's id.

    A place has one draft of a kind: keeping again changes it. Raises what publishing would raise, so that
    what could never be published is not kept either; and, where `seen` is the `edition` that somebody began
    with and it is another by now, `Refused`: of two who change at once the second is told.
    """
    rule = understood(kind, document)
    with transaction() as tx:
        bump_revision(tx)  # first: two who keep at once take turns, and there is one draft
        site_id = site_of(tx, site).id
        refuse_impossible(rule, site_id, fresh(tx.connection))
        draft: RuleDraft | None = tx.session.scalar(_live(kind, site_id))
        if seen is not None and seen != edition(kind, site_id):
            raise Refused("draft_moved_on", by=_last_changed_by(tx, kind, site_id, draft))
        if draft is None:
            began_with = latest_version(tx, kind, site_id)
            draft = RuleDraft(id=new_id(tx.now), kind=kind, site_id=site_id, began_with=began_with)
            tx.session.add(draft)
        draft.document, draft.changed_at, draft.changed_by = dict(document), tx.now, str(by)
        tx.session.flush()
        tx.audit(str(by), "draft.kept", draft.id, kind=kind)
        id: UUID = draft.id
        return id


def edition(kind: str, site_id: UUID) -> str:
    """What somebody who changes a rule of this kind there begins with: the draft as it is, or a version."""
    draft = db.session.scalar(_live(kind, site_id))
    if draft is None:
        version = select(func.max(RuleVersion.version)).where(
            RuleVersion.kind == kind, RuleVersion.site_id == site_id
        )
        return f"v{db.session.scalar(version) or 0}"
    said = json.dumps(draft.document, sort_keys=True).encode()
    return f"{draft.id.hex}.{hashlib.sha256(said).hexdigest()[:16]}"


def _last_changed_by(tx: Tx, kind: str, site_id: UUID, draft: RuleDraft | None) -> str:
    if draft is not None:
        return draft.changed_by
    last = (
        select(RuleVersion.published_by)
        .where(RuleVersion.kind == kind, RuleVersion.site_id == site_id)
        .order_by(RuleVersion.version.desc())
        .limit(1)
    )
    found = str(tx.session.scalar(last) or "")
    return found if ":" in found else "hub"  # what was founded with the house was written by nobody


def publish_draft(draft_id: UUID, by: Actor) -> UUID:
    """The draft holds from now on, as the next version. Its id.

    Refused where somebody else has published since the draft was begun: what it changed is not there now.
    """
    with transaction() as tx:
        bump_revision(tx)
        draft = load_draft(tx, draft_id)
        now_at = latest_version(tx, draft.kind, draft.site_id)
        if now_at != draft.began_with:
            raise Refused("draft_out_of_date", version=now_at)
        version_id = publish(tx, draft.kind, draft.site_id, draft.document, by)
        draft.ended_at, draft.published_id = tx.now, version_id
        return version_id


def throw_away(draft_id: UUID, by: Actor) -> None:
    """What holds goes on holding."""
    with transaction() as tx:
        draft = load_draft(tx, draft_id)
        draft.ended_at = tx.now
        tx.audit(str(by), "draft.thrown_away", draft.id, kind=draft.kind)


def load_draft(tx: Tx, draft_id: UUID) -> RuleDraft:
    """A draft that still waits. Raises `NotFound`, and `Refused` where it was published or thrown away."""
    found = select(RuleDraft).where(RuleDraft.id == draft_id)
    draft: RuleDraft | None = tx.session.scalar(found.with_for_update())
    if draft is None:
        raise NotFound
    if draft.ended_at is not None:
        raise Refused("draft_has_ended")
    return draft


def _live(kind: str, site_id: UUID) -> Any:
    return select(RuleDraft).where(
        RuleDraft.kind == kind, RuleDraft.site_id == site_id, RuleDraft.ended_at.is_(None)
    )
