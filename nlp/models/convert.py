"""From the carried file to a folder of our own: whole and checked, or not there at all."""

from __future__ import annotations

import hashlib
import json
import os
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np

from nlp.models import Progress, adapter, names, quietly
from nlp.models import folder as hub
from nlp.models.carried import PACKAGE, Carried
from nlp.models.pieces import kept

FORMAT = 2
"""Raised whenever the files come out otherwise, so that older folders are made again."""

GRAPH = "encoder-int8.onnx"
TOKENIZER = "tokenizer.json"
WEIGHTS = "model.safetensors"
RECORD = "made.json"


def convert(source: Path, target: Path, progress: Progress | None = None) -> None:
    """Fill the empty folder `target`. `progress` is told a share of 0..1. Raises `NotCarried`."""
    tell = progress or quietly
    carried = Carried(source)
    vocabulary = carried.vocabulary
    ids = kept(vocabulary.pieces, vocabulary.special)
    hub.write_configuration(target, carried.shape, vocabulary, ids)
    _write_tokenizer(carried, ids, target)
    tell(0.2)
    _write_weights(carried, ids, target, lambda share: tell(0.2 + 0.7 * share))
    _write_record(source, target)
    tell(1.0)


def is_whole(target: Path) -> bool:
    """Whether it is of this format and adapter, and every file has the length that it was made with."""
    try:
        record = json.loads((target / RECORD).read_text("utf-8"))
        if (record["format"], record["adapter"]) != (FORMAT, adapter.checksum()):
            return False
        return all((target / name).stat().st_size == made["bytes"] for name, made in record["files"].items())
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False


def damaged(target: Path) -> list[str]:
    """Names of the files whose content is no longer what was written (reads them all)."""
    record = json.loads((target / RECORD).read_text("utf-8"))
    return [name for name, made in record["files"].items() if _checksum(target / name) != made["sha256"]]


def _write_tokenizer(carried: Carried, ids: list[int], target: Path) -> None:
    from nlp.models.tokenizer import build

    build(carried.vocabulary, ids).save(str(target / TOKENIZER), pretty=False)


def _write_weights(carried: Carried, ids: list[int], target: Path, progress: Progress) -> None:
    from nlp.models.graph import Graph

    graph = Graph(carried.shape, adapter.fitting(carried.shape))
    count = 5 + 16 * carried.shape.layers
    with (target / WEIGHTS).open("wb") as file:
        weights = hub.Safetensors(file)
        for done, (name, values) in enumerate(names.state(carried, np.array(ids)), 1):
            weights.add(name, values)
            graph.take(name, values)
            progress(done / count)
        weights.finish()
    (target / GRAPH).write_bytes(graph.finish().SerializeToString())


def _write_record(source: Path, target: Path) -> None:
    """The last file of all, and the one that says that the others are there."""
    files = sorted(path for path in target.rglob("*") if path.is_file())
    record: dict[str, Any] = {
        "format": FORMAT,
        "adapter": adapter.checksum(),
        "model": "intfloat/multilingual-e5-small",
        "licence": "MIT",
        "source": {
            "package": PACKAGE,
            "version": _version(),
            "file": source.name,
            "sha256": _checksum(source),
        },
        "files": {
            path.relative_to(target).as_posix(): {"bytes": path.stat().st_size, "sha256": _checksum(path)}
            for path in files
        },
    }
    (target / RECORD).write_text(json.dumps(record, indent=2) + "\n", "utf-8")
    for path in (*files, target / RECORD):
        _sync(path)


def _version() -> str | None:
    try:
        return version(PACKAGE)
    except PackageNotFoundError:
        return None


def _checksum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
