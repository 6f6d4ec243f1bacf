"""A run as a table to read in a terminal. Shares are per cent, with one place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from nlp.scoring import LABELS

Run = dict[str, Any]


def lines(run: Run) -> list[str]:
    return [
        f"{run['model']} on {run['name']}: {run['texts']} texts, {run['texts_per_second']} a second",
        *_sentiment(run),
        *_confusion("all of them together", run["pooled"]),
        *_classes(run["pooled"]),
        *_parts(run),
        *_topics(run),
        *_similar(run),
        *_scripts(run),
        *_risks(run),
        *_challenges(run),
        *_exam(run),
    ]


def _sentiment(run: Run) -> Iterator[str]:
    if not run["sentiment"]:
        return
    head = (
        "sentiment",
        "n",
        "accuracy",
        "macro F1",
        "2 classes",
        "ECE",
        "answered",
        "right of it",
        "95% at",
        "beside",
    )
    rows = [(name, row) for name, row in run["sentiment"].items()]
    if len(rows) > 1:
        rows.append(("pooled", run["pooled"]))
    yield from _table(head, [_sentiment_row(name, row) for name, row in rows])


def _sentiment_row(name: str, row: Run) -> tuple[str, ...]:
    two, rival = row.get("two_classes"), row.get("rival")
    return (
        name,
        str(row["n"]),
        _share(row["accuracy"]),
        _share(row["macro_f1"]),
        _share(two["accuracy"]) if two else "",
        f"{row['calibration_error']:.3f}",
        _share(row["coverage"]),
        _share(row["accuracy_of_covered"]),
        _share(row["coverage_at_95"]),
        f"{rival['name']} {_share(rival['accuracy'])}/{_share(rival['macro_f1'])}" if rival else "",
    )


def _confusion(name: str, row: Run) -> Iterator[str]:
    if row["n"]:
        rows = [(label, *map(str, row["confusion"][i])) for i, label in enumerate(LABELS)]
        yield from _table((f"{name}: is, guessed", *LABELS), rows)


def _classes(row: Run) -> Iterator[str]:
    rows = [_class(name, score) for name, score in row["classes"].items()]
    if rows:
        yield from _table(("class", "n", "precision", "recall", "F1"), rows)


def _class(name: str, score: Run) -> tuple[str, ...]:
    return name, str(score["support"]), *(_share(score[part]) for part in ("precision", "recall", "f1"))


def _parts(run: Run) -> Iterator[str]:
    rows = [
        (name, str(row["n"]), _share(row["accuracy"]), _share(row["macro_f1"]))
        for name, row in run["parts"].items()
    ]
    if rows:
        yield from _table(("part", "n", "accuracy", "macro F1"), rows)


def _topics(run: Run) -> Iterator[str]:
    rows = [
        (
            name,
            str(row["mentioned"]["n"]),
            _share(row["mentioned"]["micro_f1"]),
            _share(row["mentioned"]["macro_f1"]),
            _share(row["polarity"]["accuracy"]),
            _share(row["polarity"]["macro_f1"]),
            _share(row["polarity"]["macro_f1_of_found"]),
            _share(row["polarity"]["two_classes"]["macro_f1"]),
        )
        for name, row in run["topics"].items()
    ]
    if rows:
        head = (
            "topics",
            "n",
            "micro F1",
            "macro F1",
            "said of them",
            "macro F1",
            "of those found",
            "2 classes",
        )
        yield from _table(head, rows)
    for name, row in run["topics"].items():
        weakest = [
            _class(label, score) for label, score in row["mentioned"]["classes"].items() if score["support"]
        ]
        yield from _table((name, "n", "precision", "recall", "F1"), weakest)


def _similar(run: Run) -> Iterator[str]:
    rows = [
        (n, str(row["n"]), _share(row["hit_1"]), _share(row["hit_3"])) for n, row in run["similar"].items()
    ]
    if rows:
        yield from _table(("similar messages", "n", "hit at 1", "hit at 3"), rows)


def _scripts(run: Run) -> Iterator[str]:
    row = run["scripts"]
    if row["n"]:
        cells = (
            "",
            str(row["n"]),
            _share(row["simplified"]),
            _share(row["traditional"]),
            _share(row["labels_alike"]),
        )
        yield from _table(("the same text", "n", "Simplified", "Traditional", "labels alike"), [cells])


def _risks(run: Run) -> Iterator[str]:
    row = run["risks"]
    if row["n"]:
        any_ = ("any", str(row["with_risk"]), "", _share(row["recall_of_any"]), "")
        rows = [any_, *(_class(code, score) for code, score in row["codes"].items())]
        yield from _table(("risk", "n", "precision", "recall", "F1"), rows)


def _challenges(run: Run) -> Iterator[str]:
    rows = [
        (
            kind,
            str(row["n"]),
            *(_share(row[part]) for part in ("label_right", "sign_right", "macro_f1", "all_right")),
        )
        for kind, row in run["challenges"].items()
    ]
    if rows:
        yield from _table(("challenge", "n", "label", "sign", "macro F1", "all of it"), rows)


def _exam(run: Run) -> Iterator[str]:
    """Absent from a run that is older than the exam."""
    exam = run.get("exam")
    if exam and exam["n"]:
        head = ("blind exam", "n", "label", "sign", "macro F1")
        rows = [("all of it", exam), *exam["kinds"].items()]
        parts = ("label_right", "sign_right", "macro_f1")
        yield from _table(
            head, [(kind, str(row["n"]), *(_share(row[p]) for p in parts)) for kind, row in rows]
        )


def _share(value: float) -> str:
    return f"{100.0 * value:.1f}"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """An empty line, then columns as wide as they must be: the first to the left, figures to the right."""
    widths = [max(len(row[i]) for row in (head, *rows)) for i in range(len(head))]
    yield ""
    for row in (head, *rows):
        first, *others = (cell.rjust(width) for cell, width in zip(row, widths, strict=True))
        yield "  ".join((row[0].ljust(widths[0]), *others)).rstrip() if first else ""
