"""`cem nlp`: measure how well texts are understood, and fit the heads anew."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from cem.commands import nlp_evaluate, nlp_train


def arguments(parser: ArgumentParser) -> None:
    below = parser.add_subparsers(required=True, metavar="evaluate|train", dest="what")
    nlp_evaluate.arguments(below.add_parser("evaluate", help="measure a profile on labelled texts"))
    nlp_train.arguments(below.add_parser("train", help="fit the head of the standard profile"))


def run(args: Namespace) -> int | None:
    return nlp_train.run(args) if args.what == "train" else nlp_evaluate.run(args)
