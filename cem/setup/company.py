"""The rows of the demo company: its places and people, who is on duty when, what is asked where."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection

from cem.demo import content
from cem.demo.content import DemoPerson, DemoPlace
from cem.domain.promises import DEFAULT_POLICY
from cem.domain.vocabulary import TransportName
from cem.engine.people import count_change
from cem.engine.rows import Rows
from cem.ids import new_id, new_token
from cem.models import PublicLink, Robot, RuleVersion, Site, Survey, SurveyVersion, Touchpoint, User

BEFORE: Final = timedelta(days=120)
"""So long before it is loaded the company began to use the hub."""
ORDER: Final = (User, Site, Robot, Touchpoint, Survey, SurveyVersion, PublicLink, RuleVersion)
ROBOT: Final = "集团值班群"
_PUBLISHED_BY: Final = "admin"


@dataclass(slots=True)
class Company:
    """Ids by the names that the demo uses for its people, places and surveys."""

    began_at: datetime
    people: dict[str, UUID] = field(default_factory=dict)
    sites: dict[str, UUID] = field(default_factory=dict)
    paths: dict[str, str] = field(default_factory=dict)
    surveys: dict[str, UUID] = field(default_factory=dict)


def write_company(connection: Connection, hashes: Mapping[str, str], now: datetime) -> Company:
    """Write it. `hashes` are those of the passwords, by user name."""
    company, rows = Company(now - BEFORE), Rows()
    for place in content.places():
        parent = company.paths.get(place.parent or "", "")
        company.paths[place.code] = f"{parent}{place.code}/"
    for person in content.people():
        _add_person(rows, company, person, hashes[person.username])
    for survey in content.survey_documents():
        _add_survey(rows, company, survey)
    for place in content.places():
        _add_place(rows, company, place)
    _add_robot(rows, company)
    _add_rules(rows, company)
    rows.write(connection, ORDER)
    connection.execute(count_change())
    return company


def _add_person(rows: Rows, company: Company, person: DemoPerson, password_hash: str) -> None:
    company.people[person.username] = id = new_id(company.began_at)
    row = {
        "id": id,
        "username": person.username,
        "name": person.name,
        "email": person.email,
        "password_hash": password_hash,
        "role": person.role,
        "scope_path": company.paths[person.site],
        "locale": person.locale,
        "timezone": person.timezone,
        "demo": True,
        "created_at": company.began_at,
    }
    rows.add(User, row)


def _add_survey(rows: Rows, company: Company, survey: Mapping[str, Any]) -> None:
    company.surveys[survey["code"]] = id = new_id(company.began_at)
    rows.add(Survey, {"id": id, "code": survey["code"], "name": survey["name"]})
    version = {
        "id": new_id(company.began_at),
        "survey_id": id,
        "version": survey["version"],
        "definition": survey["definition"],
        "published_at": company.began_at,
    }
    rows.add(SurveyVersion, version)


def _add_place(rows: Rows, company: Company, place: DemoPlace) -> None:
    company.sites[place.code] = id = new_id(company.began_at)
    row = {
        "id": id,
        "code": place.code,
        "parent_id": company.sites[place.parent] if place.parent else None,
        "path": company.paths[place.code],
        "level": place.level,
        "name": place.name,
        "timezone": place.timezone,
        "pack": place.pack,
        "fallback_id": company.people[place.fallback],
        "created_at": company.began_at,
    }
    rows.add(Site, row)
    for touchpoint in place.touchpoints:
        touchpoint_id = new_id(company.began_at)
        named = {"code": touchpoint.code, "kind": touchpoint.kind, "name": touchpoint.name}
        rows.add(Touchpoint, {"id": touchpoint_id, "site_id": id, **named})
        for kind in ("kiosk", "link"):
            survey = content.survey_for(kind, touchpoint.kind)
            if survey:
                _add_link(rows, company, kind, touchpoint_id, company.surveys[survey])


def _add_link(rows: Rows, company: Company, kind: str, touchpoint_id: UUID, survey_id: UUID) -> None:
    row = {
        "id": new_id(company.began_at),
        "token": new_token(),
        "kind": kind,
        "touchpoint_id": touchpoint_id,
        "survey_id": survey_id,
        "created_at": company.began_at,
    }
    rows.add(PublicLink, row)


def _add_robot(rows: Rows, company: Company) -> None:
    """The robot of the whole group's chat. No message to it ever leaves: a demo only keeps what it would
    send, and a name that ends in `.invalid` leads nowhere."""
    row = {
        "id": new_id(company.began_at),
        "name": ROBOT,
        "transport": TransportName.WECOM,
        "site_id": company.sites[content.places()[0].code],
        "url": "https://robot.invalid/cgi-bin/webhook/send?key=demo",
        "created_at": company.began_at,
    }
    rows.add(Robot, row)


def _add_rules(rows: Rows, company: Company) -> None:
    root = content.places()[0].code
    for site, kind, document in _rules(company, root):
        row = {
            "id": new_id(company.began_at),
            "kind": kind,
            "site_id": company.sites[site],
            "version": 1,
            "document": document,
            "published_at": company.began_at,
            "published_by": _PUBLISHED_BY,
        }
        rows.add(RuleVersion, row)


def _rules(company: Company, root: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    yield root, "policy", DEFAULT_POLICY.to_document()
    yield root, "routing", content.routing_document()
    for site, document in content.roster_documents().items():
        yield site, "roster", _with_ids(document["roster"], company.people)
        yield site, "ladder", document["ladder"]
    for site, document in content.calendar_documents().items():
        yield site, "calendar", document


def _with_ids(document: Any, people: Mapping[str, UUID]) -> Any:
    """The document with ids where it names people; no other value of a roster is a user name."""
    if isinstance(document, dict):
        return {name: _with_ids(value, people) for name, value in document.items()}
    if isinstance(document, list):
        return [_with_ids(value, people) for value in document]
    if isinstance(document, str) and document in people:
        return str(people[document])
    return document
