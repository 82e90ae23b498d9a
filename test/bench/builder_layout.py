#!/usr/bin/env python3
"""Rewrites a graph of samples/recipe/export_onnx.py into the layout of the ONNX Runtime GenAI builder, which every engine takes.

  python builder_layout.py SRC.onnx DST.onnx [--count-logits]

Dropped: attention_bias, position_ids (the attention operator counts by itself) and logit_idx (all rows get logits). With
--count-logits the rows are cut to the last num_logits_to_keep instead (0: all), as many published files do. Weights stay as they are:
external data must be put beside DST under its old name.
"""
import argparse

import numpy as np
import onnx
from onnx import helper, numpy_helper

DROPPED_INPUTS = ("attention_bias", "position_ids", "logit_idx")
ATTENTION_INPUTS = 9  # up to the rotary tables; behind them stand positions and bias
COUNT = "num_logits_to_keep"
# The builder's names of sizes; transformers.js tells by them which size of an empty cache is the batch.
SIZES = {"batch": "batch_size", "seq": "sequence_length", "rows": "sequence_length", "capacity": "past_sequence_length",
         "total": "total_sequence_length", "present": "total_sequence_length"}


def last_rows(hidden: str) -> tuple[list[onnx.NodeProto], list[onnx.TensorProto]]:
    """Nodes that cut `hidden` to its last rows, and their constants."""
    constants = {"count_shape": [1], "count_end": [np.iinfo(np.int64).max], "count_axis": [1]}
    nodes = [helper.make_node("Neg", [COUNT], ["count_negative"]),
             helper.make_node("Reshape", ["count_negative", "count_shape"], ["count_start"]),
             helper.make_node("Slice", [hidden, "count_start", "count_end", "count_axis"], ["wanted_rows"])]
    return nodes, [numpy_helper.from_array(np.array(value, np.int64), name) for name, value in constants.items()]


def rewrite(model: onnx.ModelProto, count_logits: bool) -> None:
    graph = model.graph
    nodes: list[onnx.NodeProto] = []
    for node in graph.node:
        if node.op_type == "GroupQueryAttention":
            del node.input[ATTENTION_INPUTS:]
        if list(node.input[1:]) != ["logit_idx"]:
            nodes.append(node)
        elif count_logits:
            added, constants = last_rows(node.input[0])
            nodes += added
            graph.initializer.extend(constants)
        else:
            nodes.append(helper.make_node("Identity", [node.input[0]], [node.output[0]]))
    kept = live(nodes, {output.name for output in graph.output})
    inputs = [value for value in graph.input if value.name not in DROPPED_INPUTS]
    if count_logits:
        inputs.append(helper.make_tensor_value_info(COUNT, onnx.TensorProto.INT64, []))
    read = {name for node in kept for name in node.input}
    initializers = [tensor for tensor in graph.initializer if tensor.name in read]
    for field, values in ((graph.node, kept), (graph.input, inputs), (graph.initializer, initializers)):
        copies = [type(value).FromString(value.SerializeToString()) for value in values]
        del field[:]
        field.extend(copies)
    for value in [*graph.input, *graph.output]:
        for size in value.type.tensor_type.shape.dim:
            if size.dim_param:
                size.dim_param = SIZES[size.dim_param]


def live(nodes: list[onnx.NodeProto], needed: set[str]) -> list[onnx.NodeProto]:
    """The nodes that the named values depend on, in their order."""
    kept: list[onnx.NodeProto] = []
    for node in reversed(nodes):
        if needed.intersection(node.output):
            kept.append(node)
            needed.update(node.input)
    return kept[::-1]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", metavar="SRC")
    parser.add_argument("destination", metavar="DST")
    parser.add_argument("--count-logits", action="store_true")
    options = parser.parse_args()
    model = onnx.load(options.source, load_external_data=False)
    rewrite(model, options.count_logits)
    onnx.save(model, options.destination)


if __name__ == "__main__":
    main()
