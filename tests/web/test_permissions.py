"""Every address, every role, every token: who may open what is decided in one place, and none forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from cem import clock
from cem.domain.vocabulary import Role, Scope
from cem.extensions import db
from cem.http import access
from cem.http.access import Public, Roles, Scopes
from cem.http.auth import hash_token
from cem.ids import new_id
from cem.models import ApiToken, User
from tests.conftest import Databases
from tests.web.office import Office, opened

OPEN_TO_ALL = {
    "account.push_worker",
    "receipts.receive",
    "static",
    "assets.site_stylesheet",
    "health.alive",
    "health.ready",
    "preferences.choose_language",
    "preferences.choose_theme",
    "account.sign_in",
    "account.open_session",
    "beginning.show",
    "beginning.begin",
    "collect.kiosk",
    "collect.taps",
    "collect.kiosk_thanks",
    "collect.link",
    "collect.link_answers",
    "collect.thanks",
    "collect.status",
    "collect.confirmation",
    "api_docs.document",
    "api_docs.page",
    "executive.plotly",
    "monitoring.metrics",
}
"""What anybody may open. Adding to it is a decision: say in the commit why nobody needs to sign in there."""


@dataclass(slots=True)
class House:
    """The hub with one person of every role and one token of every scope."""

    office: Office
    people: dict[Role, str]
    tokens: dict[Scope, str]

    @property
    def app(self) -> Flask:
        return self.office.app

    def browser(self, role: Role) -> FlaskClient:
        return self.office.desk(self.people[role]).browser


@pytest.fixture(scope="module")
def house(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("house")
    with opened(databases.sqlite(folder), folder) as office:
        office.app.config["WTF_CSRF_ENABLED"] = (
            False  # forgery has tests of its own; this one asks for rights
        )
        yield House(office, _people(office), _tokens(office))


def _people(office: Office) -> dict[Role, str]:
    now = clock.now()
    rows = [
        {
            "id": new_id(now),
            "username": role.value,
            "name": role.value,
            "role": role,
            "scope_path": "group/",
            "created_at": now,
        }
        for role in (Role.PRIVACY, Role.INTEGRATOR)
    ]
    with office.inside(), db.engines[None].begin() as connection:
        connection.execute(insert(User), rows)
    known = {Role.ADMIN: "admin", Role.EXECUTIVE: "fallback", Role.MANAGER: "lin", Role.STAFF: "clerk"}
    return known | {role: role.value for role in (Role.PRIVACY, Role.INTEGRATOR)}


def _tokens(office: Office) -> dict[Scope, str]:
    now, tokens = clock.now(), {scope: f"token-{scope}-{uuid4()}" for scope in Scope}
    rows = [
        {
            "id": new_id(now),
            "name": scope.value,
            "token_hash": hash_token(token),
            "scope": scope,
            "site_path": "group/",
            "created_at": now,
        }
        for scope, token in tokens.items()
    ]
    with office.inside(), db.engines[None].begin() as connection:
        connection.execute(insert(ApiToken), rows)
    return tokens


def _routes(app: Flask) -> list[tuple[Rule, str]]:
    """Every address with every method that it answers."""
    return [
        (rule, method)
        for rule in app.url_map.iter_rules()
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
    ]


def _address(rule: Rule) -> str:
    """An address of this kind where nothing is, so that only the rights decide what is answered."""
    values = {
        name: next(iter(sorted(converter.items))) if hasattr(converter, "items") else _nothing(converter)
        for name, converter in rule._converters.items()
    }
    built = rule.build(values, append_unknown=False)
    assert built is not None
    return built[1]


def _nothing(converter: object) -> object:
    kind = type(converter).__name__
    return {"IntegerConverter": 987654321, "UUIDConverter": UUID(int=7)}.get(kind, "none")


def _ask(browser: FlaskClient, method: str, address: str, token: str = "") -> TestResponse:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    answer = browser.open(address, method=method, headers=headers, buffered=False)
    answer.close()
    return answer


def _shut(answer: TestResponse) -> bool:
    """Whether the door stayed shut: sent to sign in, or refused."""
    return answer.status_code in (401, 403) or (answer.location or "").startswith("/sign-in")


def test_every_address_says_who_may_open_it(house: House) -> None:
    forgotten = sorted({rule.endpoint for rule, _ in _routes(house.app)} - set(access.RULES))
    assert not forgotten, (
        f"Nobody said who may open {', '.join(forgotten)}. Add to the blueprint's register():"
        " access.rule('blueprint.view', access.roles(Role.MANAGER)) for people, access.scopes(Scope.CASES)"
        " for programs, or access.PUBLIC if really anybody may. Until then it is refused to everybody."
    )


def test_every_rule_is_about_an_address_that_exists(house: House) -> None:
    known = {rule.endpoint for rule, _ in _routes(house.app)}
    gone = sorted(set(access.RULES) - known)
    assert not gone, f"These rules guard nothing any more; remove them: {', '.join(gone)}"


def test_what_is_open_to_everybody_is_a_short_list_that_people_chose(house: House) -> None:
    public = {endpoint for endpoint, rule in access.RULES.items() if isinstance(rule, Public)}
    added = sorted(public - OPEN_TO_ALL)
    assert not added, f"{', '.join(added)} became public. If that is meant, add it to OPEN_TO_ALL above."


def test_an_address_without_a_rule_is_refused_to_everybody(databases: Databases, tmp_path: Path) -> None:
    with opened(databases.sqlite(tmp_path), tmp_path) as office:
        office.app.add_url_rule("/forgotten", "forgotten", lambda: "hello")
        for browser in (office.stranger(), office.desk("admin").browser):
            assert browser.get("/forgotten").status_code == 403


def test_a_stranger_opens_only_what_is_public(house: House) -> None:
    for rule, method in _routes(house.app):
        public = isinstance(access.RULES[rule.endpoint], Public)
        answer = _ask(house.office.stranger(), method, _address(rule))
        assert _shut(answer) is not public, f"{method} {rule}: {answer.status}"


@pytest.mark.parametrize("role", Role)
def test_a_person_opens_what_their_role_allows_and_nothing_else(house: House, role: Role) -> None:
    for rule, method in _routes(house.app):
        wanted = access.RULES[rule.endpoint]
        if rule.endpoint == "account.sign_out":
            continue  # it would end the walk
        allowed = isinstance(wanted, Public) or (isinstance(wanted, Roles) and role in wanted.allowed)
        answer = _ask(house.browser(role), method, _address(rule))
        if rule.endpoint in ("account.sign_in", "account.open_session"):
            continue
        assert _shut(answer) is not allowed, f"{role} {method} {rule}: {answer.status}"


@pytest.mark.parametrize("scope", Scope)
def test_a_program_does_what_its_token_allows_and_nothing_else(house: House, scope: Scope) -> None:
    for rule, method in _routes(house.app):
        wanted = access.RULES[rule.endpoint]
        if isinstance(wanted, Public) or (rule.endpoint.startswith("sandbox.") and scope is Scope.ADMIN):
            continue
        allowed = isinstance(wanted, Scopes) and scope in wanted.allowed
        answer = _ask(house.office.stranger(), method, _address(rule), house.tokens[scope])
        assert _shut(answer) is not allowed, f"{scope} {method} {rule}: {answer.status}"


def test_a_token_that_only_reads_changes_nothing(house: House) -> None:
    for rule, method in _routes(house.app):
        wanted = access.RULES[rule.endpoint]
        if isinstance(wanted, Scopes) and Scope.READ in wanted.allowed:
            assert method == "GET" or rule.endpoint.endswith("analyses"), f"{method} {rule} is not reading"


def test_a_refused_look_is_kept(house: House) -> None:
    before = len(house.office.audited("access.refused"))
    assert house.browser(Role.INTEGRATOR).get("/desk").status_code == 403
    rows = house.office.audited("access.refused")
    assert len(rows) == before + 1 and rows[-1].subject == "desk.queue"
