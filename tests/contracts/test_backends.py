"""What every backend owes, whichever model stands behind it."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from nlp.backends.base import Backend
from nlp.language import detect
from nlp.registry import PROFILES, Wish, load_backend
from nlp.script import fold
from nlp.texts import Document
from tests.nlp.weights import EXTRA, need, real_models

TEXTS = [
    "",
    " ",
    "好吃",
    "难吃，但服务好",
    "Great fish but the waiter ignored us",
    "😊",
    "唔好食",
    "\ud83d",
    "a" * 500,
]


@pytest.fixture(scope="module", params=sorted(PROFILES))
def backend(request: pytest.FixtureRequest) -> Backend:
    if request.param == "full":
        need("full", *EXTRA)
    models = real_models(request.config) if request.param != "fast" else None
    return load_backend(Wish(request.param, models))


def document(text: str) -> Document:
    return Document(text, fold(text), detect(text))


def test_it_says_its_name_and_version(backend: Backend) -> None:
    assert re.fullmatch(r"[a-z0-9-]+@[a-z0-9.]+", backend.name)


def test_it_reads_every_document_in_order(backend: Backend) -> None:
    readings = backend.score([document(text) for text in ("很好吃", "太难吃了") * 20])
    assert [reading.log_odds > 0 for reading in readings] == [True, False] * 20


def test_no_documents_are_no_work(backend: Backend) -> None:
    assert backend.score([]) == []


def test_a_document_reads_the_same_alone_and_among_others(backend: Backend) -> None:
    documents = [document(text) for text in TEXTS]
    together = [reading.log_odds for reading in backend.score(documents)]
    alone = [backend.score([one])[0].log_odds for one in documents]
    assert together == pytest.approx(alone, abs=1e-4), "four digits are kept"


@pytest.mark.parametrize("text", TEXTS)
def test_clauses_and_opinions_lie_inside_the_text(backend: Backend, text: str) -> None:
    (reading,) = backend.score([document(text)])
    for clause in reading.clauses:
        assert 0 <= clause.start < clause.end <= len(text)
        assert all(0 <= unit.start < unit.end <= len(text) for unit in clause.units)
    assert reading.evidence >= 0 and 0 <= reading.disagreement <= 1


def test_an_unknown_profile_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="unknown profile 'psychic'"):
        load_backend(Wish("psychic"))


def test_importing_the_pipeline_loads_nothing_heavy() -> None:
    heavy = "{'torch', 'onnxruntime', 'onnx', 'tokenizers', 'numpy', 'opencc', 'flask', 'sqlalchemy'}"
    code = f"import sys, nlp.pipeline; print(sorted({heavy} & set(sys.modules)))"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"
