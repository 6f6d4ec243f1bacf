"""`cem ledger`: what is owed, answered and excused, as `GET /api/v1/ledger` answers it."""

from __future__ import annotations

import json
from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING

from cem.commands.hub import opened

if TYPE_CHECKING:
    from cem.dashboards.ledger import LedgerTotals


def arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="as the API answers it")


def run(args: Namespace) -> None:
    from cem.dashboards import ledger

    with opened():
        totals = ledger.totals()
    print(json.dumps(totals.as_dict(), indent=2) if args.json else sentence(totals))


def sentence(totals: LedgerTotals) -> str:
    """The sum in words, with automatic thanks apart."""
    thanked = totals.answered["thanked"]
    return (
        f"{totals.total} feedbacks = {totals.owed} owed ({totals.overdue} overdue)"
        f" + {totals.answered_in_all} answered ({thanked} of them thanked on the spot)"
        f" + {totals.excused_in_all} excused"
    )
