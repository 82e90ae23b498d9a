#!/usr/bin/env python3
"""Exports a Llama-type language model (llama, mistral, qwen2, qwen3) to one ONNX graph for onnxruntime, without torch.

  python export_onnx.py SRC DST [--int4]      SRC: Hugging Face folder with safetensors, or a .gguf file

DST becomes a complete model folder: model.onnx (weights above 128 MiB in model.onnx_data beside it), config, tokenizer,
template. Needs numpy and onnx, and gguf for GGUF input. The graph attends with com.microsoft.GroupQueryAttention:

  input_ids, position_ids  int64 [batch, seq]
  attention_mask           int64 [batch, total]; ones for the used slots of the cache, new tokens included
  attention_bias           float [1 or batch, 1, 1 or seq, 1 or total], added to the causal mask; [1,1,1,1] zero: none
  logit_idx                int64 [rows]: positions within seq whose logits are wanted, the same for every batch row
  past_key_values.N.key|value  float [batch, kv heads, capacity, head size]
  logits                   float [batch, rows, vocabulary]
  present.N.key|value      as past; may be the very same tensors: then the cache is written in place

position_ids place the rotary embedding only; attention sees cache slots, so tree rows may share a position.
"""
import argparse
import math
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper

from model_sources import ExportError, Source, read_source, write_json

MICROSOFT = "com.microsoft"
BLOCK = 32  # inputs that share one scale in a 4-bit matrix
EXTERNAL_ABOVE_BYTES = 128 << 20
DATA_FILE = "model.onnx_data"  # the name that published models use
PAGE_BYTES = 4096
EMBEDDING = "model.embed_tokens"
MODEL_TYPES = ("llama", "mistral", "qwen2", "qwen3")


class Graph:
    """Nodes and initializers of one graph; large initializers go to the data file when there is one."""

    def __init__(self, data_file: Path | None):
        self.nodes, self.inputs, self.outputs = [], [], []
        self.initializers: dict[str, onnx.TensorProto] = {}
        self.data = data_file.open("wb") if data_file else None

    def op(self, kind: str, inputs: list[str], output: str | list[str], domain: str = "", **attributes) -> str:
        """Adds a node and returns the name of its first output."""
        outputs = [output] if isinstance(output, str) else output
        self.nodes.append(helper.make_node(kind, inputs, outputs, name=outputs[0], domain=domain, **attributes))
        return outputs[0]

    def const(self, name: str, make: Callable[[], np.ndarray]) -> str:
        """Adds an initializer under this name unless it is there."""
        if name not in self.initializers:
            array = np.ascontiguousarray(make())
            proto = TensorProto(name=name, data_type=helper.np_dtype_to_tensor_dtype(array.dtype), dims=array.shape)
            if self.data is None or array.nbytes < PAGE_BYTES:
                proto.raw_data = array.tobytes()
            else:
                self.write_external(proto, array)
            self.initializers[name] = proto
        return name

    def ints(self, *values: int) -> str:
        return self.const("ints." + "_".join(map(str, values)), lambda: np.array(values, np.int64))

    def write_external(self, proto: onnx.TensorProto, array: np.ndarray) -> None:
        offset = self.data.seek(-self.data.tell() % PAGE_BYTES, 1)
        proto.data_location = TensorProto.EXTERNAL
        for key, value in (("location", DATA_FILE), ("offset", offset), ("length", array.nbytes)):
            proto.external_data.add(key=key, value=str(value))
        self.data.write(array)

    def io(self, name: str, shape: list[str | int], kind: int = TensorProto.FLOAT) -> onnx.ValueInfoProto:
        return helper.make_tensor_value_info(name, kind, shape)

    def save(self, file: Path) -> None:
        if self.data:
            self.data.close()
        graph = helper.make_graph(self.nodes, "decoder", self.inputs, self.outputs, list(self.initializers.values()))
        opsets = [helper.make_opsetid("", 21), helper.make_opsetid(MICROSOFT, 1)]
        onnx.save(helper.make_model(graph, opset_imports=opsets, ir_version=10, producer_name="export_onnx"), file)


class Decoder:
    """Writes the decoder's nodes from a Source; `int4` packs matrices as MatMulNBits at accuracy level 1 (exact)."""

    def __init__(self, source: Source, graph: Graph, int4: bool):
        self.source, self.graph, self.int4, self.config = source, graph, int4, source.config
        self.layers = self.config["num_hidden_layers"]
        self.heads = self.config["num_attention_heads"]
        self.kv_heads = self.config["num_key_value_heads"]
        self.head_size = self.config["head_dim"]
        self.tied = self.config.get("tie_word_embeddings", False) or not source.has("lm_head.weight")

    def build(self) -> None:
        self.declare_inputs()
        self.shared_values()
        hidden, delta = self.embed(), None
        for index in range(self.layers):
            hidden, delta = self.layer(index, hidden, delta)
        final, _ = self.norm(hidden, "model.norm.weight", "final_norm", delta)
        rows = self.graph.op("Gather", [final, "logit_idx"], "wanted_rows", axis=1)
        self.linear(rows, [EMBEDDING if self.tied else "lm_head"], "logits")
        ignored = {"lm_head.weight"} if self.tied else set()
        if left := [name for name in self.source.unused() if name not in ignored]:
            raise ExportError(f"tensors that this exporter does not understand: {', '.join(left[:5])}")

    def declare_inputs(self) -> None:
        io, int64 = self.graph.io, TensorProto.INT64
        self.graph.inputs += [
            io("input_ids", ["batch", "seq"], int64), io("attention_mask", ["batch", "total"], int64),
            io("position_ids", ["batch", "seq"], int64),
            io("attention_bias", ["bias_batch", 1, "bias_seq", "bias_total"]), io("logit_idx", ["rows"], int64)]
        self.graph.outputs.append(io("logits", ["batch", "rows", self.config["vocab_size"]]))

    def shared_values(self) -> None:
        """What every attention node needs: lengths, the bias at full size, rotary tables."""
        op, ints = self.graph.op, self.graph.ints
        total = op("Shape", ["attention_mask"], "total", start=1, end=2)
        op("Cast", [op("Squeeze", [total], "total_scalar")], "total_length", to=TensorProto.INT32)
        used = op("ReduceSum", ["attention_mask", ints(1)], "used_slots", keepdims=0)
        op("Cast", [op("Sub", [used, ints(1)], "last_slot")], "seqlens_k", to=TensorProto.INT32)
        seq = op("Shape", ["input_ids"], "seq", start=1, end=2)
        op("Expand", ["attention_bias", op("Concat", [ints(1, 1), seq, total], "bias_shape", axis=0)], "bias")
        angles = np.arange(self.config["max_position_embeddings"])[:, None] * self.rotary_frequencies()
        for name, function in (("cos_cache", np.cos), ("sin_cache", np.sin)):
            self.graph.const(name, lambda: function(angles).astype(np.float32))

    def rotary_frequencies(self) -> np.ndarray:
        """Radians per position, [head size / 2], as transformers computes them (default, linear and llama3 scaling)."""
        parameters = self.config.get("rope_parameters") or {}
        theta = parameters.get("rope_theta") or self.config.get("rope_theta") or 10000.0
        frequencies = theta ** (-np.arange(0, self.head_size, 2, dtype=np.float64) / self.head_size)
        scaling = self.config.get("rope_scaling") or parameters
        kind = scaling.get("rope_type", scaling.get("type", "default"))
        if kind == "llama3":
            frequencies = scale_llama3(frequencies, scaling)
        elif kind == "linear":
            frequencies = frequencies / scaling["factor"]
        elif kind != "default":
            raise ExportError(f"rotary scaling '{kind}' is not supported (default, linear and llama3 are)")
        if self.source.has("rope_freqs.weight"):  # GGUF's precomputed llama3 scaling
            frequencies = frequencies / self.source.array("rope_freqs.weight")
        return frequencies

    def embed(self) -> str:
        weight = f"{EMBEDDING}.weight"
        if not self.packs([EMBEDDING]) or not self.tied:  # an embedding of its own is only looked up: keep it whole
            table = self.graph.const(weight, lambda: self.source.array(weight))
            return self.graph.op("Gather", [table, "input_ids"], "embedded")
        data, scale, zero = self.packed(weight, [weight])
        rows = self.graph.op("Reshape", [data, self.graph.ints(0, -1)], "embedding_rows")
        return self.graph.op("GatherBlockQuantized", [rows, "input_ids", scale, zero], "embedded", MICROSOFT,
                             bits=4, block_size=BLOCK, gather_axis=0, quantize_axis=1)

    def layer(self, index: int, hidden: str, delta: str | None) -> tuple[str, str]:
        """One block; returns the residual stream and what is still to be added to it."""
        prefix, out = f"model.layers.{index}", f"layers.{index}"
        normed, residual = self.norm(hidden, f"{prefix}.input_layernorm.weight", f"{out}.norm1", delta)
        attended = self.attention(index, normed)
        normed, residual = self.norm(residual, f"{prefix}.post_attention_layernorm.weight", f"{out}.norm2", attended)
        gate = self.linear(normed, [f"{prefix}.mlp.gate_proj"], f"{out}.gate")
        up = self.linear(normed, [f"{prefix}.mlp.up_proj"], f"{out}.up")
        silu = self.graph.op("Mul", [gate, self.graph.op("Sigmoid", [gate], f"{out}.sigmoid")], f"{out}.silu")
        gated = self.graph.op("Mul", [silu, up], f"{out}.gated")
        return residual, self.linear(gated, [f"{prefix}.mlp.down_proj"], f"{out}.down")

    def attention(self, index: int, normed: str) -> str:
        prefix, out = f"model.layers.{index}.self_attn", f"layers.{index}"
        past = [f"past_key_values.{index}.{part}" for part in ("key", "value")]
        present = [f"present.{index}.{part}" for part in ("key", "value")]
        cache_shape = ["batch", self.kv_heads, "capacity", self.head_size]
        self.graph.inputs += [self.graph.io(name, cache_shape) for name in past]
        self.graph.outputs += [self.graph.io(name, [*cache_shape[:2], "present", self.head_size]) for name in present]
        attended = self.graph.op(
            "GroupQueryAttention",
            [*self.query_key_value(prefix, normed, out), *past, "seqlens_k", "total_length", "cos_cache", "sin_cache",
             "position_ids", "bias"], [f"{out}.attended", *present], MICROSOFT, num_heads=self.heads,
            kv_num_heads=self.kv_heads, scale=self.head_size ** -0.5, do_rotary=1, rotary_interleaved=0)
        return self.linear(attended, [f"{prefix}.o_proj"], f"{out}.o")

    def query_key_value(self, prefix: str, normed: str, out: str) -> list[str]:
        """One packed product, or three where queries and keys are normed per head (qwen3)."""
        names = [f"{prefix}.{part}_proj" for part in "qkv"]
        if not self.source.has(f"{prefix}.q_norm.weight"):
            return [self.linear(normed, names, f"{out}.qkv"), "", ""]
        query, key, value = (self.linear(normed, [name], f"{out}.{part}") for name, part in zip(names, "qkv"))
        return [self.head_norm(query, f"{prefix}.q_norm.weight", f"{out}.q", self.heads),
                self.head_norm(key, f"{prefix}.k_norm.weight", f"{out}.k", self.kv_heads), value]

    def head_norm(self, x: str, weight: str, out: str, heads: int) -> str:
        split = self.graph.op("Reshape", [x, self.graph.ints(0, 0, heads, self.head_size)], f"{out}.heads")
        normed, _ = self.norm(split, weight, f"{out}.normed")
        return self.graph.op("Reshape", [normed, self.graph.ints(0, 0, -1)], f"{out}.flat")

    def norm(self, x: str, weight: str, out: str, delta: str | None = None) -> tuple[str, str]:
        """RMS norm of x + delta; returns it and the sum."""
        scale, epsilon = self.graph.const(weight, lambda: self.source.array(weight)), self.config["rms_norm_eps"]
        if delta is None:
            return self.graph.op("SimplifiedLayerNormalization", [x, scale], out, axis=-1, epsilon=epsilon,
                                 stash_type=1), x
        total = f"{out}.sum"
        return self.graph.op("SkipSimplifiedLayerNormalization", [x, delta, scale], [out, "", "", total], MICROSOFT,
                             epsilon=epsilon), total

    def linear(self, x: str, names: list[str], out: str) -> str:
        """x @ W.T (+ bias); several matrices are stacked into one product."""
        weights, biases = [f"{name}.weight" for name in names], [f"{name}.bias" for name in names]
        biased = self.source.has(biases[0])
        product, key = f"{out}.product" if biased else out, weights[0] if len(names) == 1 else f"{out}.weight"
        if self.packs(names):
            shapes = [self.source.tensors[name].shape for name in weights]
            self.graph.op("MatMulNBits", [x, *self.packed(key, weights)], product, MICROSOFT, K=shapes[0][1],
                          N=sum(shape[0] for shape in shapes), bits=4, block_size=BLOCK, accuracy_level=1)
        elif names == [EMBEDDING]:  # tied: the array that the lookup uses, not transposed
            table = self.graph.const(weights[0], lambda: self.source.array(*weights))
            self.graph.op("FusedMatMul", [x, table], product, MICROSOFT, transB=1)
        else:
            self.graph.op("MatMul", [x, self.graph.const(key, lambda: self.source.array(*weights).T)], product)
        if biased:
            self.graph.op("Add", [product, self.graph.const(f"{out}.bias", lambda: self.source.array(*biases))], out)
        return out

    def packs(self, names: list[str]) -> bool:
        return self.int4 and self.source.tensors[f"{names[0]}.weight"].shape[1] % BLOCK == 0

    def packed(self, key: str, weights: list[str]) -> list[str]:
        parts = [f"{key}.{part}" for part in ("int4", "scale", "zero")]
        if parts[0] not in self.graph.initializers:
            for part, array in zip(parts, pack_int4(self.source.array(*weights))):
                self.graph.const(part, lambda: array)
        return parts


def scale_llama3(frequencies: np.ndarray, scaling: dict) -> np.ndarray:
    """Llama 3's scaling: long waves are stretched by `factor`, short ones kept, those between blended."""
    context, low, high = (scaling[key] for key in
                          ("original_max_position_embeddings", "low_freq_factor", "high_freq_factor"))
    waves = 2 * math.pi / frequencies
    blend = (context / waves - low) / (high - low)  # 0 at the long edge, 1 at the short one
    return frequencies * np.clip(blend + (1 - blend) / scaling["factor"], 1 / scaling["factor"], 1)


def pack_int4(weight: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """[N, K] to MatMulNBits: data [N, K/32, 16], scales [N, K/32], zero points [N, ceil(K/64)]; low nibble first."""
    blocks = weight.reshape(weight.shape[0], -1, BLOCK)
    low, high = np.minimum(blocks.min(-1), 0), np.maximum(blocks.max(-1), 0)
    scale = (high - low) / 15
    step = np.where(scale == 0, 1, scale)
    zero = np.round(-low / step)
    codes = np.clip(np.round(blocks / step[..., None]) + zero[..., None], 0, 15).astype(np.uint8)
    zero = np.pad(zero.astype(np.uint8), ((0, 0), (0, zero.shape[1] % 2)))
    return codes[..., ::2] | codes[..., 1::2] << 4, scale.astype(np.float32), zero[:, ::2] | zero[:, 1::2] << 4


def complete_config(config: dict) -> None:
    """Fills what a config may leave out and refuses what the graph cannot express."""
    config["head_dim"] = config.get("head_dim") or config["hidden_size"] // config["num_attention_heads"]
    config["num_key_value_heads"] = config.get("num_key_value_heads") or config["num_attention_heads"]
    if config["model_type"] not in MODEL_TYPES:
        raise ExportError(f"model type '{config['model_type']}' is not supported ({', '.join(MODEL_TYPES)} are)")
    if config.get("hidden_act", "silu") != "silu":
        raise ExportError(f"activation '{config['hidden_act']}' is not supported (silu is)")
    if config.get("sliding_window") and config.get("use_sliding_window", config["model_type"] == "mistral"):
        raise ExportError("sliding-window attention is not supported")


def export(source_path: str, destination: str, int4: bool) -> Path:
    """Writes the model folder and returns the ONNX file's path. Raises ExportError with a sentence for the user."""
    source, out = read_source(source_path), Path(destination)
    complete_config(source.config)
    out.mkdir(parents=True, exist_ok=True)
    write_json(out / "config.json", source.config)
    source.folder_files(out)
    size = sum(math.prod(tensor.shape) for tensor in source.tensors.values()) * 4
    external = (size // 7 if int4 else size) > EXTERNAL_ABOVE_BYTES  # 7: four bits, scales and zero points included
    (out / DATA_FILE).unlink(missing_ok=True)
    graph = Graph(out / DATA_FILE if external else None)
    Decoder(source, graph, int4).build()
    graph.save(out / "model.onnx")
    return out / "model.onnx"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", metavar="SRC")
    parser.add_argument("destination", metavar="DST")
    parser.add_argument("--int4", action="store_true", help="4-bit matrices, computed in float32 (accuracy level 1)")
    options = parser.parse_args()
    try:
        file = export(options.source, options.destination, options.int4)
    except ExportError as error:
        sys.exit(f"export_onnx: {error}")
    print(f"{file}: {file.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
