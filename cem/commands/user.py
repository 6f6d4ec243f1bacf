"""`cem user add`: somebody new may sign in. Their password is asked for, or read from standard input."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from getpass import getpass

from cem.commands import Trouble
from cem.commands.hub import opened
from cem.domain.vocabulary import Role

SHORTEST = 10


def arguments(parser: ArgumentParser) -> None:
    add = parser.add_subparsers(required=True, metavar="add").add_parser("add")
    add.add_argument("username")
    add.add_argument("--name", help="as colleagues read it; the user name where it is not given")
    add.add_argument("--role", required=True, choices=[role.value for role in Role])
    add.add_argument("--site", help="a place's code: they see what lies below it; everything if not given")
    add.add_argument("--email")
    add.add_argument("--locale", choices=("zh-Hans", "zh-Hant", "en"), default="zh-Hans")
    add.add_argument("--timezone", default="Asia/Shanghai")


def run(args: Namespace) -> None:
    from cem.domain.localtime import zone
    from cem.domain.reasons import Invalid

    try:
        zone(args.timezone)
    except Invalid:
        raise Trouble(f"There is no time zone {args.timezone!r}; write it as Asia/Shanghai.") from None
    with opened():
        _add(args, _password())
    print(f"{args.username} may sign in.")


def _add(args: Namespace, password: str) -> None:
    from cem.domain.reasons import Invalid, NotFound
    from cem.engine import people
    from cem.http.sign_in import hash_password

    new = people.NewUser(
        args.username,
        args.name or args.username,
        Role(args.role),
        hash_password(password),
        args.site,
        args.email,
        args.locale,
        args.timezone,
    )
    try:
        people.add_user(new)
    except Invalid:
        raise Trouble(f"The user name {args.username!r} is taken; choose another.") from None
    except NotFound:
        missing = f"There is no place {args.site!r}" if args.site else "This hub has no organisation yet"
        raise Trouble(f"{missing}; `cem sites` lists the branches, `cem init` sets a hub up.") from None


def _password() -> str:
    """Typed twice at a terminal; the first line of standard input otherwise."""
    if not sys.stdin.isatty():
        given = sys.stdin.readline().rstrip("\n")
    else:
        given = getpass("Password: ")
        if given != getpass("Again: "):
            raise Trouble("The two are not the same; nothing was stored.")
    if len(given) < SHORTEST:
        raise Trouble(f"A password has at least {SHORTEST} characters; nothing was stored.")
    return given
