"""The encoder as an ONNX graph in eight bits: built by hand from named tensors, without torch.

Inputs: `input_ids` and `attention_mask` (batch, tokens), `pool` (batch, spans, tokens). Outputs: `embeddings`
(batch, spans, hidden), unit vectors, and `told` (batch, spans, `adapter.TOLD`), read by the upper layers as
an adapter changes them, where there is one. A row of `pool` holds the weight of each token in one mean, so
that a whole text and the parts of it come out of one pass. Weights are int8 with one scale for each output
(for each piece, in the table); activations are quantised as they come, over the batch: embed one text at a
time where vectors must not depend on what else is in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnx import ModelProto, NodeProto, TensorProto, helper, numpy_helper

from nlp.models.adapter import Adapter
from nlp.models.carried import Floats, Shape
from nlp.models.names import LAYER
from nlp.told import TOLD

OPSET, IR = 20, 10
MICROSOFT = "com.microsoft"
_TABLE = "embeddings.word_embeddings.weight"
_TAUGHT = "taught."
"""Stands before the name of a weight as the adapter changes it."""
_FAR = -10_000.0
"""Added to the attention of padding."""
_AT_ONCE = 8192
"""Rows, so that a table of pieces is never held twice in float32."""


def quantised(values: Floats) -> tuple[NDArray[np.int8], Floats]:
    """Whole numbers of -127..127 and a scale for each row."""
    scales = np.maximum(values.max(axis=1), -values.min(axis=1)) / np.float32(127.0)
    scales[scales == 0] = 1.0
    codes = np.empty(values.shape, np.int8)
    for start in range(0, len(values), _AT_ONCE):
        rows = slice(start, start + _AT_ONCE)
        codes[rows] = np.rint(values[rows] / scales[rows, None])
    return codes, scales


class Graph:
    """`take` every tensor of `names.state`, in that order; then `finish`."""

    def __init__(self, shape: Shape, adapter: Adapter | None = None) -> None:
        self._shape = shape
        self._adapter = adapter
        self._nodes: list[NodeProto] = []
        self._constants: dict[str, TensorProto] = {}
        self._positions: Floats | None = None

    def take(self, name: str, values: Floats) -> None:
        """Quantise and keep it: the float32 values may be forgotten afterwards."""
        if name.endswith("position_embeddings.weight"):
            self._positions = values
        elif name.endswith("token_type_embeddings.weight"):
            if self._positions is None:
                raise ValueError("positions come before types")
            self._put("positions", self._positions + values[0])
        elif values.ndim == 1:
            self._put(name, values)
        else:
            self._put_quantised(name, values, is_table=name == _TABLE)
            changed = self._adapter.changed(name, values) if self._adapter else None
            if changed is not None:
                self._put_quantised(_TAUGHT + name, changed, is_table=False)

    def finish(self) -> ModelProto:
        bias = self._attention_bias()
        layers = self._shape.layers
        first = self._adapter.first if self._adapter else layers
        below = self._through(self._embed(), bias, range(first))
        self._pool(self._through(below, bias, range(first, layers)))
        if self._adapter:
            self._tell(self._through(below, bias, range(first, layers), _TAUGHT), self._adapter)
        return self._model()

    def _through(self, x: str, bias: str, layers: range, taught: str = "") -> str:
        for layer in layers:
            x = self._layer(x, bias, layer, taught)
        return x

    def _put_quantised(self, name: str, values: Floats, is_table: bool) -> None:
        codes, scales = quantised(values)
        self._put(name, codes if is_table else codes.T)
        self._put(f"{name}.scale", scales[:, None] if is_table else scales)
        if not is_table:
            self._put(f"{name}.zero", np.zeros(len(scales), np.int8))

    def _put(self, name: str, values: NDArray[Any]) -> str:
        self._constants.setdefault(name, numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def _embed(self) -> str:
        codes = self._node(
            "Cast", [self._node("Gather", [_TABLE, "input_ids"], axis=0)], to=TensorProto.FLOAT
        )
        words = self._node("Mul", [codes, self._node("Gather", [f"{_TABLE}.scale", "input_ids"], axis=0)])
        sizes = self._node("Shape", ["input_ids"])
        length = self._node("Slice", [sizes, self._ints("1v", [1]), self._ints("2v", [2])])
        places = self._node("Slice", ["positions", self._ints("0v", [0]), length])
        return self._norm(self._node("Add", [words, places]), "embeddings.LayerNorm")

    def _attention_bias(self) -> str:
        mask = self._node("Cast", ["attention_mask"], to=TensorProto.FLOAT)
        away = self._node("Sub", [self._float("one", 1.0), mask])
        far = self._node("Mul", [away, self._float("far", _FAR)])
        return self._node("Unsqueeze", [far, self._ints("heads_and_queries", [1, 2])])

    def _layer(self, x: str, bias: str, layer: int, taught: str) -> str:
        name = LAYER.format(layer)
        context = self._attention(x, bias, f"{name}attention.self.", taught)
        out = self._linear(context, f"{name}attention.output.dense", taught)
        x = self._norm(self._node("Add", [out, x]), f"{name}attention.output.LayerNorm")
        wide = self._node("Gelu", [self._linear(x, f"{name}intermediate.dense", taught)])
        out = self._linear(wide, f"{name}output.dense", taught)
        return self._norm(self._node("Add", [out, x]), f"{name}output.LayerNorm")

    def _pool(self, x: str) -> None:
        means = self._node("MatMul", ["pool", x])
        length = self._node("ReduceL2", [means, self._ints("last", [-1])], keepdims=1)
        length = self._node("Max", [length, self._float("tiny", 1e-12)])
        self._nodes.append(helper.make_node("Div", [means, length], ["embeddings"]))

    def _tell(self, x: str, adapter: Adapter) -> None:
        means = self._node("MatMul", ["pool", x])
        told = self._node("MatMul", [means, self._put("told.weight", adapter.weight.T)])
        self._nodes.append(helper.make_node("Add", [told, self._put("told.bias", adapter.bias)], ["told"]))

    def _model(self) -> ModelProto:
        value, ids = helper.make_tensor_value_info, ["batch", "tokens"]
        inputs = [
            value("input_ids", TensorProto.INT64, ids),
            value("attention_mask", TensorProto.INT64, ids),
            value("pool", TensorProto.FLOAT, ["batch", "spans", "tokens"]),
        ]
        outputs = [value("embeddings", TensorProto.FLOAT, ["batch", "spans", self._shape.hidden])]
        if self._adapter:
            outputs.append(value("told", TensorProto.FLOAT, ["batch", "spans", TOLD]))
        graph = helper.make_graph(self._nodes, "encoder", inputs, outputs, list(self._constants.values()))
        opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid(MICROSOFT, 1)]
        return helper.make_model(graph, opset_imports=opsets, ir_version=IR)

    def _attention(self, x: str, bias: str, name: str, taught: str) -> str:
        query = self._by_head(self._linear(x, f"{name}query", taught), [0, 2, 1, 3])
        key = self._by_head(self._linear(x, f"{name}key", taught), [0, 2, 3, 1])
        value = self._by_head(self._linear(x, f"{name}value", taught), [0, 2, 1, 3])
        scale = self._float("scale", (self._shape.hidden / self._shape.heads) ** -0.5)
        scores = self._node("Mul", [self._node("MatMul", [query, key]), scale])
        shares = self._node("Softmax", [self._node("Add", [scores, bias])], axis=-1)
        mixed = self._node("Transpose", [self._node("MatMul", [shares, value])], perm=[0, 2, 1, 3])
        return self._node("Reshape", [mixed, self._ints("joined", [0, 0, self._shape.hidden])])

    def _by_head(self, x: str, order: Sequence[int]) -> str:
        heads, hidden = self._shape.heads, self._shape.hidden
        split = self._node("Reshape", [x, self._ints("by_head", [0, 0, heads, hidden // heads])])
        return self._node("Transpose", [split], perm=order)

    def _linear(self, x: str, name: str, taught: str) -> str:
        weight = f"{taught}{name}.weight" if f"{taught}{name}.weight" in self._constants else f"{name}.weight"
        inputs = [x, weight, f"{weight}.scale", f"{weight}.zero", f"{name}.bias"]
        return self._node("DynamicQuantizeMatMul", inputs, domain=MICROSOFT)

    def _norm(self, x: str, name: str) -> str:
        inputs = [x, f"{name}.weight", f"{name}.bias"]
        return self._node("LayerNormalization", inputs, axis=-1, epsilon=self._shape.epsilon)

    def _node(self, kind: str, inputs: list[str], domain: str = "", **attributes: Any) -> str:
        out = f"{kind}_{len(self._nodes)}"
        self._nodes.append(helper.make_node(kind, inputs, [out], name=out, domain=domain, **attributes))
        return out

    def _ints(self, name: str, values: Sequence[int]) -> str:
        return self._put(name, np.array(values, np.int64))

    def _float(self, name: str, value: float) -> str:
        return self._put(name, np.array(value, np.float32))
