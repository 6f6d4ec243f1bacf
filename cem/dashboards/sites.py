"""The branches that take feedback, as programs and the command line are told of them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import select

from cem.extensions import db
from cem.http.i18n import localized
from cem.models import PublicLink, Site, Touchpoint

_ADDRESSES = {"kiosk": "k", "link": "f"}


def listing(
    path_prefix: str, base_url: str, after: str = "", limit: int | None = None
) -> list[tuple[str, dict[str, Any]]]:
    """`(path, site)` for each branch below a path, in the tree's order, after one path, at most `limit`."""
    statement = (
        select(Site.id, Site.code, Site.name, Site.path, Site.timezone)
        .where(Site.level == "branch", Site.ended_at.is_(None), Site.path > after)
        .where(Site.path.startswith(path_prefix, autoescape=True))
        .order_by(Site.path)
        .limit(limit)
    )
    sites = db.session.execute(statement).all()
    touchpoints = _touchpoints([site.id for site in sites], base_url)
    return [
        (
            site.path,
            {
                "code": site.code,
                "name": localized(site.name),
                "path": site.path,
                "timezone": site.timezone,
                "touchpoints": touchpoints.get(site.id, []),
            },
        )
        for site in sites
    ]


def _touchpoints(site_ids: list[UUID], base_url: str) -> dict[UUID, list[dict[str, Any]]]:
    t = Touchpoint
    rows = db.session.execute(
        select(t.id, t.site_id, t.code, t.name)
        .where(t.site_id.in_(site_ids), t.ended_at.is_(None))
        .order_by(t.code)
    ).all()
    addresses = _addresses([row.id for row in rows], base_url)
    found: dict[UUID, list[dict[str, Any]]] = {}
    for row in rows:
        shown = {"code": row.code, "name": localized(row.name), "kiosk_url": None, "link_url": None}
        found.setdefault(row.site_id, []).append(shown | addresses.get(row.id, {}))
    return found


def _addresses(touchpoint_ids: list[UUID], base_url: str) -> dict[UUID, dict[str, str]]:
    """The public addresses that work, the newest of each kind."""
    link = PublicLink
    statement = (
        select(link.touchpoint_id, link.kind, link.token)
        .where(link.touchpoint_id.in_(touchpoint_ids), link.ended_at.is_(None))
        .order_by(link.id)
    )
    found: dict[UUID, dict[str, str]] = {}
    for touchpoint_id, kind, token in db.session.execute(statement):
        if kind in _ADDRESSES:
            address = f"{base_url}/{_ADDRESSES[kind]}/{token}"
            found.setdefault(touchpoint_id, {})[f"{kind}_url"] = address
    return found
