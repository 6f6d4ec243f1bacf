"""`cem user`: somebody new may sign in (a password is asked for, or read from standard input), or leaves."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from getpass import getpass
from uuid import UUID

from cem.commands import Trouble
from cem.commands.hub import opened
from cem.domain.vocabulary import Role

SHORTEST = 10


def arguments(parser: ArgumentParser) -> None:
    kinds = parser.add_subparsers(required=True, metavar="add|end|list", dest="what")
    kinds.add_parser("list")
    end = kinds.add_parser("end")
    end.add_argument("username")
    end.add_argument("--successor", help="the user name of whoever takes their posts, the fallback's first")
    end.add_argument("--dry-run", action="store_true", help="only say what would go to whom")
    add = kinds.add_parser("add")
    add.add_argument("username")
    add.add_argument("--name", help="as colleagues read it; the user name where it is not given")
    add.add_argument("--role", required=True, choices=[role.value for role in Role])
    add.add_argument("--site", help="a place's code: they see what lies below it; everything if not given")
    add.add_argument("--email")
    add.add_argument("--locale", choices=("zh-Hans", "zh-Hant", "en"), default="zh-Hans")
    add.add_argument("--timezone", default="Asia/Shanghai")


def run(args: Namespace) -> None:
    {"add": _new, "end": _end, "list": _list}[args.what](args)


def _list(_args: Namespace) -> None:
    from sqlalchemy import select

    from cem.extensions import db
    from cem.models import User

    with opened():
        statement = select(User).where(User.ended_at.is_(None)).order_by(User.username)
        for user in db.session.scalars(statement):
            print(f"{user.username}\t{user.role.value}\t{user.scope_path}\t{user.name}")


def _end(args: Namespace) -> None:
    """Say what goes to whom, then end the account, all in one moment."""
    from cem.domain.actors import HUB
    from cem.domain.reasons import Refused
    from cem.engine import leaving, moving
    from cem.extensions import db
    from cem.http.words import person, sentence

    with opened():
        user, successor = _known(args.username), args.successor and _known(args.successor)
        for share in moving.preview(db.session(), user).shares:
            print(f"{share.cases} cases and {share.entries} feedbacks go to {person(share.owner)}.")
        if args.dry_run:
            return
        try:
            leaving.end_user(user, HUB, successor or None)
        except Refused as refusal:
            raise Trouble(sentence(refusal.reason)) from None
    print(f"{args.username} may not sign in any more.")


def _known(username: str) -> UUID:
    from sqlalchemy import select

    from cem.extensions import db
    from cem.models import User

    found = db.session.scalar(select(User.id).where(User.username == username, User.ended_at.is_(None)))
    if found is None:
        raise Trouble(f"There is nobody called {username!r}; `cem user list` says who works here.")
    return UUID(str(found))


def _new(args: Namespace) -> None:
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
