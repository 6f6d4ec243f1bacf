"""`cem verify`: the hub proves that nothing is lost, ownerless, stuck or changed behind its back."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING

from cem.commands.hub import opened

if TYPE_CHECKING:
    from cem.domain.reasons import Reason


def arguments(parser: ArgumentParser) -> None:
    """It takes none. The status is 1 when anything is wrong."""


def run(args: Namespace) -> int:
    from cem.commands.ledger import sentence
    from cem.dashboards import ledger
    from cem.engine import audit, verify

    with opened():
        faults = verify.faults()
        totals, trail = ledger.totals(), audit.count()
        lines = [_shown(fault) for fault in faults]
    if not totals.adds_up:
        lines.append(f"The ledger does not add up: {totals.as_dict()}.")
    print(
        "\n".join(lines) or f"Nothing is wrong. {sentence(totals)}. The audit trail of {trail} rows is whole."
    )
    return 1 if lines else 0


def _shown(fault: Reason) -> str:
    from cem.http import words

    about = " ".join(f"{name}={value}" for name, value in fault.args.items())
    said = words.sentence(fault) if fault.code in words.codes() else fault.code.replace("_", " ")
    return f"{said} [{about}]"
