"""What the datasheet counts is what is there."""

from __future__ import annotations

from nlp.corpus import composition
from tests.guards.sources import ROOT

PAGE = "docs/nlp/datasheet.md"


def test_the_datasheet_counts_what_is_there() -> None:
    page = (ROOT / PAGE).read_text("utf-8")
    assert composition.BEGIN in page and composition.END in page
    assert page == composition.with_tables(page), (
        f"The sentences have changed: python -m nlp.corpus.composition {PAGE}"
    )
