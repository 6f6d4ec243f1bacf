"""Headers of every answer, and cookies that only we can read."""

from __future__ import annotations

from typing import Final

from flask import Flask, Response, g, request

_POLICY: Final = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "worker-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}


def init_app(app: Flask) -> None:
    app.after_request(_protect)


def allow_chart_styles() -> None:
    """Plotly writes styles into its figures; only a page that draws one asks for this."""
    g.chart_styles = True


def _protect(response: Response) -> Response:
    policy = dict(_POLICY)
    if g.get("chart_styles"):
        policy["style-src"] = "'self' 'unsafe-inline'"
    response.headers.setdefault(
        "Content-Security-Policy", "; ".join(f"{name} {value}" for name, value in policy.items())
    )
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "same-origin")
    response.headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
    response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    return response
