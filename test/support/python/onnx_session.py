"""A minimal greedy runner over the GroupQueryAttention or the plain layout in Python's ONNX Runtime, to check exports."""
import json
from pathlib import Path

import numpy as np
import onnxruntime as ort


def model_file(folder: Path) -> Path:
    """The ONNX file of a model folder: beside config.json or in onnx/. Raises FileNotFoundError."""
    for file in (folder / "model.onnx", folder / "onnx" / "model.onnx"):
        if file.is_file():
            return file
    raise FileNotFoundError(f"{folder} has neither model.onnx nor onnx/model.onnx")


class OnnxModel:
    def __init__(self, folder: str, threads: int = 1):
        root = Path(folder)
        options = ort.SessionOptions()
        options.intra_op_num_threads = threads
        self.session = ort.InferenceSession(str(model_file(root)), options, providers=["CPUExecutionProvider"])
        config = json.loads((root / "config.json").read_text("utf-8"))
        heads = config["num_attention_heads"]
        self.kv_heads = config.get("num_key_value_heads") or heads
        self.head_size = config.get("head_dim") or config["hidden_size"] // heads
        self.inputs = {value.name for value in self.session.get_inputs()}
        self.past_names = sorted(name for name in self.inputs if name.startswith("past_key_values."))
        self.output_names = ["logits", *(name.replace("past_key_values", "present") for name in self.past_names)]
        self.reset()

    def reset(self) -> None:
        empty = np.zeros((1, self.kv_heads, 0, self.head_size), np.float32)
        self.past, self.length = {name: empty for name in self.past_names}, 0

    def step(self, ids: list[int], all_rows: bool = False) -> np.ndarray:
        """Appends tokens to the cache; returns logits [1 or len(ids), vocabulary]."""
        count, total = len(ids), self.length + len(ids)
        rows = list(range(count)) if all_rows else [count - 1]
        feeds = {
            "input_ids": np.array([ids], np.int64), "attention_mask": np.ones((1, total), np.int64),
            "position_ids": np.arange(self.length, total, dtype=np.int64)[None],
            "attention_bias": np.zeros((1, 1, 1, 1), np.float32), "logit_idx": np.array(rows, np.int64)}
        feeds = {name: value for name, value in feeds.items() if name in self.inputs} | self.past
        logits, *present = self.session.run(self.output_names, feeds)
        self.past, self.length = dict(zip(self.past_names, present)), total
        return logits[0] if "logit_idx" in self.inputs else logits[0][rows]

    def greedy(self, ids: list[int], count: int, stop: frozenset[int] = frozenset()) -> list[int]:
        """`count` greedy tokens from a fresh cache, fewer after a stop token (which is kept)."""
        self.reset()
        tokens, pending = [], list(ids)
        while len(tokens) < count:
            pending = [int(self.step(pending)[-1].argmax())]
            tokens += pending
            if pending[0] in stop:
                break
        return tokens
