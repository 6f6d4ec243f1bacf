"""`cem nlp evaluate`: how well texts are understood, on our held out sentences or on labelled files."""

from __future__ import annotations

import json
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cem import clock
from cem.commands import Trouble, reading
from cem.commands.hub import settings_here
from cem.commands.streams import bar
from nlp.packs import PACKS

if TYPE_CHECKING:
    from nlp.labelled import LabelledSet
    from nlp.pipeline import Pipeline


def arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--data", type=Path, help="a folder of .jsonl files, or one of them; else our own")
    parser.add_argument(
        "--pack", choices=PACKS, default="restaurant", help="whose topics to look for in --data"
    )
    reading.choose_profile(parser)
    parser.add_argument(
        "--json", nargs="?", const="-", metavar="FILE", help="everything as JSON, for programs"
    )
    parser.add_argument("--keep", type=Path, metavar="FILE", help="where the model card's run is kept")


def run(args: Namespace) -> None:
    from nlp import runs, shown

    sets = _sets(args)
    pipeline = reading.pipeline(args.profile, args.pack)
    made = measured(pipeline, sets, args.data)
    runs.keep(made, args.keep or runs.kept_at(settings_here().instance))
    if args.json == "-":
        print(json.dumps(made, ensure_ascii=False, indent=2))
        return
    if args.json:
        Path(args.json).write_text(json.dumps(made, ensure_ascii=False, indent=2) + "\n", "utf-8")
    print("\n".join(shown.lines(made)))


def measured(pipeline: Pipeline, sets: tuple[LabelledSet, ...], data: Path | None) -> dict[str, Any]:
    """A run as it is kept (`nlp/runs.py`), with a progress bar while it is made."""
    from nlp import corpus, tables

    with bar(total=tables.count(sets), unit=" texts") as shown_bar:
        table = tables.measure(pipeline, sets, shown_bar.update)
    about = {
        "profile": pipeline.model.partition("@")[0],
        "data": "folder" if data else "own",
        "name": data.resolve().name
        if data
        else "the held out sentences, the challenge list and the blind exam",
        "made_at": clock.now().isoformat(timespec="seconds"),
        "corpus": corpus.checksum(),
    }
    return about | table


def _sets(args: Namespace) -> tuple[LabelledSet, ...]:
    from nlp.labelled import Unreadable, own, read_folder

    if args.data is None:
        return own()
    try:
        return read_folder(args.data, args.pack)
    except Unreadable as error:
        raise Trouble(str(error)) from error
