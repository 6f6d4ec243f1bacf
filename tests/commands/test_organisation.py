"""`cem init`, `user`, `token`, `sites`, `verify`: a hub that begins, and who may come in."""

from __future__ import annotations

import json

import pytest

from cem.http.auth import hash_token
from nlp.packs import PACKS
from tests.commands.conftest import AppRows, Cem


@pytest.mark.parametrize("pack", PACKS)
def test_a_hub_begins_for_every_industry_with_a_branch_that_takes_feedback(cem: Cem, pack: str) -> None:
    ran = cem("init", "--pack", pack, "--name", "Harbour", "--timezone", "Europe/London")
    assert ran.status == 0 and "password" in ran.out
    (site,) = json.loads(cem("sites", "--json").out)["items"]
    assert (site["code"], site["timezone"]) == ("branch-1", "Europe/London")
    assert all(each["kiosk_url"] and each["link_url"] for each in site["touchpoints"])
    assert cem("verify").status == 0


def test_a_hub_begins_only_once(founded: Cem) -> None:
    again = founded("init", "--pack", "bank")
    assert again.status == 1 and "set up already" in again.err
    demo = founded("init", "--pack", "bank", "--demo")
    assert demo.status == 1 and "set up already" in demo.err


def test_a_token_is_printed_alone_and_kept_only_as_a_hash(founded: Cem, app_rows: AppRows) -> None:
    ran = founded("token", "create", "--name", "till", "--scope", "collect", "--site", "branch-1")
    token = ran.out.strip()
    assert ran.out == f"{token}\n" and len(token) >= 32
    ((kept, path),) = app_rows("SELECT token_hash, site_path FROM api_token")
    assert (kept, path) == (hash_token(token), "group/branch-1/")


def test_a_token_for_a_place_that_is_not_there_is_refused(founded: Cem) -> None:
    ran = founded("token", "create", "--name", "x", "--scope", "read", "--site", "moon")
    assert ran.status == 1 and "moon" in ran.err and not ran.out


def test_before_there_is_an_organisation_there_are_no_tokens(cem: Cem) -> None:
    ran = cem("token", "create", "--name", "x", "--scope", "admin")
    assert ran.status == 1 and "cem init" in ran.err


def test_somebody_new_gets_a_hashed_password_and_their_part_of_the_tree(
    founded: Cem, app_rows: AppRows
) -> None:
    ran = founded("user", "add", "mei", "--role", "manager", "--site", "branch-1", stdin=b"correct horse\n")
    assert ran.status == 0
    ((hashed, path),) = app_rows("SELECT password_hash, scope_path FROM \"user\" WHERE username = 'mei'")
    assert hashed.startswith("$argon2id$") and path == "group/branch-1/"


def test_a_short_password_or_a_taken_name_stores_nobody(founded: Cem, app_rows: AppRows) -> None:
    assert founded("user", "add", "mei", "--role", "staff", stdin=b"short\n").status == 1
    assert founded("user", "add", "admin", "--role", "staff", stdin=b"long enough\n").status == 1
    assert app_rows('SELECT count(*) FROM "user"') == [(1,)]


def test_what_is_done_on_the_command_line_is_in_the_audit_trail(founded: Cem, app_rows: AppRows) -> None:
    founded("token", "create", "--name", "x", "--scope", "admin")
    actions = [action for (action,) in app_rows("SELECT action FROM audit ORDER BY id")]
    assert actions == ["organisation.founded", "token.granted"]


def test_verify_says_what_is_wrong_and_fails(founded: Cem, app_rows: AppRows) -> None:
    founded("token", "create", "--name", "x", "--scope", "admin")
    assert founded("verify").status == 0
    app_rows("UPDATE audit SET action = 'nothing' WHERE number = 1", unguarded="audit")
    ran = founded("verify")
    assert ran.status == 1 and "audit" in ran.out
