"""`cem token create`: a right to call for a program. The token is printed once; only its hash is kept."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from cem.commands import Trouble
from cem.commands.hub import opened
from cem.domain.vocabulary import Scope


def arguments(parser: ArgumentParser) -> None:
    create = parser.add_subparsers(required=True, metavar="create").add_parser("create")
    create.add_argument("--name", required=True, help="what it is for, as people will see it")
    create.add_argument("--scope", required=True, choices=[scope.value for scope in Scope])
    create.add_argument("--site", help="a place's code: the token sees only what lies below it")


def run(args: Namespace) -> None:
    with opened():
        print(_create(args.name, Scope(args.scope), args.site))


def _create(name: str, scope: Scope, site: str | None) -> str:
    from cem.domain.reasons import NotFound
    from cem.engine import people
    from cem.http.auth import hash_token
    from cem.ids import new_token

    token = new_token()
    try:
        people.grant_token(name, scope, site, hash_token(token))
    except NotFound:
        missing = f"There is no place {site!r}" if site else "This hub has no organisation yet"
        raise Trouble(f"{missing}; `cem sites` lists the branches, `cem init` sets a hub up.") from None
    return token
