"""`cem reanalyse`: every stored text is read again by another model. It may be stopped, and goes on later."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from cem.commands import Trouble, reading
from cem.commands.hub import opened
from cem.commands.streams import bar

if TYPE_CHECKING:
    from nlp.reader import Reader
    from nlp.registry import Wish

AT_ONCE: Final = 128


def arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--profile", choices=reading.PROFILES, help="by what (the hub's own profile where it is not given)"
    )


def run(args: Namespace) -> None:
    with opened() as app:
        settings = app.extensions["cem_settings"]
        reader = _reader(replace(settings, profile=args.profile or settings.profile))
        try:
            done, left = _read_all(reader)
        except KeyboardInterrupt:
            print("cem: stopped; the same command goes on where it was.", file=sys.stderr)
            raise
        print(f"{done} read again by {reader.model}, {left} left to the hub")


def _reader(settings: Any) -> Reader:
    from cem.engine import understanding
    from nlp.models import Unavailable
    from nlp.reader import Reader

    wish = understanding.wish(settings)
    try:
        _prepare(wish)
        reader = Reader(wish)
        if reader.missing is not None:
            raise reader.missing
    except Unavailable as missing:
        raise Trouble(f"{settings.profile} cannot be had ({missing}); nothing was read.") from missing
    return reader


def _prepare(wish: Wish) -> None:
    from nlp.registry import prepare

    with bar(total=100, unit="%", desc=wish.profile) as progress:
        prepare(wish, lambda share: progress.update(int(share * 100) - progress.n))


def _read_all(reader: Reader) -> tuple[int, int]:
    """How many were read, and how many could not be."""
    from cem.engine import understanding

    done = left = 0
    with bar(total=understanding.unread_by(reader.model, reader.space), unit=" texts") as progress:
        for ids in _batches(reader):
            failed = _read(reader, ids)
            understanding.ask_for(failed)
            done, left = done + len(ids) - len(failed), left + len(failed)
            progress.update(len(ids))
    return done, left


def _batches(reader: Reader) -> Iterator[list[UUID]]:
    from cem.engine import understanding

    after: UUID | None = None
    while ids := understanding.next_unread(reader.model, reader.space, after, AT_ONCE):
        yield ids
        after = ids[-1]


def _read(reader: Reader, ids: Sequence[UUID]) -> list[UUID]:
    """Together; where that fails, in halves, down to the ones that break the model. Those."""
    from workers.jobs import analyse

    try:
        analyse.read(reader, ids)
    except Exception:
        if len(ids) == 1:
            return list(ids)
        half = len(ids) // 2
        return [*_read(reader, ids[:half]), *_read(reader, ids[half:])]
    return []
