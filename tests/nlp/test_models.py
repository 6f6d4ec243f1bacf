"""The converter, on a tiny file in the package's format."""

from __future__ import annotations

import json
import struct
import subprocess
import sys
from math import erf
from pathlib import Path

import numpy as np
import pytest

from nlp.models import Unavailable, convert, store
from nlp.models.carried import Carried, NotCarried
from nlp.models.pieces import kept
from tests.nlp import weights
from tests.nlp.weights import HEADS, HIDDEN, LAYERS, PIECES, write_tiny

KEPT = [id for id, piece in enumerate(PIECES) if piece != "ж"]


@pytest.fixture
def source(tmp_path: Path) -> Path:
    write_tiny(tmp_path / "tiny.bin")
    return tmp_path / "tiny.bin"


def made(tmp_path: Path, source: Path) -> Path:
    return store.ensure(tmp_path / "models", source=source)


def tensors(path: Path) -> dict[str, np.ndarray]:
    """A safetensors file, read by its own specification."""
    content = path.read_bytes()
    (length,) = struct.unpack_from("<Q", content)
    header = json.loads(content[8 : 8 + length])
    kinds = {"F16": np.float16, "F32": np.float32}
    read = {}
    for name, about in header.items():
        if name != "__metadata__":
            start, end = about["data_offsets"]
            raw = content[8 + length + start : 8 + length + end]
            read[name] = np.frombuffer(raw, kinds[about["dtype"]]).reshape(about["shape"])
    return read


def test_four_bits_come_back_as_the_weights_they_stand_for(tmp_path: Path) -> None:
    expected = write_tiny(tmp_path / "tiny.bin")
    carried = Carried(tmp_path / "tiny.bin")
    np.testing.assert_array_equal(carried.matrix("l0.fo.w", weights.WIDE), expected["l0.fo.w"])
    np.testing.assert_array_equal(carried.vector("l1.oln.b"), expected["l1.oln.b"])
    some = carried.matrix("emb.word", HIDDEN, np.array([4, 0]))
    np.testing.assert_array_equal(some, expected["emb.word"][[4, 0]])


def test_pieces_of_other_scripts_are_left_out_and_their_neighbours_stay_in_order() -> None:
    assert kept(PIECES, (0, 1, 2, 3)) == KEPT
    assert kept(["ж", "ñ", "ąę", "中文", "中ж", "１２", "…", "ok", "한"], (0,)) == [0, 1, 3, 5, 6, 7]


def test_the_folder_has_what_others_expect_of_one(tmp_path: Path, source: Path) -> None:
    folder = made(tmp_path, source)
    expected = write_tiny(source)
    found = tensors(folder / "model.safetensors")
    table = found["embeddings.word_embeddings.weight"]
    np.testing.assert_allclose(table, expected["emb.word"][KEPT], rtol=1e-3)
    query = found["encoder.layer.1.attention.self.query.weight"]
    np.testing.assert_allclose(query, expected["l1.q.w"], rtol=1e-3)
    config = json.loads((folder / "config.json").read_text("utf-8"))
    assert (config["vocab_size"], config["pad_token_id"], config["model_type"]) == (len(KEPT), 1, "bert")
    kinds = [module["type"] for module in json.loads((folder / "modules.json").read_text("utf-8"))]
    assert [kind.rsplit(".", 1)[1] for kind in kinds] == ["Transformer", "Pooling", "Normalize"]


def test_the_tokenizer_takes_the_best_pieces_between_begin_and_end(tmp_path: Path, source: Path) -> None:
    import tokenizers

    tokenizer = tokenizers.Tokenizer.from_file(str(made(tmp_path, source) / "tokenizer.json"))
    assert tokenizer.encode("good！").tokens == ["<s>", "▁good", "!", "</s>"]
    assert tokenizer.encode("ж").ids[2] == tokenizer.token_to_id("<unk>")


def test_the_graph_computes_what_the_weights_say(tmp_path: Path, source: Path) -> None:
    import onnxruntime as runtime

    session = runtime.InferenceSession(str(made(tmp_path, source) / convert.GRAPH))
    ids = np.array([[0, 4, 5, 7, 2]])
    pool = np.array([[[0.2] * 5, [0, 0.5, 0.5, 0, 0]]], np.float32)
    fed = {"input_ids": ids, "attention_mask": np.ones_like(ids), "pool": pool}
    (found,) = session.run(None, fed)
    expected = by_hand(write_tiny(source), np.array(KEPT)[ids[0]], pool[0])
    assert np.min(np.sum(found[0] * expected, axis=1)) > 0.995


def test_padding_changes_little_and_only_by_rounding(tmp_path: Path, source: Path) -> None:
    import onnxruntime as runtime

    session = runtime.InferenceSession(str(made(tmp_path, source) / convert.GRAPH))
    ids, mask = np.array([[0, 4, 2, 1, 1]]), np.array([[1, 1, 1, 0, 0]])
    pool = mask[None].astype(np.float32) / 3
    (padded,) = session.run(None, {"input_ids": ids, "attention_mask": mask, "pool": pool})
    alone = {"input_ids": ids[:, :3], "attention_mask": mask[:, :3], "pool": pool[:, :, :3]}
    (bare,) = session.run(None, alone)
    assert float(np.sum(padded * bare)) > 0.99


def by_hand(weight: dict[str, np.ndarray], ids: np.ndarray, pool: np.ndarray) -> np.ndarray:
    """The same encoder in plain numpy: the carried names, no quantised activations."""

    def linear(x: np.ndarray, name: str) -> np.ndarray:
        return x @ weight[f"{name}.w"].T + weight[f"{name}.b"]

    def norm(x: np.ndarray, name: str) -> np.ndarray:
        x = (x - x.mean(-1, keepdims=True)) / x.std(-1, keepdims=True)
        return x * weight[f"{name}.w"] + weight[f"{name}.b"]

    def split(x: np.ndarray) -> np.ndarray:
        return x.reshape(len(x), HEADS, -1).transpose(1, 0, 2)

    x = norm(weight["emb.word"][ids] + weight["emb.pos"][: len(ids)] + weight["emb.type"][0], "emb.ln")
    for layer in range(LAYERS):
        q, k, v = (split(linear(x, f"l{layer}.{name}")) for name in "qkv")
        scores = np.exp(q @ k.transpose(0, 2, 1) / np.sqrt(HIDDEN / HEADS))
        mixed = (scores / scores.sum(-1, keepdims=True) @ v).transpose(1, 0, 2).reshape(len(ids), HIDDEN)
        x = norm(x + linear(mixed, f"l{layer}.ao"), f"l{layer}.aln")
        wide = linear(x, f"l{layer}.fi")
        wide = wide * 0.5 * (1 + np.vectorize(erf)(wide / np.sqrt(2)))
        x = norm(x + linear(wide, f"l{layer}.fo"), f"l{layer}.oln")
    means = pool @ x
    return means / np.linalg.norm(means, axis=1, keepdims=True)


def test_progress_rises_to_the_end(tmp_path: Path, source: Path) -> None:
    told: list[float] = []
    store.ensure(tmp_path / "models", told.append, source)
    assert told == sorted(told) and told[-1] == 1.0


def test_what_is_there_is_not_made_again(tmp_path: Path, source: Path) -> None:
    first = made(tmp_path, source).stat().st_ino
    assert made(tmp_path, tmp_path / "nowhere.bin").stat().st_ino == first
    assert convert.damaged(store.present(tmp_path / "models") or tmp_path) == []


def test_a_folder_that_lost_a_part_is_made_again(tmp_path: Path, source: Path) -> None:
    folder = made(tmp_path, source)
    (folder / convert.GRAPH).write_bytes(b"half")
    assert store.present(tmp_path / "models") is None
    assert made(tmp_path, source) == folder
    assert convert.damaged(folder) == []
    assert sorted(path.name for path in folder.parent.iterdir()) == [".lock", folder.name]


def test_a_changed_byte_is_found_by_its_checksum(tmp_path: Path, source: Path) -> None:
    folder = made(tmp_path, source)
    with (folder / convert.GRAPH).open("r+b") as file:
        file.seek(-1, 2)
        file.write(b"!")
    assert convert.damaged(folder) == [convert.GRAPH]
    assert store.drop_if_damaged(tmp_path / "models")
    assert made(tmp_path, source) == folder and convert.damaged(folder) == []
    assert not store.drop_if_damaged(tmp_path / "models")


def test_leavings_of_a_killed_process_are_cleared_away(tmp_path: Path, source: Path) -> None:
    left = tmp_path / "models" / ".making-dead"
    left.mkdir(parents=True)
    (left / "half").write_text("half")
    made(tmp_path, source)
    assert not left.exists()


def test_a_file_that_breaks_off_leaves_nothing_behind(tmp_path: Path, source: Path) -> None:
    source.write_bytes(source.read_bytes()[:-100_000])
    with pytest.raises(Unavailable) as refused:
        made(tmp_path, source)
    assert refused.value.code == "not_carried"
    assert [path.name for path in (tmp_path / "models").iterdir()] == [".lock"]


@pytest.mark.parametrize("content", [b"", b"E5S1", b"GGUF" + bytes(100), b"E5S1" + bytes(100)])
def test_another_file_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "other.bin").write_bytes(content)
    with pytest.raises(NotCarried):
        Carried(tmp_path / "other.bin")


def test_a_place_that_cannot_be_written_to_is_a_reason(tmp_path: Path, source: Path) -> None:
    (tmp_path / "models").write_text("a file where the folder should be")
    with pytest.raises(Unavailable) as refused:
        made(tmp_path, source)
    assert refused.value.code == "failed"


def test_two_processes_make_it_once(tmp_path: Path, source: Path) -> None:
    code = (
        "import sys, pathlib; from nlp.models.store import ensure; told = [];"
        "ensure(pathlib.Path(sys.argv[1]), told.append, pathlib.Path(sys.argv[2])); print(len(told) > 0)"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "models"), str(source)]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    assert sorted(process.communicate()[0].strip() for process in both) == ["False", "True"]
