"""`cem analyse`: JSON lines in, findings out in the same order; needs no hub."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser, Namespace

from cem.commands import Trouble
from cem.commands.streams import bar, speak_utf8
from nlp.packs import PACKS


def arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--pack", choices=PACKS, default="restaurant", help="whose topics to look for")
    parser.add_argument("--profile", default="fast", help="how thorough: fast")


def run(args: Namespace) -> None:
    from nlp.cli_io import analyse_lines
    from nlp.pipeline import load

    speak_utf8()
    try:
        pipeline = load(args.profile, args.pack)
    except ValueError as error:
        raise Trouble(f"This installation cannot do that: {error}.") from error
    with bar(unit=" texts") as progress:
        for found in analyse_lines(pipeline, sys.stdin, progress.update):
            print(json.dumps(found, ensure_ascii=False))
