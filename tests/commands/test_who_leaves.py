"""`cem user list` and `cem user end`: somebody leaves, and the command says first what goes to whom."""

from __future__ import annotations

from tests.commands.conftest import AppRows, Cem


def hire(cem: Cem, name: str, role: str) -> None:
    ran = cem("user", "add", name, "--role", role, "--name", name.title(), stdin=b"a long enough one\n")
    assert ran.status == 0, ran.err


def test_who_works_here_is_listed_and_whoever_is_the_fallback_needs_a_successor(
    founded: Cem, app_rows: AppRows
) -> None:
    hire(founded, "mary", "admin")
    hire(founded, "kim", "staff")
    listed = [line.split("\t")[:2] for line in founded("user", "list").out.splitlines()]
    assert ["kim", "staff"] in listed and ["mary", "admin"] in listed
    (first,) = [name for name, _ in listed if name not in ("kim", "mary")]

    refused = founded("user", "end", first)
    assert refused.status == 1 and "fallback" in refused.err
    assert founded("user", "end", "nobody").status == 1
    assert founded("user", "end", first, "--successor", "mary", "--dry-run").status == 0
    assert app_rows('SELECT count(*) FROM "user" WHERE ended_at IS NULL') == [(3,)]

    assert founded("user", "end", first, "--successor", "mary").status == 0
    assert founded("verify").status == 0
    last = founded("user", "end", "mary", "--successor", "kim")
    assert last.status == 1 and "administrator" in last.err
