"""What every model gives: how good or bad a text is, and where it says so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from nlp.opinions import Clause
from nlp.texts import Document


@dataclass(frozen=True, slots=True)
class Reading:
    """`log_odds` of praise against blame; `evidence` that was found, and how much of it disagrees (0..1)."""

    log_odds: float
    evidence: float
    disagreement: float
    clauses: tuple[Clause, ...]


class Backend(Protocol):
    """Registered in `nlp/registry.py`; every one passes `tests/contracts/test_backends.py`."""

    @property
    def name(self) -> str:
        """`name@version`, stored with every finding that it made."""

    def score(self, documents: Sequence[Document]) -> list[Reading]:
        """One reading for each document, in order; the same document always reads the same."""
