"""What the sentences, the challenge list, the taught lines and the exam consist of: docs/nlp/datasheet.md.

`python -m nlp.corpus.composition docs/nlp/datasheet.md` writes them down anew.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import get_args

from cem.domain.findings import Label
from nlp.corpus import INDUSTRIES, KINDS, LANGUAGES, Sentence, challenges, sentences
from nlp.corpus import exam as blind
from nlp.corpus import taught as lessons
from nlp.corpus.taught import Taught

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
            *_by_level("language", LANGUAGES, [(row.language, row.level) for row in rows]),
            *_by_level("industry", INDUSTRIES, [(row.industry, row.level) for row in rows]),
            *_by_level("characters", map(_span, _LENGTHS), [(_length(row.text), row.level) for row in rows]),
            *_listed("risk", ("sentences", "held out"), _risks(rows)),
            *_listed("kind of challenge", ("Chinese", "English"), _kinds()),
            *_taught(lessons.taught()),
            *_exam(blind.exam()),
        )
    ).rstrip("\n")


def with_tables(page: str) -> str:
    """The page with the tables of today between its two marks."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{tables()}\n{END}{after}"


def _by_level(name: str, codes: Iterable[str], rows: Iterable[tuple[str, int]]) -> Iterator[str]:
    counts = Counter(rows)
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


def _length(text: str) -> str:
    return next(_span(length) for length in _LENGTHS if length[0] <= len(text) <= length[1])


def _taught(rows: tuple[Taught, ...]) -> Iterator[str]:
    language = {row: "Chinese" if lessons.is_chinese(row) else "English" for row in rows}
    yield f"{len(rows):,} taught sentences, {sum(bool(row.risks) for row in rows):,} of them with a risk.\n"
    yield from _by_level("taught in", ("Chinese", "English"), [(language[row], row.level) for row in rows])
    there = {row.kind for row in rows}
    kinds = [kind for kind in lessons.KINDS if kind in there]
    yield from _by_level("taught kind", kinds, [(row.kind, row.level) for row in rows])
    yield from _by_level("characters", map(_span, _LENGTHS), [(_length(row.text), row.level) for row in rows])
    counts = Counter((code, language[row]) for row in rows for code in row.risks)
    codes = sorted({code for code, _ in counts})
    told = [(code, [counts[code, "Chinese"], counts[code, "English"]]) for code in codes]
    yield from _listed("taught risk", ("Chinese", "English"), told)


def _exam(rows: tuple[blind.Question, ...]) -> Iterator[str]:
    labels: tuple[Label, ...] = get_args(Label)
    counts = Counter((row.kind, row.label) for row in rows)
    asked = [(kind, [counts[kind, label] for label in labels]) for kind in blind.KINDS]
    yield f"{len(rows):,} questions in the exam.\n"
    yield from _listed(
        "kind of question", (*labels, "all"), [(kind, [*n, sum(n)]) for kind, n in asked if sum(n)]
    )


if __name__ == "__main__":
    PAGE = Path(sys.argv[1])
    PAGE.write_text(with_tables(PAGE.read_text("utf-8")), "utf-8")
