"""`cem analyse`: JSON lines in, findings out in the same order; needs no hub."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser, Namespace

from cem.commands import reading
from cem.commands.streams import bar, speak_utf8
from nlp.packs import PACKS


def arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--pack", choices=PACKS, default="restaurant", help="whose topics to look for")
    reading.choose_profile(parser)


def run(args: Namespace) -> None:
    from nlp.cli_io import analyse_lines

    speak_utf8()
    pipeline = reading.pipeline(args.profile, args.pack)
    with bar(unit=" texts") as progress:
        for found in analyse_lines(pipeline, sys.stdin, progress.update):
            print(json.dumps(found, ensure_ascii=False))
