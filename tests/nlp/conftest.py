from __future__ import annotations

import pytest

from cem.domain.findings import Findings
from nlp.pipeline import Pipeline, TextIn, load


class Reader:
    """Reads one text at a time, which is how people write them."""

    def __init__(self, pipeline: Pipeline) -> None:
        self.pipeline = pipeline

    def __call__(self, text: str, **given: object) -> Findings:
        return self.pipeline.analyse([TextIn(text, **given)])[0]  # type: ignore[arg-type]


@pytest.fixture(scope="session")
def read() -> Reader:
    return Reader(load())
