"""`cem init --pack P`: an empty hub begins, with an administrator; or as the demo company."""

from __future__ import annotations

import secrets
from argparse import ArgumentParser, Namespace

from cem.commands import Trouble
from cem.commands.hub import opened, settings_here
from nlp.packs import PACKS


def arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--pack", required=True, choices=PACKS, help="the industry")
    parser.add_argument("--demo", action="store_true", help="load the demo company instead of an empty one")
    parser.add_argument("--name", default="我们", help="the organisation's name")
    parser.add_argument("--timezone", default="Asia/Shanghai")
    parser.add_argument("--admin", default="admin", help="the administrator's user name")


def run(args: Namespace) -> None:
    with opened():
        print(_demo() if args.demo else _own(args))


def _demo() -> str:
    from cem.setup import demo, sign_ins

    settings = settings_here()
    if not demo.load(settings):
        raise Trouble("This hub is set up already; give another CEM_INSTANCE to begin anew.")
    file = settings.instance / sign_ins.FILE
    return f"The demo company is loaded. Its sign-ins are in {file} and work with CEM_DEMO=1."


def _own(args: Namespace) -> str:
    from cem.domain.localtime import zone
    from cem.domain.reasons import Invalid, Refused
    from cem.http.sign_in import hash_password
    from cem.setup.founding import Founding, found

    password = secrets.token_urlsafe(12)
    try:
        zone(args.timezone)
        found(Founding(args.name, args.pack, args.timezone, args.admin, args.admin, hash_password(password)))
    except Invalid:
        raise Trouble(f"There is no time zone {args.timezone!r}; write it as Asia/Shanghai.") from None
    except Refused:
        raise Trouble("This hub is set up already; give another CEM_INSTANCE to begin anew.") from None
    return f"Ready to begin. Sign in as {args.admin} with the password {password} (it is shown only now)."
