"""What the sentences and the challenge list consist of, as the tables of docs/nlp/datasheet.md.

`python -m nlp.corpus.composition docs/nlp/datasheet.md` writes them down anew.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from nlp.corpus import INDUSTRIES, KINDS, LANGUAGES, Sentence, challenges, sentences

BEGIN, END = "<!-- counted -->", "<!-- /counted -->"
_LEVELS = (-2, -1, 0, 1, 2)
_LENGTHS = ((1, 9), (10, 29), (30, 99), (100, 300))


def tables() -> str:
    """Everything that can be counted, in Markdown."""
    rows = sentences()
    return "\n".join(
        (
            f"{len(rows):,} sentences, {len(sentences('held_out')):,} of them held out; "
            f"{sum(len(row.aspects) for row in rows):,} aspects; "
            f"{sum(bool(row.risks) for row in rows):,} sentences with a risk; "
            f"{len(challenges()):,} challenges.\n",
            *_by_level("language", LANGUAGES, rows, lambda row: row.language),
            *_by_level("industry", INDUSTRIES, rows, lambda row: row.industry),
            *_by_level("characters", list(map(_span, _LENGTHS)), rows, _length),
            *_listed("risk", ("sentences", "held out"), _risks(rows)),
            *_listed("kind of challenge", ("Chinese", "English"), _kinds()),
        )
    ).rstrip("\n")


def with_tables(page: str) -> str:
    """The page with the tables of today between its two marks."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{tables()}\n{END}{after}"


def _by_level(
    name: str, codes: Iterable[str], rows: Iterable[Sentence], code_of: Callable[[Sentence], str]
) -> Iterator[str]:
    counts = Counter((code_of(row), row.level) for row in rows)
    table = ((code, [counts[code, level] for level in _LEVELS]) for code in codes)
    heads = [f"{level:+d}" if level else "0" for level in _LEVELS]
    yield from _listed(name, (*heads, "all"), ((code, [*row, sum(row)]) for code, row in table))


def _listed(name: str, heads: Iterable[str], rows: Iterable[tuple[str, list[int]]]) -> Iterator[str]:
    columns = [name, *heads]
    yield f"| {' | '.join(columns)} |"
    yield f"|---|{'---:|' * (len(columns) - 1)}"
    for code, counts in rows:
        yield f"| {code} | {' | '.join(map(str, counts))} |"
    yield ""


def _risks(rows: Iterable[Sentence]) -> list[tuple[str, list[int]]]:
    told = [(code, row.part) for row in rows for code in row.risks]
    everywhere = Counter(code for code, _ in told)
    held_out = Counter(code for code, part in told if part == "held_out")
    return [(code, [count, held_out[code]]) for code, count in sorted(everywhere.items())]


def _kinds() -> list[tuple[str, list[int]]]:
    counts = Counter((case.kind, case.id[:2]) for case in challenges())
    return [(kind, [counts[kind, "zh"], counts[kind, "en"]]) for kind in KINDS]


def _span(length: tuple[int, int]) -> str:
    return f"{length[0]} to {length[1]}"


def _length(row: Sentence) -> str:
    return next(_span(length) for length in _LENGTHS if length[0] <= len(row.text) <= length[1])


if __name__ == "__main__":
    PAGE = Path(sys.argv[1])
    PAGE.write_text(with_tables(PAGE.read_text("utf-8")), "utf-8")
