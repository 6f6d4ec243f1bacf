"""The folder that transformers and sentence-transformers load: configuration, tokenizer, safetensors."""

from __future__ import annotations

import json
import struct
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from nlp.models.carried import Floats, Shape, Vocabulary

LENGTH = 512
_HEADER_BYTES = 64 * 1024
PROMPTS = {"query": "query: ", "document": "passage: "}


def write_configuration(folder: Path, shape: Shape, vocabulary: Vocabulary, ids: list[int]) -> None:
    """`ids`: the pieces kept, which are the rows of the table."""
    new = {old: id for id, old in enumerate(ids)}
    _json(folder / "config.json", {
        "architectures": ["BertModel"],
        "model_type": "bert",
        "hidden_act": "gelu",
        "hidden_size": shape.hidden,
        "intermediate_size": shape.feed_forward,
        "layer_norm_eps": shape.epsilon,
        "max_position_embeddings": shape.positions,
        "num_attention_heads": shape.heads,
        "num_hidden_layers": shape.layers,
        "type_vocab_size": shape.types,
        "vocab_size": len(ids),
        "bos_token_id": new[vocabulary.bos],
        "eos_token_id": new[vocabulary.eos],
        "pad_token_id": new[vocabulary.pad],
        "attention_probs_dropout_prob": 0.1,
        "hidden_dropout_prob": 0.1,
        "dtype": "float32",
        "torch_dtype": "float32",
    })  # fmt: skip
    _write_tokenizer_configuration(folder, vocabulary)
    _write_modules(folder, shape)


def _write_tokenizer_configuration(folder: Path, vocabulary: Vocabulary) -> None:
    pieces = vocabulary.pieces
    begin, end, pad, unk = (
        pieces[id] for id in (vocabulary.bos, vocabulary.eos, vocabulary.pad, vocabulary.unk)
    )
    _json(folder / "tokenizer_config.json", {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "model_max_length": LENGTH,
        "bos_token": begin, "eos_token": end, "cls_token": begin, "sep_token": end,
        "pad_token": pad, "unk_token": unk,
        "model_input_names": ["input_ids", "attention_mask"],
    })  # fmt: skip


def _write_modules(folder: Path, shape: Shape) -> None:
    kinds = (("", "Transformer"), ("1_Pooling", "Pooling"), ("2_Normalize", "Normalize"))
    module = "sentence_transformers.models."
    rows = enumerate(kinds)
    _json(folder / "modules.json", [
        {"idx": at, "name": str(at), "path": path, "type": module + kind} for at, (path, kind) in rows
    ])  # fmt: skip
    pooling = {"word_embedding_dimension": shape.hidden, "pooling_mode_mean_tokens": True}
    _json(folder / "1_Pooling" / "config.json", pooling | {"pooling_mode_cls_token": False})
    _json(folder / "2_Normalize" / "config.json", {})
    _json(folder / "sentence_bert_config.json", {"max_seq_length": LENGTH, "do_lower_case": False})
    _json(folder / "config_sentence_transformers.json", {
        "prompts": PROMPTS, "default_prompt_name": None, "similarity_fn_name": "cosine",
    })  # fmt: skip


class Safetensors:
    """Writes tensors one by one: matrices as float16 (which four bits nearly fill), vectors as float32."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._header: dict[str, Any] = {"__metadata__": {"format": "pt"}}
        self._at = 0
        file.seek(8 + _HEADER_BYTES)

    def add(self, name: str, values: Floats) -> None:
        kind, width = ("F16", np.float16) if values.ndim > 1 else ("F32", np.float32)
        stored = values.astype(width)
        end = self._at + stored.nbytes
        self._header[name] = {"dtype": kind, "shape": stored.shape, "data_offsets": [self._at, end]}
        self._file.write(stored.data)
        self._at = end

    def finish(self) -> None:
        """The header comes first in the file and is known last: its place was kept free."""
        header = json.dumps(self._header).encode().ljust(_HEADER_BYTES)
        if len(header) > _HEADER_BYTES:
            raise ValueError(f"{len(self._header)} tensors do not fit into the header")
        self._file.seek(0)
        self._file.write(struct.pack("<Q", _HEADER_BYTES) + header)


def _json(path: Path, content: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", "utf-8")
