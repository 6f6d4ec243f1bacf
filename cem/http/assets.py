"""Static files with addresses that change when they do, and the one stylesheet that every page loads.

There is no build step: tokens, base and components are separate files that are read together when the
process starts, so a page asks for one stylesheet instead of eighteen.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from flask import Blueprint, Flask, Response, request, url_for

STATIC = Path(__file__).resolve().parent.parent / "static"
FOREVER = "public, max-age=31536000, immutable"

assets = Blueprint("assets", __name__)


def init_app(app: Flask) -> None:
    """Give templates `static(path)` and `site_css()`, and let versioned answers be kept for ever."""
    app.register_blueprint(assets)
    app.add_template_global(static)
    app.add_template_global(site_css)
    app.after_request(_keep_versioned)


def static(path: str) -> str:
    """The address of a file under cem/static; it carries a mark of the file's contents."""
    return url_for("static", filename=path, v=_mark_of(path))


def site_css() -> str:
    """The address of tokens, base and components in one file."""
    return url_for("assets.site_stylesheet", v=_mark(_site_css()))


@assets.get("/static/site.css")
def site_stylesheet() -> Response:
    return Response(_site_css(), mimetype="text/css")


@cache
def _site_css() -> bytes:
    css = STATIC / "css"
    parts = [css / "tokens.css", css / "base.css", *sorted((css / "components").glob("*.css"))]
    return b"\n".join(part.read_bytes() for part in parts)


@cache
def _mark_of(path: str) -> str:
    return _mark((STATIC / path).read_bytes())


def _mark(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:10]


def _keep_versioned(response: Response) -> Response:
    if request.endpoint in {"static", "assets.site_stylesheet"} and "v" in request.args:
        response.headers["Cache-Control"] = FOREVER
    return response
