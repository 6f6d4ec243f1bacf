"""The blueprint that every page of the administrators stands on, and the two groups who may open one."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Response
from flask_login import current_user

from cem.domain.vocabulary import Role
from cem.http import access

admin = Blueprint("admin", __name__, url_prefix="/admin")

READERS: Final = access.roles(Role.EXECUTIVE)
"""Executives may look at how things are set up; `may_change()` tells the page whether to show its buttons."""
WRITERS: Final = access.roles()
"""Administrators alone. Every view that changes something has this one."""


@admin.after_request
def _keep_private(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response


def may_change() -> bool:
    return bool(current_user.role is Role.ADMIN)
