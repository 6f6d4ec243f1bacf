"""One branch with a kiosk and a link, two people on its ladder, and the customers' pages on real parts."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from flask import Flask, Response, jsonify
from flask_babel import Babel
from sqlalchemy import insert

from cem import clock
from cem.demo import content
from cem.domain.promises import DEFAULT_POLICY
from cem.domain.reasons import Invalid, NotFound, Refused
from cem.domain.vocabulary import Role
from cem.engine import organisation
from cem.engine.intake_writer import IntakeWriter
from cem.extensions import READING, csrf, db, limiter, prepare_sqlite
from cem.http import i18n, pages
from cem.ids import new_id
from cem.models import (
    Counter,
    PublicLink,
    Revision,
    RuleVersion,
    Site,
    Survey,
    SurveyVersion,
    Touchpoint,
    User,
)
from cem.models.sealed import use_key
from surveys.routes import collect

ROOT = Path(__file__).resolve().parents[2]
KIOSK, LINK = "kiosk-token", "link-token"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


@dataclass(frozen=True, slots=True)
class Cast:
    """Who manages and who steps in."""

    manager: UUID
    deputy: UUID


def build(folder: Path) -> tuple[Flask, Cast]:
    """The customers' pages alone, with the real engine on a database of their own."""
    address = f"sqlite:///{folder / 'hub.db'}"
    app = Flask("stage", template_folder=str(ROOT / "templates"), static_folder=str(ROOT / "cem" / "static"))
    app.config |= {
        "SECRET_KEY": "a key of the stage",
        "SQLALCHEMY_DATABASE_URI": address,
        "SQLALCHEMY_BINDS": {READING: address},
        "BABEL_TRANSLATION_DIRECTORIES": str(ROOT / "cem" / "translations"),
        "RATELIMIT_STORAGE_URI": "memory://",
        "RATELIMIT_HEADERS_ENABLED": True,
    }
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    use_key("a key of the stage")
    Babel(app, locale_selector=i18n.select_locale)
    for extension in (db, csrf, limiter):
        extension.init_app(app)
    pages.init_app(app)
    app.register_blueprint(collect)
    _plain_refusals(app)
    app.after_request(_with_policy)
    with app.app_context():
        prepare_sqlite(db.engines[None], reading=False)
        prepare_sqlite(db.engines[READING], reading=True)
        app.extensions["intake"] = IntakeWriter(lambda engine=db.engines[None]: engine)
        return app, _company()


def _plain_refusals(app: Flask) -> None:
    app.register_error_handler(Invalid, lambda error: (jsonify(fields=error.fields), error.status))
    app.register_error_handler(Refused, lambda error: (jsonify(code=error.reason.code), 409))
    app.register_error_handler(NotFound, lambda _error: ("", 404))


def _with_policy(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = POLICY
    return response


def _company() -> Cast:
    now = clock.now()
    manager, deputy, root, branch, table = (new_id(now) for _ in range(5))
    names = {"zh-Hans": "滨江店", "zh-Hant": "濱江店", "en": "Riverside"}
    desk = {"zh-Hans": "12 号桌", "zh-Hant": "12 號桌", "en": "Table 12"}
    with db.engines[None].begin() as connection:
        db.metadata.create_all(connection)
        person = {"password_hash": None, "role": Role.MANAGER, "scope_path": "group/", "created_at": now}
        people = [
            person | {"id": manager, "username": "lin", "name": "林知夏"},
            person | {"id": deputy, "username": "zhou", "name": "周远"},
        ]
        connection.execute(insert(User), people)
        site = {"name": names, "timezone": "Asia/Shanghai", "fallback_id": manager, "created_at": now}
        group = site | {"id": root, "code": "group", "path": "group/", "level": "group", "parent_id": None}
        riverside = {"id": branch, "code": "riverside", "path": "group/riverside/", "level": "branch"}
        connection.execute(insert(Site), [group, site | riverside | {"parent_id": root}])
        point = {"id": table, "site_id": branch, "code": "t12", "kind": "table", "name": desk}
        connection.execute(insert(Touchpoint), [point])
        connection.execute(insert(Counter), [{"name": "case", "value": 0}])
        connection.execute(insert(Revision), [{"name": "organisation", "value": 1}])
        rules = {"site_id": root, "version": 1, "published_at": now, "published_by": "stage"}
        documents = _rules(str(manager), str(deputy))
        connection.execute(
            insert(RuleVersion),
            [rules | {"id": new_id(now), "kind": kind, "document": each} for kind, each in documents.items()],
        )
        for kind, token, code in (("kiosk", KIOSK, "kiosk-meal"), ("link", LINK, "link-meal")):
            document = next(each for each in content.survey_documents() if each["code"] == code)
            survey = new_id(now)
            connection.execute(insert(Survey), [{"id": survey, "code": code, "name": document["name"]}])
            version = {"version": 1, "definition": document["definition"], "published_at": now}
            connection.execute(insert(SurveyVersion), [version | {"id": new_id(now), "survey_id": survey}])
            door = {"id": new_id(now), "token": token, "kind": kind, "created_at": now}
            connection.execute(insert(PublicLink), [door | {"touchpoint_id": table, "survey_id": survey}])
    organisation.forget()
    return Cast(manager, deputy)


def _rules(manager: str, deputy: str) -> dict[str, dict[str, object]]:
    """The manager is on duty at any hour; the deputy is next."""
    always = {"user": manager, "weekdays": [0, 1, 2, 3, 4, 5, 6], "start": "00:00", "end": "00:00"}
    roster = {"timezone": "Asia/Shanghai", "shifts": [always], "overrides": []}
    return {
        "roster": roster | {"fallback": manager, "manager": manager, "deputy": deputy},
        "ladder": {"steps": ["duty", "deputy", "manager"]},
        "policy": DEFAULT_POLICY.to_document(),
        "calendar": {"timezone": "Asia/Shanghai", "week": [[["09:00", "22:00"]]] * 7, "exceptions": []},
    }
