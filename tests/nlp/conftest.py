from __future__ import annotations

from pathlib import Path

import pytest

from cem.domain.findings import Findings
from nlp.pipeline import Pipeline, TextIn, load
from tests.nlp.weights import real_models


class Reader:
    """Reads one text at a time, which is how people write them."""

    def __init__(self, pipeline: Pipeline) -> None:
        self.pipeline = pipeline

    def __call__(self, text: str, **given: object) -> Findings:
        return self.pipeline.analyse([TextIn(text, **given)])[0]  # type: ignore[arg-type]


@pytest.fixture(scope="session")
def read() -> Reader:
    return Reader(load())


@pytest.fixture(scope="session")
def models(pytestconfig: pytest.Config) -> Path:
    """Real weights. Skipped where what they need is missing, unless it is required."""
    return real_models(pytestconfig)


@pytest.fixture(scope="session")
def standard(models: Path) -> Reader:
    return Reader(load("standard", models=models))
