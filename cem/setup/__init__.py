"""Filling an empty hub: an organisation of one's own, or the demo company with its past."""

from __future__ import annotations

from sqlalchemy import select

from cem.extensions import db
from cem.models import Site


def is_empty() -> bool:
    """Whether nobody has set this hub up yet."""
    return db.session.scalar(select(Site.id).limit(1)) is None
