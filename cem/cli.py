"""The `cem` command. Each command is a module of `cem.commands`, imported only when it is asked for.

A command's module has `arguments(parser)` and `run(args)`, which returns the exit status (None is 0).
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Final

from cem.commands import Trouble

COMMANDS: Final[dict[str, tuple[str, str]]] = {
    "up": ("up", "start the whole hub: queue server, web, schedule and workers"),
    "init": ("init", "set up an empty hub for an industry, with the demo company if wished"),
    "user": ("user", "add people"),
    "token": ("token", "create tokens for programs"),
    "import": ("importing", "store feedback from a CSV file"),
    "analyse": ("analyse", "read texts: JSON lines in, findings out"),
    "reanalyse": ("reanalyse", "have every stored text read again by another model"),
    "sites": ("sites", "list the sites that take feedback"),
    "ledger": ("ledger", "show what is owed, answered and excused"),
    "topics": ("topics", "list the topics of an industry"),
    "nlp": ("nlp", "measure how well texts are understood"),
    "verify": ("verify", "prove that nothing is lost, ownerless, stuck or changed"),
    "backup": ("backup", "write everything into one file"),
    "restore": ("restore", "bring a backup back"),
    "demo": ("demo", "play one business day in minutes and report what became of it"),
    "check": ("check", "check migrations and catalogs (for developers)"),
    "web": ("web", "serve the web alone"),
    "worker": ("worker", "do the jobs of one queue"),
    "schedule": ("schedule", "sweep what is due and relay the outbox"),
}
"""Name -> (module of `cem.commands`, what it does). One line for each command."""

INTERRUPTED: Final = 130
BROKEN_PIPE: Final = 141


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; the exit status. What goes wrong in a known way is one sentence on standard error."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    if not arguments or arguments[0] in ("-h", "--help", "help"):
        print(usage())
        return 0
    name, rest = arguments[0], arguments[1:]
    if name not in COMMANDS:
        return _complain(f"There is no command {name!r}; `cem --help` lists them.", 2)
    try:
        status = _run(name, rest)
        sys.stdout.flush()
        return status
    except Trouble as trouble:
        return _complain(str(trouble), 1)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:  # `cem sites | head`: whoever reads has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return BROKEN_PIPE


def usage() -> str:
    width = max(map(len, COMMANDS))
    lines = (f"  {name:<{width}}  {does}" for name, (_, does) in COMMANDS.items())
    return "\n".join(("usage: cem COMMAND [...]", "", *lines, "", "`cem COMMAND --help` says more."))


def _run(name: str, rest: Sequence[str]) -> int:
    module, does = COMMANDS[name]
    command = import_module(f"cem.commands.{module}")
    parser = argparse.ArgumentParser(prog=f"cem {name}", description=does)
    command.arguments(parser)
    return int(command.run(parser.parse_args(rest)) or 0)


def _complain(sentence: str, status: int) -> int:
    print(f"cem: {sentence}", file=sys.stderr)
    return status


if __name__ == "__main__":
    raise SystemExit(main())
