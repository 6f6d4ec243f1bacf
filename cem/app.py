"""The composition root: one function that puts the web application together."""

from __future__ import annotations

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from cem import clock, database, logs
from cem.engine import transaction
from cem.engine.intake_writer import IntakeWriter
from cem.extensions import babel, csrf, db, limiter, login, migrate
from cem.http import access, errors, health, i18n, live, pages, preferences, security
from cem.models.sealed import use_key
from cem.settings import Settings
from cem.web import register as register_web
from surveys import register as register_surveys
from workers.handlers import has_effects


def create_app(settings: Settings, *, serving: bool = True) -> Flask:
    """The application for these settings. Opens no connection and starts no thread.

    `serving`: with the pages and the API; a command does without, and starts sooner.
    """
    app = Flask("cem", template_folder=str(database.ROOT / "templates"), static_folder=str(database.STATIC))
    app.config.update(database.flask_config(settings))
    app.extensions["cem_settings"] = settings
    logs.configure(settings)
    use_key(settings.secret_key)
    if settings.sandbox:
        clock.share(settings.instance / "sandbox-clock")
    db.init_app(app)
    database.prepare(app, settings)
    migrate.init_app(app, db, directory=str(database.MIGRATIONS))
    babel.init_app(app, locale_selector=i18n.select_locale)
    transaction.relay_where(has_effects)
    live.init_app(app, settings.queue_url, settings.streams)
    app.extensions["cem_intake"] = IntakeWriter(lambda: database.writing_engine(app))
    if serving:
        _mount(app, settings)
    return app


def _mount(app: Flask, settings: Settings) -> None:
    """The doors, the pages and the API."""
    if settings.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.proxies, x_proto=0)  # type: ignore[method-assign]
    csrf.init_app(app)
    login.init_app(app)
    limiter.init_app(app)
    for part in (pages, security, errors, access, health):
        part.init_app(app)
    app.register_blueprint(preferences.preferences)
    register_surveys(app)
    register_web(app)
    if settings.sandbox:
        from cem import sandbox

        sandbox.init_app(app)
