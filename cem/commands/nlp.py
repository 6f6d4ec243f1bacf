"""`cem nlp evaluate`: how well texts are understood, on any folder of labelled JSON lines."""

from __future__ import annotations

import json
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cem.commands import Trouble, reading
from cem.commands.streams import bar
from nlp.packs import PACKS, load_pack

if TYPE_CHECKING:
    from nlp.pipeline import Pipeline

Rows = list[dict[str, Any]]


def arguments(parser: ArgumentParser) -> None:
    evaluate = parser.add_subparsers(required=True, metavar="evaluate").add_parser("evaluate")
    evaluate.add_argument("--data", required=True, type=Path, help="a folder of .jsonl files, or one of them")
    evaluate.add_argument("--pack", choices=PACKS, default="restaurant")
    reading.choose_profile(evaluate)
    evaluate.add_argument("--json", action="store_true")


def run(args: Namespace) -> None:
    files = sorted(args.data.glob("*.jsonl")) if args.data.is_dir() else [args.data]
    if not files or not files[0].is_file():
        raise Trouble(f"There are no .jsonl files at {args.data}; each line is {{text, sentiment}} or so.")
    pipeline = reading.pipeline(args.profile, args.pack)
    reports = [report for file in bar(iterable=files) for report in _reports(pipeline, file, args.pack)]
    print(json.dumps(reports, indent=2) if args.json else "\n".join(map(_shown, reports)))


def _reports(pipeline: Pipeline, file: Path, pack: str) -> Iterator[dict[str, Any]]:
    """What the file has labels for: sentiment, aspects that the pack knows, or neither."""
    from nlp.evaluate import evaluate_sentiment, evaluate_topics

    try:
        rows: Rows = [json.loads(line) for line in file.read_text("utf-8").split("\n") if line.strip()]
    except ValueError as error:
        raise Trouble(f"{file} cannot be read as JSON lines: {error}.") from error
    about = {"file": file.name, "model": pipeline.model}
    if labelled := [row for row in rows if row.get("sentiment")]:
        yield about | {"what": "sentiment", **asdict(evaluate_sentiment(pipeline, labelled))}
    aspects = {topic.code: topic.asap for topic in load_pack(pack).topics if topic.asap}
    known = {name for row in rows for name in row.get("aspects", ())} & set(aspects.values())
    if known:
        rows = [row for row in rows if "aspects" in row]
        yield about | {"what": "topics", **asdict(evaluate_topics(pipeline, rows, aspects.get, known))}


def _shown(report: dict[str, Any]) -> str:
    figures = {name: value for name, value in report.items() if isinstance(value, float)}
    shown = "  ".join(f"{name} {value:.3f}" for name, value in figures.items())
    return f"{report['file']:<20} {report['what']:<10} n {report['n']:>5}  {shown}"
