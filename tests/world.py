"""A small company with its cast, on a real database, with a clock that can be pushed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from flask import Flask
from sqlalchemy import insert

from cem import clock, walk
from cem.domain.actors import Actor
from cem.domain.promises import DEFAULT_POLICY
from cem.domain.ratings import Rating
from cem.domain.submission import GivenCustomer, Idempotency, Submission
from cem.domain.vocabulary import Channel, Role
from cem.engine import organisation
from cem.engine.case_steps import Seen
from cem.engine.intake_lookup import Receipt
from cem.engine.intake_writer import IntakeWriter
from cem.extensions import db
from cem.ids import new_id
from cem.models import (
    Case,
    Delivery,
    LedgerEntry,
    Promise,
    RuleVersion,
    Site,
    Touchpoint,
    User,
)

MONDAY = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
"""10:00 on a Monday in Shanghai."""

OPEN_HOURS = {"timezone": "Asia/Shanghai", "week": [[["09:00", "21:00"]]] * 7, "exceptions": []}

CAST = {
    "lin": ("林知夏", Role.MANAGER, "group/east/bund/"),
    "zhou": ("周远", Role.MANAGER, "group/east/bund/"),
    "shen": ("沈若宁", Role.MANAGER, "group/east/bund/"),
    "gu": ("顾长风", Role.MANAGER, "group/east/"),
    "fallback": ("何总", Role.EXECUTIVE, "group/"),
    "admin": ("赵启明", Role.ADMIN, "group/"),
    "outsider": ("Mary Field", Role.MANAGER, "group/west/soho/"),
    "clerk": ("小张", Role.STAFF, "group/east/bund/"),
}
"""lin is on duty at the Bund by day, zhou by night; zhou is deputy, shen heads the branch, gu the region."""


class Inline:
    """Does each job at once in this process: the tests of the loop need no second one."""

    def answers(self) -> bool:
        return True

    def enqueue(self, queue: str, job: str, task_ids: Sequence[str]) -> None:
        from workers import jobs

        jobs.run(job, task_ids)


@dataclass
class World:
    app: Flask
    people: dict[str, UUID]
    places: dict[str, UUID]

    # -- the customer

    def tap(self, value: int, touchpoint: str | None = "front-desk", **more: Any) -> Receipt:
        """Somebody touches a face."""
        return self.submit(Submission(Channel.KIOSK, "bund", touchpoint, Rating("faces5", value), **more))

    def say(self, text: str, value: int | None = None, tier_of: str | None = None, **more: Any) -> Receipt:
        """Somebody writes, perhaps with a rating, perhaps as a customer we know."""
        customer = GivenCustomer(external_id=tier_of) if tier_of else None
        rating = Rating("csat5", value) if value is not None else None
        return self.submit(Submission(Channel.LINK, "bund", "room", rating, text, customer=customer, **more))

    def submit(self, submission: Submission) -> Receipt:
        return self.writer.submit(submission)

    @property
    def writer(self) -> IntakeWriter:
        writer: IntakeWriter = self.app.extensions["cem_intake"]
        return writer

    # -- time

    def settle(self) -> None:
        """Do everything that is due now, and everything that it causes."""
        from workers.schedule import turn

        while turn(Inline()):
            pass

    def fast_forward(self, **by: float) -> None:
        """Push the clock; what falls due on the way is done at its own instant."""
        target = clock.now() + timedelta(**by)
        walk.advance(timedelta(**by), self.settle)
        clock.stand_at(target)

    # -- looking

    def seen(self, receipt: Receipt, who: str) -> Seen:
        """`who` looks at the case of this feedback."""
        return Seen(self.case(receipt).id, self.actor(who))

    def actor(self, who: str) -> Actor:
        return Actor("user", str(self.people[who]))

    def case(self, receipt: Receipt) -> Case:
        db.session.rollback()
        entry = self.entry(receipt)
        assert entry.case_id is not None, "this feedback has no case"
        return db.session.get_one(Case, entry.case_id)

    def entry(self, receipt: Receipt) -> LedgerEntry:
        db.session.rollback()
        return db.session.get_one(LedgerEntry, receipt.feedback_id)

    def promise(self, receipt: Receipt, kind: str, round: int = 1) -> Promise:
        case = self.case(receipt)
        statement = db.select(Promise).where(
            Promise.case_id == case.id, Promise.kind == kind, Promise.round == round
        )
        return db.session.scalars(statement).one()

    def told(self, *kinds: str) -> list[tuple[str, str]]:
        """Who was told what, in order: (user name, kind)."""
        db.session.rollback()
        rows = db.session.scalars(
            db.select(Delivery).where(Delivery.sent_at.is_not(None)).order_by(Delivery.sent_at, Delivery.id)
        )
        return [(row.to, row.kind.value) for row in rows if not kinds or row.kind.value in kinds]


def key(owner: str = "token:test", name: str | None = None, body: bytes = b"body") -> Idempotency:
    return Idempotency(owner, name or str(uuid4()), body.ljust(32, b"."))


def build(app: Flask) -> World:
    """Fill an empty, migrated database with the cast, three branches' places and their rules."""
    now = clock.now()
    with db.engines[None].begin() as connection:
        people = {username: new_id(now) for username in CAST}
        rows = [
            {
                "id": people[username],
                "username": username,
                "name": name,
                "role": role,
                "scope_path": path,
                "created_at": now,
                "email": f"{username}@example.com",
                "locale": "zh-Hans",
                "theme": "system",
                "timezone": "Asia/Shanghai",
                "demo": False,
                "session_version": 1,
            }
            for username, (name, role, path) in CAST.items()
        ]
        connection.execute(insert(User), rows)
        places = _places(connection, people, now)
        _rules(connection, people, places, now)
    organisation.forget()
    return World(app, people, places)


def _places(connection: Any, people: dict[str, UUID], now: datetime) -> dict[str, UUID]:
    tree = (
        ("group", None, "group/", "group", "Asia/Shanghai"),
        ("east", "group", "group/east/", "region", "Asia/Shanghai"),
        ("west", "group", "group/west/", "region", "Europe/London"),
        ("bund", "east", "group/east/bund/", "branch", "Asia/Shanghai"),
        ("soho", "west", "group/west/soho/", "branch", "Europe/London"),
    )
    places: dict[str, UUID] = {}
    for code, parent, path, level, zone in tree:
        places[code] = new_id(now)
        row = {
            "id": places[code],
            "code": code,
            "parent_id": places[parent] if parent else None,
            "path": path,
            "level": level,
            "name": {"zh-Hans": code, "zh-Hant": code, "en": code},
            "timezone": zone,
            "pack": "hotel",
            "fallback_id": people["fallback"],
            "created_at": now,
        }
        connection.execute(insert(Site), [row])
    touchpoints = [
        {"id": new_id(now), "site_id": places[site], "code": code, "kind": "desk", "name": {"en": code}}
        for site in ("bund", "soho")
        for code in ("front-desk", "room")
    ]
    connection.execute(insert(Touchpoint), touchpoints)
    return places


def _rules(connection: Any, people: dict[str, UUID], places: dict[str, UUID], now: datetime) -> None:
    ids = {name: str(id) for name, id in people.items()}
    bund = {
        "timezone": "Asia/Shanghai",
        "shifts": [
            {"user": ids["lin"], "weekdays": list(range(7)), "start": "07:00", "end": "22:00"},
            {"user": ids["zhou"], "weekdays": list(range(7)), "start": "22:00", "end": "07:00"},
        ],
        "overrides": [],
        "fallback": ids["fallback"],
        "manager": ids["shen"],
        "deputy": ids["zhou"],
        "region": ids["gu"],
    }
    everywhere = {"timezone": "Asia/Shanghai", "shifts": [], "overrides": [], "fallback": ids["fallback"]}
    documents = [
        ("roster", "group", everywhere),
        ("roster", "bund", bund),
        ("roster", "soho", everywhere | {"timezone": "Europe/London", "manager": ids["outsider"]}),
        ("ladder", "group", {"steps": ["duty", "deputy", "manager", "region"]}),
        ("policy", "group", DEFAULT_POLICY.to_document()),
        ("calendar", "group", OPEN_HOURS),
        ("calendar", "soho", OPEN_HOURS | {"timezone": "Europe/London"}),
    ]
    rows = [
        {
            "id": new_id(now),
            "kind": kind,
            "site_id": places[site],
            "version": 1,
            "document": document,
            "published_at": now,
            "published_by": "test",
        }
        for kind, site, document in documents
    ]
    connection.execute(insert(RuleVersion), rows)


def settings_for(instance: Path, database_url: str, **more: str) -> Any:
    from cem.settings import Settings

    environ = {
        "CEM_INSTANCE": str(instance),
        "CEM_DATABASE_URL": database_url,
        "CEM_SECRET_KEY": "a secret for the tests, long enough",
        "CEM_SANDBOX": "1",
        "CEM_PROFILE": "fast",
    }
    return Settings.from_environ(environ | more)
