"""`cem nlp`: measure how well texts are understood, and fit the heads anew."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from cem.commands import nlp_evaluate, nlp_train


def arguments(parser: ArgumentParser) -> None:
    below = parser.add_subparsers(required=True, metavar="evaluate|train|prepare", dest="what")
    nlp_evaluate.arguments(below.add_parser("evaluate", help="measure a profile on labelled texts"))
    nlp_train.arguments(below.add_parser("train", help="fit the head of the standard profile"))
    below.add_parser("prepare", help="make the hub's model ready, and have read again what another read")


def run(args: Namespace) -> int | None:
    if args.what == "prepare":
        return _prepare()
    return nlp_train.run(args) if args.what == "train" else nlp_evaluate.run(args)


def _prepare() -> int:
    """As the hub's own process does it in the background; 1 where the model cannot be had."""
    from cem.commands.hub import opened
    from workers import weights

    with opened() as app:
        return 0 if weights.prepare(app) else 1
