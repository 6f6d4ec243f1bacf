"""`cem nlp evaluate` and `cem nlp train`, from the outside."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cem import cli
from nlp import corpus, rivals, runs
from nlp.backends.encoder import head_in_use, shipped_head
from nlp.head_files import promoted
from tests.commands.conftest import Cem, Ran
from tests.nlp.weights import real_models


@pytest.fixture
def instance(tmp_path: Path) -> Path:
    return tmp_path / "instance"


@pytest.fixture
def cem(instance: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Cem:
    """Without a database, which they do not need, and without rivals, which take seconds to load."""
    monkeypatch.setattr(rivals, "load", dict)
    monkeypatch.setenv("CEM_INSTANCE", str(instance))

    def run(*arguments: object) -> Ran:
        status = cli.main([str(argument) for argument in arguments])
        told = capsys.readouterr()
        return Ran(status, told.out, told.err)

    return run


@pytest.fixture
def labelled(tmp_path: Path) -> Path:
    rows = [{"text": "很好吃", "sentiment": "positive"}, {"text": "Awful food", "sentiment": "negative"}]
    path = tmp_path / "labelled" / "few.jsonl"
    path.parent.mkdir()
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return path


def test_a_labelled_file_is_measured_shown_and_kept(cem: Cem, labelled: Path, instance: Path) -> None:
    ran = cem("nlp", "evaluate", "--data", labelled)
    assert ran.status == 0 and "few" in ran.out and "100.0" in ran.out
    (run,) = runs.read(runs.kept_at(instance))
    assert (run["profile"], run["data"], run["name"]) == ("fast", "folder", "few.jsonl")


def test_json_goes_to_standard_output_or_into_a_file(cem: Cem, labelled: Path, tmp_path: Path) -> None:
    told = json.loads(cem("nlp", "evaluate", "--data", labelled.parent, "--json").out)
    assert told["pooled"]["accuracy"] == 1.0
    assert cem("nlp", "evaluate", "--data", labelled, "--json", tmp_path / "out.json").status == 0
    assert json.loads((tmp_path / "out.json").read_text("utf-8"))["pooled"] == told["pooled"]


def test_a_folder_without_labels_is_one_sentence(cem: Cem, tmp_path: Path) -> None:
    ran = cem("nlp", "evaluate", "--data", tmp_path / "none")
    assert ran.status == 1 and "There are no .jsonl files" in ran.err


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch, pytestconfig: pytest.Config, tmp_path: Path) -> Path:
    """Real weights in a folder of its own, and few sentences, so that it is done in seconds."""
    models = tmp_path / "models"
    models.mkdir()
    for folder in real_models(pytestconfig).iterdir():
        if folder.is_dir():
            (models / folder.name).symlink_to(folder)
    monkeypatch.setenv("CEM_MODELS", str(models))
    everything, cases = corpus.sentences, corpus.challenges()[:4]
    monkeypatch.setattr(corpus, "sentences", lambda part=None: everything(part)[::40])
    monkeypatch.setattr(corpus, "challenges", lambda: cases)
    return models


def test_training_twice_makes_the_same_head_and_promotes_nothing(cem: Cem, few: Path, tmp_path: Path) -> None:
    heads = []
    for name in ("one.json", "two.json"):
        assert cem("nlp", "train", "--out", tmp_path / name).status == 0
        heads.append(json.loads((tmp_path / name).read_text("utf-8")))
    one, two = ({**head, "made_at": ""} for head in heads)
    assert one == two and one["sentences"] == corpus.checksum("train")
    assert one["version"] == shipped_head().version + 1 and one["metrics"]["n"]
    assert not promoted(few).exists()


def test_only_what_the_gate_lets_pass_is_promoted(
    cem: Cem, few: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from nlp import gate

    refusal = gate.Refusal("worse", "language:en", 0.9, 0.8)
    monkeypatch.setattr(gate, "refusals", lambda before, after: (refusal,))
    ran = cem("nlp", "train", "--promote")
    assert ran.status == 1 and "refused (worse) language:en: 0.9000 -> 0.8000" in ran.out
    assert head_in_use(few) == shipped_head()

    monkeypatch.setattr(gate, "refusals", lambda before, after: ())
    assert cem("nlp", "train", "--promote").status == 0
    assert head_in_use(few).version == shipped_head().version + 1
