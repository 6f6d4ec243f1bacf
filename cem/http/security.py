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

_PLAIN_POLICY: Final = "; ".join(f"{name} {value}" for name, value in _POLICY.items())
_POLICY_WITH_CHARTS: Final = "; ".join(
    f"{name} {value}" for name, value in (_POLICY | {"style-src": "'self' 'unsafe-inline'"}).items()
)
_ALWAYS: Final = (
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=()"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
)


def init_app(app: Flask) -> None:
    app.after_request(_protect)


def allow_chart_styles() -> None:
    """Plotly writes styles into its figures; only a page that draws one asks for this."""
    g.chart_styles = True


def _protect(response: Response) -> Response:
    """Add what the view has not said itself."""
    headers = response.headers
    said = {name.lower() for name in headers.keys()}  # noqa: SIM118
    policy = _POLICY_WITH_CHARTS if g.get("chart_styles") else _PLAIN_POLICY
    if "content-security-policy" not in said:
        headers.add("Content-Security-Policy", policy)
    for name, value in _ALWAYS:
        if name.lower() not in said:
            headers.add(name, value)
    if request.is_secure:
        headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    return response
