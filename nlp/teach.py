"""Teaches the upper layers of the encoder with sentences of our own: `cem nlp train --adapter`, needs torch.

The layers below `FIRST` stay, so that their states are computed once. Of the others every weight gets a
change of rank `RANK` (LoRA), and the mean of the last layer is read by one matrix: three logits of feeling,
one of any risk and one of each. Sentences that the head is fitted on, and those that are measured with, are
not among them.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from nlp.corpus.taught import Taught
from nlp.models.adapter import Adapter
from nlp.models.embedder import TOKENS
from nlp.models.folder import PROMPTS
from nlp.models.names import LAYER
from nlp.script import simplify
from nlp.told import ANY_RISK, RISKS, TOLD

FIRST, RANK, SCALE = 4, 16, 2.0
EPOCHS, BATCH, RATE, WARM = 4, 16, 5e-4, 0.06
HEAD_RATE = 5.0
"""How much faster the matrix learns, which begins with nothing."""
SMOOTHING, DROPPED = 0.05, 0.1
SAY_OF_RISKS, RISKS_ARE_RARE, CODES_ARE_RARER = 2.0, 1.5, 3.0
_FAR = -10_000.0

Progress = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class _Example:
    """States of the tokens below `FIRST`, the class (0..2), and 1 for any risk and for each of its risks."""

    states: Tensor
    feeling: int
    risks: Tensor


class _Changed(nn.Module):  # type: ignore[misc]
    """A linear layer that stays, and what is added to it."""

    def __init__(self, linear: nn.Linear) -> None:
        super().__init__()
        self.linear = linear.requires_grad_(False)
        self.right = nn.Parameter(torch.randn(RANK, linear.in_features) / linear.in_features**0.5)
        self.left = nn.Parameter(torch.zeros(linear.out_features, RANK))

    def forward(self, x: Tensor) -> Tensor:
        change = functional.linear(functional.linear(x, self.right), self.left)
        stays: Tensor = self.linear(x)
        return stays + SCALE * change


class _Upper(nn.Module):  # type: ignore[misc]
    def __init__(self, layers: Sequence[nn.Module]) -> None:
        super().__init__()
        self.told = nn.Linear(layers[0].attention.self.query.in_features, TOLD)
        self.dropout = nn.Dropout(DROPPED)
        self.layers = nn.ModuleList(layers).requires_grad_(False)
        self.changed = dict(_change(self.layers))

    def forward(self, states: Tensor, mask: Tensor) -> Tensor:
        for layer in self.layers:
            states = _first(layer(states, _bias(mask)))
        mean = (states * mask[:, :, None]).sum(1) / mask.sum(1, keepdim=True)
        told: Tensor = self.told(self.dropout(mean))
        return told


def teach(folder: Path, rows: Sequence[Taught], version: int, progress: Progress, seed: int = 0) -> Adapter:
    """The same for the same seed and machine; minutes. `progress` is told a share of 0..1."""
    from transformers import AutoModel, AutoTokenizer

    torch.manual_seed(seed)
    model = AutoModel.from_pretrained(folder, dtype=torch.float32).eval()
    tokens = _tokens(AutoTokenizer.from_pretrained(folder), [row.text for row in rows])
    below = _below(model, tokens, lambda share: progress(0.1 * share))
    examples = [_example(row, states) for row, states in zip(rows, below, strict=True)]
    upper = _Upper(list(model.encoder.layer)[FIRST:])
    _fit(upper, examples, seed, lambda share: progress(0.1 + 0.9 * share))
    return _adapter(upper, version)


def _change(layers: nn.ModuleList) -> Iterator[tuple[str, _Changed]]:
    """Puts a change beside every weight; yields them under the names of the weights."""
    for number, layer in enumerate(layers, FIRST):
        found = [(name, part) for name, part in layer.named_modules() if isinstance(part, nn.Linear)]
        for name, linear in found:
            changed = _Changed(linear)
            above, _, last = name.rpartition(".")
            setattr(layer.get_submodule(above), last, changed)
            yield f"{LAYER.format(number)}{name}.weight", changed


def _fit(upper: _Upper, examples: Sequence[_Example], seed: int, progress: Progress) -> None:
    order = random.Random(seed)  # noqa: S311 (nothing secret)
    changes = [part for changed in upper.changed.values() for part in (changed.left, changed.right)]
    groups = [{"params": changes, "lr": RATE}, {"params": upper.told.parameters(), "lr": RATE * HEAD_RATE}]
    optimiser = torch.optim.AdamW(groups)
    lengths = [len(example.states) for example in examples]
    steps = EPOCHS * len(_batches(lengths, BATCH))
    pace = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: _pace(step / steps))
    upper.train()
    for done in range(EPOCHS):
        batches = _batches(lengths, BATCH, order)
        for at, batch in enumerate(batches):
            loss = _loss(upper, [examples[index] for index in batch])
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_([*changes, *upper.told.parameters()], 1.0)
            optimiser.step()
            pace.step()
            progress((done + (at + 1) / len(batches)) / EPOCHS)
    upper.eval()


def _pace(share: float) -> float:
    return min(share / WARM, 1.0) * (1.0 - share)


def _loss(upper: _Upper, examples: Sequence[_Example]) -> Tensor:
    states, mask = _padded([example.states for example in examples])
    with torch.autocast("cpu", dtype=torch.bfloat16):
        told = upper(states, mask)
    told = told.float()
    feelings = torch.tensor([example.feeling for example in examples])
    felt = functional.cross_entropy(told[:, :ANY_RISK], feelings, label_smoothing=SMOOTHING)
    wanted = torch.stack([example.risks for example in examples])
    weight = torch.tensor([RISKS_ARE_RARE] + [CODES_ARE_RARER] * len(RISKS))
    risks = functional.binary_cross_entropy_with_logits(told[:, ANY_RISK:], wanted, pos_weight=weight)
    return felt + SAY_OF_RISKS * risks


def _adapter(upper: _Upper, version: int) -> Adapter:
    changes = {
        name: (_numbers(SCALE * each.left), _numbers(each.right)) for name, each in upper.changed.items()
    }
    return Adapter(version, FIRST, changes, _numbers(upper.told.weight), _numbers(upper.told.bias))


def _numbers(values: Tensor) -> Any:
    return values.detach().numpy().astype(np.float32)


def _example(row: Taught, states: Tensor) -> _Example:
    feeling = (row.level > 0) - (row.level < 0) + 1
    risks = [bool(row.risks), *(code in row.risks for code in RISKS)]
    return _Example(states, feeling, torch.tensor(risks, dtype=torch.float32))


def _tokens(tokenizer: Any, texts: Sequence[str]) -> list[list[int]]:
    return [
        tokenizer(PROMPTS["query"] + simplify(text), truncation=True, max_length=TOKENS)["input_ids"]
        for text in texts
    ]


@torch.no_grad()  # type: ignore[untyped-decorator]
def _below(model: Any, tokens: Sequence[list[int]], progress: Progress) -> list[Tensor]:
    """States of the tokens of each text after the layers that stay, in half precision."""
    states: dict[int, Tensor] = {}
    batches = _batches([len(each) for each in tokens], 2 * BATCH)
    for done, batch in enumerate(batches, 1):
        ids, mask = _padded([torch.tensor(tokens[index])[:, None] for index in batch])
        with torch.autocast("cpu", dtype=torch.bfloat16):
            x = model.embeddings(input_ids=ids[:, :, 0].long())
            for layer in model.encoder.layer[:FIRST]:
                x = _first(layer(x, _bias(mask)))
        for index, row in zip(batch, x, strict=True):
            states[index] = row[: len(tokens[index])].to(torch.float16)
        progress(done / len(batches))
    return [states[index] for index in range(len(tokens))]


def _batches(lengths: Sequence[int], size: int, order: random.Random | None = None) -> list[list[int]]:
    """Texts of about one length together; in another order each time where one is given."""
    jitter = [order.random() * 8.0 if order else 0.0 for _ in lengths]
    by_length = sorted(range(len(lengths)), key=lambda index: lengths[index] + jitter[index])
    batches = [by_length[start : start + size] for start in range(0, len(lengths), size)]
    if order:
        order.shuffle(batches)
    return batches


def _padded(rows: Sequence[Tensor]) -> tuple[Tensor, Tensor]:
    """(texts, tokens, size) in single precision, and which of the tokens are there."""
    padded = nn.utils.rnn.pad_sequence([row.float() for row in rows], batch_first=True)
    mask = nn.utils.rnn.pad_sequence([torch.ones(len(row)) for row in rows], batch_first=True)
    return padded, mask


def _bias(mask: Tensor) -> Tensor:
    return (1.0 - mask)[:, None, None, :] * _FAR


def _first(out: Any) -> Tensor:
    """Some versions of transformers give a tuple."""
    states: Tensor = out[0] if isinstance(out, tuple) else out
    return states
