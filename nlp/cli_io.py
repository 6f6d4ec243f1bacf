"""JSON lines in, JSON lines out, in order: what `cem analyse` does between its two streams."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any

from cem.domain.ratings import Rating
from nlp.pipeline import Pipeline, TextIn

BATCH = 128

_Item = tuple[Any, TextIn | None, str | None]


def analyse_lines(
    pipeline: Pipeline, lines: Iterable[str], progress: Callable[[int], None] | None = None
) -> Iterator[dict[str, Any]]:
    """`{"id", ...findings}` for each line `{"id", "text", "rating"?, "language"?}`; blank lines are skipped.

    A line that cannot be read becomes `{"id", "error"}` in its place and never holds up the others. A bare
    number as rating is taken as stars. `progress` is told how many lines a batch has finished.
    """
    items = (_parse(line) for line in lines if line.strip())
    while batch := list(islice(items, BATCH)):
        yield from _analyse(pipeline, batch)
        if progress:
            progress(len(batch))


def _analyse(pipeline: Pipeline, batch: list[_Item]) -> Iterator[dict[str, Any]]:
    readable = [text for _, text, _ in batch if text is not None]
    findings = iter(pipeline.analyse(readable))
    for key, text, error in batch:
        if text is None:
            yield {"id": key, "error": error}
        else:
            yield {"id": key, **next(findings).as_dict()}


def _parse(line: str) -> _Item:
    key: Any = None
    try:
        row = json.loads(line)
        if not isinstance(row, dict):
            raise ValueError("each line is a JSON object")
        key = row.get("id")
        return key, text_in(row), None
    except (ValueError, RecursionError) as error:
        return key, None, str(error)


def text_in(row: dict[str, Any]) -> TextIn:
    """One object of the wire as a text; `ValueError` says what is wrong with it."""
    from nlp.texts import check

    language = row.get("language")
    return TextIn(
        check(row.get("text")),
        rating=_rating(row.get("rating")),
        language=language if isinstance(language, str) else None,
    )


def _rating(raw: Any) -> Rating | None:
    if raw is None:
        return None
    scale, value = (raw.get("scale"), raw.get("value")) if isinstance(raw, dict) else ("stars5", raw)
    if not isinstance(scale, str) or not isinstance(value, int) or isinstance(value, bool):
        raise ValueError("a rating is {scale, value} with a whole number")
    return Rating(scale, value)
