"""The part of the place tree that a call asks for, and the span of time."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from cem.domain.reasons import Invalid
from cem.domain.submission import N_
from cem.extensions import db
from cem.http import access
from cem.http.shapes import Shape, Text
from cem.models import Site
from cem.web.api.paging import QueryInstant


class Slice(Shape):
    """A place with all below it, and a span of `received_at`, half open; without them everything."""

    site = Text()
    from_ = QueryInstant(data_key="from")
    to = QueryInstant()


def path_of(code: str) -> str:
    """The path of a site that the caller may see. Raises `Invalid` naming `site`."""
    path: str | None = db.session.scalar(select(Site.path).where(Site.code == code))
    if path is None or not access.sees(path):
        raise Invalid({"site": [N_("There is no such site.")]})
    return path


def asked_path(asked: dict[str, Any]) -> str:
    """The path that a call is about: of the site that it names, or all that its token sees."""
    return path_of(asked["site"]) if "site" in asked else access.visible_path()
