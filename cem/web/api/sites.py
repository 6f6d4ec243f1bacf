"""The branches that take feedback."""

from __future__ import annotations

from typing import Any

from flask import Response, current_app
from marshmallow import Schema, fields

from cem.dashboards import sites
from cem.domain.vocabulary import Scope
from cem.http import access
from cem.web.api.paging import Page, from_cursor, to_cursor
from cem.web.api.resource import Resource, write_json

blueprint = Resource("api_sites", "Where feedback comes from.")


class TouchpointView(Schema):
    code = fields.String()
    name = fields.String()
    kiosk_url = fields.Url(allow_none=True)
    link_url = fields.Url(allow_none=True)


class SiteView(Schema):
    """A branch that takes feedback."""

    code = fields.String()
    name = fields.String(metadata={"description": "In the language of Accept-Language."})
    path = fields.String()
    timezone = fields.String()
    touchpoints = fields.List(fields.Nested(TouchpointView))


class SitesView(Schema):
    items = fields.List(fields.Nested(SiteView))
    next = fields.String(allow_none=True)


@blueprint.get("/sites")
@blueprint.open_to(Scope.READ)
@blueprint.arguments(Page(), location="query")
@blueprint.response(200, SitesView)
def index(asked: dict[str, Any]) -> Response:
    """The branches below what the token sees, with their touchpoints and public addresses."""
    after = from_cursor(asked["cursor"], str)[0] if "cursor" in asked else ""
    url = current_app.extensions["cem_settings"].url
    found = sites.listing(access.visible_path(), url, after, asked["limit"] + 1)
    page = found[: asked["limit"]]
    following = to_cursor(page[-1][0]) if len(found) > len(page) else None
    return write_json({"items": [site for _, site in page], "next": following})
