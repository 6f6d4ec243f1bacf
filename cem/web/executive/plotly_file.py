"""plotly.js from the installed wheel, compressed once and kept for ever by whoever has it."""

from __future__ import annotations

import gzip
import secrets
from functools import cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from flask import Response, current_app, request, send_file

from cem.http.assets import FOREVER


@cache
def mark() -> str:
    """Changes with the installed release; carried by the address, so that the file may be kept."""
    return version("plotly")


def answer() -> Response:
    """The script, compressed for whoever takes that; the others get it as it is."""
    packed = "gzip" in request.accept_encodings
    path = compressed() if packed else source()
    response = send_file(path, mimetype="text/javascript", conditional=True, etag=f"plotly-{mark()}-{packed}")
    if packed:
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Cache-Control"] = FOREVER
    response.headers["Vary"] = "Accept-Encoding"
    return response


@cache
def source() -> Path:
    """Found without importing Plotly, which costs a second and 40 MB."""
    spec = find_spec("plotly")
    assert spec is not None and spec.submodule_search_locations
    return Path(spec.submodule_search_locations[0]) / "package_data" / "plotly.min.js"


def compressed() -> Path:
    """Written once per release into the instance folder; whole when it is there."""
    path: Path = current_app.extensions["cem_settings"].instance / "cache" / f"plotly-{mark()}.js.gz"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        half = path.with_suffix(f".{secrets.token_hex(4)}")
        half.write_bytes(gzip.compress(source().read_bytes(), 9))
        half.replace(path)
    return path
