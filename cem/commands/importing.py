"""`cem import FILE --channel C`: feedback from a CSV file. Rows that fail are set aside, the rest stored."""

from __future__ import annotations

import csv
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from cem.commands import Trouble
from cem.commands.hub import opened
from cem.commands.streams import bar
from cem.domain.vocabulary import Channel
from surveys.channels.csv_file import COLUMNS, parse

if TYPE_CHECKING:
    from flask import Flask

    from cem.domain.submission import Submission

AT_ONCE: Final = 200
LONGEST_FIELD: Final = 16 * 1024 * 1024
ENCODING: Final[dict[str, Any]] = {"encoding": "utf-8-sig", "errors": "surrogateescape", "newline": ""}
"""Broken bytes become lone surrogates: their rows are refused, and set aside byte by byte as they were."""

Raw = dict[Any, Any]
Outcome = str | bool
"""Whether a row made a new feedback, or why it was refused."""


def arguments(parser: ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help=f"UTF-8 with a header; columns among {', '.join(COLUMNS)}")
    parser.add_argument("--channel", required=True, choices=[channel.value for channel in Channel])


def run(args: Namespace) -> int:
    csv.field_size_limit(LONGEST_FIELD)
    with opened() as app, _file(args.file) as file:
        reader = csv.DictReader(file)
        done = _Done(args.file.with_name(f"{args.file.name}.errors.csv"), _header(reader, args.file))
        taker = _Taker(app, Channel(args.channel))
        with bar(total=args.file.stat().st_size, unit="B", unit_scale=True) as progress:
            while batch := _batch(reader):
                done.keep(batch, taker.take(batch))
                progress.update(file.buffer.tell() - progress.n)
        done.close()
    print(done)
    return 1 if done.refused and not (done.stored or done.known) else 0


def _file(path: Path) -> Any:
    try:
        return path.open(**ENCODING)
    except OSError as error:
        raise Trouble(f"{path} cannot be read: {error.strerror}.") from error


def _header(reader: csv.DictReader[str], path: Path) -> list[str]:
    names = [name.strip().lower() for name in reader.fieldnames or ()]
    if unknown := sorted({*names} - {*COLUMNS}):
        raise Trouble(f"{path} has columns that are not known ({', '.join(unknown)}); {_known()}")
    if "site" not in names or len({*names}) < len(names):
        raise Trouble(f"{path} needs a header with the column site, and none twice; {_known()}")
    reader.fieldnames = names
    return names


def _known() -> str:
    return f"the first line names them among {', '.join(COLUMNS)}."


def _batch(reader: csv.DictReader[str]) -> list[Raw]:
    try:
        return list(islice(reader, AT_ONCE))
    except csv.Error as error:
        raise Trouble(
            f"Line {reader.line_num} cannot be read as CSV ({error}); mend it and start again."
        ) from error


@dataclass(slots=True)
class _Taker:
    """Stores batches, each in one transaction, so that a row counts as stored only once it is."""

    app: Flask
    channel: Channel
    _zones: dict[str, str | None] = field(default_factory=dict)

    def take(self, batch: Sequence[Raw]) -> list[Outcome]:
        """What became of each row, in order."""
        outcomes: dict[int, Outcome] = {}
        submissions: dict[int, Submission] = {}
        from cem.domain.reasons import Invalid

        for number, raw in enumerate(batch):
            try:
                submissions[number] = parse(_whole(raw), self.channel, self._zone)
            except Invalid as refusal:
                outcomes[number] = _why(refusal)
        outcomes |= zip(submissions, self._store(list(submissions.values())), strict=True)
        return [outcomes[number] for number in range(len(batch))]

    def _store(self, submissions: list[Submission]) -> Iterator[Outcome]:
        from cem import clock, database
        from cem.engine.intake import record
        from cem.engine.transaction import tell

        with database.writing_engine(self.app).begin() as connection:
            results, events = record(connection, submissions, clock.now())
        tell(events)
        return (_why(each) if isinstance(each, Exception) else each.created for each in results)

    def _zone(self, site: str) -> str | None:
        from cem.extensions import db
        from cem.models import Site

        if site not in self._zones:
            self._zones[site] = db.session.scalar(db.select(Site.timezone).where(Site.code == site))
            db.session.rollback()
        return self._zones[site]


def _whole(raw: Raw) -> dict[str, str]:
    """Raises `Invalid` for a row that has more fields than the header."""
    from cem.domain.reasons import Invalid

    if None in raw:
        raise Invalid({"row": ["It has more fields than the header; a text with commas needs quotes."]})
    return {name: value for name, value in raw.items() if value is not None}


def _why(refusal: Exception) -> str:
    """One sentence of plain words for the errors file."""
    from cem.domain.reasons import Invalid, Refused
    from cem.http import words

    if isinstance(refusal, Invalid):
        return " ".join(f"{name}: {' '.join(said)}" for name, said in refusal.fields.items())
    if isinstance(refusal, Refused):
        return words.sentence(refusal.reason)
    raise refusal


@dataclass(slots=True)
class _Done:
    """The counts, and the file of what was refused, made when the first row is."""

    errors: Path
    header: list[str]
    stored: int = 0
    known: int = 0
    refused: int = 0
    _writer: Any = None
    _file: Any = None

    def keep(self, batch: Sequence[Raw], outcomes: Sequence[Outcome]) -> None:
        for raw, outcome in zip(batch, outcomes, strict=True):
            if isinstance(outcome, str):
                self._set_aside(raw, outcome)
            else:
                self.stored += outcome
                self.known += not outcome

    def close(self) -> None:
        """A file of errors that is there tells of this import, not of an earlier one."""
        if self._file:
            self._file.close()
        else:
            self.errors.unlink(missing_ok=True)

    def __str__(self) -> str:
        aside = f" ({self.errors})" if self.refused else ""
        return f"{self.stored} stored, {self.known} known already, {self.refused} refused{aside}"

    def _set_aside(self, raw: Raw, why: str) -> None:
        if self._writer is None:
            self._file = self.errors.open("w", **ENCODING)
            self._writer = csv.writer(self._file)
            self._writer.writerow([*self.header, "error"])
        self.refused += 1
        self._writer.writerow([*(raw.get(name) or "" for name in self.header), why])
