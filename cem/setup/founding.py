"""An organisation of one's own: a group, its first branch with a kiosk and a link, one administrator.

Everything can be changed afterwards; nothing is missing, so that the first tap already has an owner.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from sqlalchemy import insert

from cem.domain.promises import DEFAULT_POLICY
from cem.domain.reasons import Refused
from cem.domain.vocabulary import Role
from cem.engine import organisation
from cem.engine.people import count_change
from cem.engine.rows import Rows
from cem.engine.transaction import Tx, transaction
from cem.ids import new_id, new_token
from cem.models import PublicLink, RuleVersion, Site, Survey, SurveyVersion, Touchpoint, User
from cem.setup import is_empty

GROUP: Final = "group"
BRANCH: Final = "branch-1"
_ORDER: Final = (Site, Touchpoint, Survey, SurveyVersion, PublicLink, RuleVersion)


@dataclass(frozen=True, slots=True)
class Founding:
    """Who begins, and what with. `pack` is an industry, `locale` the language of the administrator."""

    name: str
    pack: str
    timezone: str
    username: str
    person: str
    password_hash: str
    locale: str = "zh-Hans"


def found(founding: Founding) -> UUID:
    """The organisation begins. The administrator's id. Raises `Refused` where the hub is not empty."""
    with transaction() as tx:
        if not is_empty():
            raise Refused("already_set_up")
        admin = _administrator(tx, founding)
        rows = Rows()
        _places(rows, founding, admin, tx.now)
        rows.write(tx.connection, _ORDER)
        tx.session.execute(count_change())
        tx.audit(f"user:{admin}", "organisation.founded", pack=founding.pack)
    organisation.forget()
    return admin


def _administrator(tx: Tx, founding: Founding) -> UUID:
    id = new_id(tx.now)
    row = {
        "id": id,
        "username": founding.username,
        "name": founding.person,
        "password_hash": founding.password_hash,
        "role": Role.ADMIN,
        "scope_path": f"{GROUP}/",
        "locale": founding.locale,
        "timezone": founding.timezone,
        "created_at": tx.now,
    }
    tx.session.execute(insert(User), [row])
    return id


def _places(rows: Rows, founding: Founding, admin: UUID, now: datetime) -> None:
    group, branch, touchpoint = new_id(now), new_id(now), new_id(now)
    shared = {
        "timezone": founding.timezone,
        "pack": founding.pack,
        "fallback_id": admin,
        "created_at": now,
    }
    name = dict.fromkeys(("zh-Hans", "zh-Hant", "en"), founding.name)
    root = {
        "id": group,
        "code": GROUP,
        "parent_id": None,
        "path": f"{GROUP}/",
        "level": "group",
        "name": name,
    }
    rows.add(Site, root | shared)
    first = {
        "id": branch,
        "code": BRANCH,
        "parent_id": group,
        "path": f"{GROUP}/{BRANCH}/",
        "level": "branch",
    }
    rows.add(Site, first | {"name": _starting()["branch"]} | shared)
    stands = _starting()["touchpoints"][founding.pack]
    rows.add(Touchpoint, {"id": touchpoint, "site_id": branch, **stands})
    for kind, survey in _starting()["surveys"].items():
        _entrance(rows, kind, survey, touchpoint, now)
    for kind, document in _rules(founding, str(admin)).items():
        rule = {"id": new_id(now), "kind": kind, "site_id": group, "version": 1, "document": document}
        rows.add(RuleVersion, rule | {"published_at": now, "published_by": founding.username})


def _entrance(rows: Rows, kind: str, survey: dict[str, Any], touchpoint: UUID, now: datetime) -> None:
    id = new_id(now)
    rows.add(Survey, {"id": id, "code": kind, "name": survey["name"]})
    version = {"id": new_id(now), "survey_id": id, "version": 1, "definition": survey["definition"]}
    rows.add(SurveyVersion, version | {"published_at": now})
    link = {"id": new_id(now), "token": new_token(), "kind": kind, "survey_id": id}
    rows.add(PublicLink, link | {"touchpoint_id": touchpoint, "created_at": now})


def _rules(founding: Founding, admin: str) -> dict[str, dict[str, Any]]:
    hours = _starting()["week"][founding.pack]
    return {
        "roster": {
            "timezone": founding.timezone,
            "shifts": [],
            "overrides": [],
            "fallback": admin,
            "manager": admin,
        },
        "ladder": {"steps": ["duty", "deputy", "manager", "region"]},
        "policy": DEFAULT_POLICY.to_document(),
        "calendar": {"timezone": founding.timezone, "week": [hours] * 7, "exceptions": []},
    }


@cache
def _starting() -> dict[str, Any]:
    return dict(json.loads(Path(__file__).with_name("starting.json").read_text("utf-8")))
