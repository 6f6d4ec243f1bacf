"""`cem backup FILE`: everything of a hub in one file, also while it runs."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path

from cem.commands import Trouble
from cem.commands.hub import opened


def arguments(parser: ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="where to write it (.tar.gz)")


def run(args: Namespace) -> None:
    from cem.setup import archive

    with opened() as app:
        try:
            archive.write(app, args.file)
        except OSError as error:
            raise Trouble(f"{args.file} cannot be written: {error}.") from error
    print(f"{args.file} holds everything of this hub.")
    print(
        "It holds personal data and the key that opens it: keep it where nobody else reads.", file=sys.stderr
    )
