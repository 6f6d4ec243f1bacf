"""The demo company in the database: proved by the hub's own proof, with nothing left to catch up."""

from __future__ import annotations

import stat
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from flask import Flask
from sqlalchemy import func, select

from cem import clock
from cem.app import create_app
from cem.demo.history import history
from cem.domain.case import LIVE, TRANSITIONS
from cem.domain.vocabulary import PromiseKind
from cem.engine import organisation, outbox, sla_watch, transaction, verify
from cem.extensions import db
from cem.models import (
    Breach,
    Case,
    CaseEvent,
    Customer,
    Delivery,
    Feedback,
    FindingsRow,
    LedgerEntry,
    LedgerMove,
    Promise,
    PublicLink,
    Site,
    Touchpoint,
    User,
)
from cem.settings import Settings
from cem.setup import demo, sign_ins
from tests.conftest import Databases
from tests.world import MONDAY, settings_for


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def loaded(
    request: pytest.FixtureRequest, databases: Databases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Flask]:
    """The company, loaded once for all tests that only look."""
    folder = tmp_path_factory.mktemp("demo")
    url = databases.sqlite(folder) if request.param == "sqlite" else databases.postgresql()
    yield from _loaded(settings_for(folder / "instance", url))


def _loaded(settings: Settings) -> Iterator[Flask]:
    transaction._listeners.clear()
    organisation.forget()
    app = create_app(settings)
    clock.stand_at(MONDAY)
    with app.app_context():
        assert demo.load(settings)
        yield app
        db.session.remove()
        for engine in db.engines.values():
            engine.dispose()
    clock.unshare()


def count(column: Any) -> int:
    return int(db.session.scalar(select(func.count(column))) or 0)


def test_the_hubs_own_proof_finds_nothing(loaded: Flask) -> None:
    assert verify.faults() == []


def test_nothing_is_left_for_the_first_sweep_or_the_relay(loaded: Flask) -> None:
    assert sla_watch.sweep() == 0
    assert not outbox.unfinished()
    due = sla_watch.next_due_at()
    assert due is not None and due > clock.now()


def test_there_is_enough_of_it(loaded: Flask) -> None:
    assert count(Feedback.id) >= 2_000
    assert count(Customer.id) == 200
    first = db.session.scalar(select(func.min(Feedback.received_at)))
    assert first is not None and (clock.now() - first).days >= 90
    assert db.session.scalar(select(func.count(Site.id)).where(Site.level == "branch")) == 3


def test_every_touchpoint_has_an_address_for_a_kiosk_and_one_for_a_link(loaded: Flask) -> None:
    both = ("kiosk", "link")
    given = db.session.execute(select(PublicLink.touchpoint_id, PublicLink.kind)).all()
    places = db.session.scalars(select(Touchpoint.id)).all()
    assert sorted(map(tuple, given)) == sorted((place, kind) for place in places for kind in both)


def test_nothing_happened_after_now(loaded: Flask) -> None:
    for column in (CaseEvent.at, LedgerMove.at, Delivery.sent_at, Breach.at, FindingsRow.at):
        latest = db.session.scalar(select(func.max(column)))
        assert latest is not None and latest <= clock.now()


def test_every_fate_is_told_as_the_history_decided_it(loaded: Flask) -> None:
    fates = [past.fate for past in history(demo.SEED, MONDAY)]
    wanted = Counter((fate.state, fate.how, fate.excuse) for fate in fates)
    e = LedgerEntry
    stored = db.session.execute(
        select(e.state, e.how, e.reason, func.count()).group_by(e.state, e.how, e.reason)
    )
    assert {(state, how, reason): n for state, how, reason, n in stored} == wanted


def test_the_promises_that_were_broken_are_those_of_the_history(loaded: Flask) -> None:
    told = list(history(demo.SEED, MONDAY))
    cases = [past.fate.case for past in told if past.fate.case]
    wanted = Counter(kind for case in cases for kind in case.breached)
    stored = db.session.execute(
        select(Promise.kind, func.count())
        .join(Breach, Breach.promise_id == Promise.id)
        .group_by(Promise.kind)
    )
    wanted[PromiseKind.FIRST_CONTACT] += sum(past.fate.overdue for past in told)
    assert dict(stored.all()) == wanted


def test_every_change_of_a_case_is_one_that_the_state_machine_knows(loaded: Flask) -> None:
    ways = {(state, to) for (state, _), to in TRANSITIONS.items()} | {(state, state) for state in LIVE}
    rows = db.session.execute(select(CaseEvent.from_state, CaseEvent.to_state).distinct())
    assert {(a, b) for a, b in rows if a is not None} <= ways


def test_cases_are_numbered_without_a_gap_in_the_order_in_which_they_were_opened(loaded: Flask) -> None:
    numbers = list(db.session.scalars(select(Case.number).order_by(Case.opened_at, Case.number)))
    assert numbers == list(range(1, len(numbers) + 1))


def test_each_move_of_the_ledger_begins_where_the_one_before_ended(loaded: Flask) -> None:
    ended: dict[Any, Any] = {}
    for move in db.session.scalars(select(LedgerMove).order_by(LedgerMove.at, LedgerMove.id)):
        assert move.from_state == ended.get(move.feedback_id)
        ended[move.feedback_id] = move.to_state
    states = dict(db.session.execute(select(LedgerEntry.feedback_id, LedgerEntry.state)).all())
    assert ended == states


def test_what_was_written_has_been_read(loaded: Flask) -> None:
    said = db.session.scalar(select(func.count(Feedback.id)).where(Feedback.text.is_not(None)))
    assert said == count(FindingsRow.feedback_id) > 400


def test_messages_are_in_the_words_of_who_got_them_and_seen_but_for_what_is_open(loaded: Flask) -> None:
    rows = db.session.execute(
        select(Delivery.text, Delivery.seen_at, Delivery.case_id, Case.state).join(
            Case, Case.id == Delivery.case_id
        )
    ).all()
    by_state: dict[bool, set[bool]] = defaultdict(set)
    for text, seen_at, _, state in rows:
        assert text
        by_state[state in LIVE].add(seen_at is not None)
    assert by_state == {True: {False}, False: {True}}


def test_the_sign_ins_are_for_their_owners_eyes_and_fit(loaded: Flask) -> None:
    settings: Settings = loaded.extensions["cem_settings"]
    file = settings.instance / sign_ins.FILE
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    passwords = sign_ins.kept(settings.instance)
    user = db.session.scalars(select(User).where(User.username == "admin")).one()
    assert user.demo and PasswordHasher().verify(user.password_hash or "", passwords["admin"])
    assert count(User.id) == len(passwords) == len(set(passwords.values()))


def test_a_second_load_changes_nothing(loaded: Flask) -> None:
    before = count(Feedback.id)
    assert demo.load(loaded.extensions["cem_settings"]) is False
    assert count(Feedback.id) == before


def test_a_load_that_breaks_off_leaves_nothing_and_the_next_begins_anew(
    databases: Databases, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = settings_for(tmp_path / "instance", databases.sqlite(tmp_path))
    with monkeypatch.context() as broken:
        broken.setattr("cem.setup.demo._sealed", lambda rows: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            next(_loaded(settings))
    passwords = sign_ins.kept(settings.instance)
    for _ in _loaded(settings):
        assert verify.faults() == []
        assert sign_ins.kept(settings.instance) == passwords


def test_a_lost_file_of_sign_ins_is_made_anew_for_the_same_people(
    databases: Databases, tmp_path: Path
) -> None:
    settings = settings_for(tmp_path / "instance", databases.sqlite(tmp_path))
    for _ in _loaded(settings):
        old = sign_ins.kept(settings.instance)
        (settings.instance / sign_ins.FILE).unlink()
        sign_ins.renew(settings.instance)
        new = sign_ins.kept(settings.instance)
        assert new.keys() == old.keys() and not set(new.values()) & set(old.values())
        user = db.session.scalars(select(User).where(User.username == "admin")).one()
        assert PasswordHasher().verify(user.password_hash or "", new["admin"])
