"""A reference forward pass in NumPy float64: no ONNX, no cache, no batching, so that it shares no mistake with the engine.

Takes what model_sources reads (llama, mistral, qwen2, qwen3). Positions are 0..n-1; everything is recomputed each call.
"""
import sys
from pathlib import Path

import numpy as np

RECIPE = Path(__file__).resolve().parents[3] / "samples" / "recipe"
sys.path.insert(0, str(RECIPE))

from model_sources import Source  # noqa: E402  (needs the path above)


class ReferenceModel:
    def __init__(self, source: Source):
        self.config = source.config
        self.weights = {name: tensor.load().astype(np.float64) for name, tensor in source.tensors.items()}
        self.layers, self.heads = self.config["num_hidden_layers"], self.config["num_attention_heads"]
        self.kv_heads = self.config.get("num_key_value_heads") or self.heads
        self.head_size = self.config.get("head_dim") or self.config["hidden_size"] // self.heads
        self.epsilon = self.config["rms_norm_eps"]

    def logits(self, ids: list[int]) -> np.ndarray:
        """Logits after every token, [len(ids), vocabulary]."""
        hidden = self.weights["model.embed_tokens.weight"][ids]
        for index in range(self.layers):
            prefix = f"model.layers.{index}"
            hidden = hidden + self.attention(f"{prefix}.self_attn", self.norm(hidden, f"{prefix}.input_layernorm"))
            hidden = hidden + self.mlp(f"{prefix}.mlp", self.norm(hidden, f"{prefix}.post_attention_layernorm"))
        tied = self.config.get("tie_word_embeddings") or "lm_head.weight" not in self.weights
        head = self.weights["model.embed_tokens.weight" if tied else "lm_head.weight"]
        return self.norm(hidden, "model.norm") @ head.T

    def greedy(self, ids: list[int], count: int) -> tuple[list[int], float]:
        """`count` greedy tokens (end tokens included and not stopped at) and the smallest top-2 margin met."""
        tokens, margin = list(ids), np.inf
        for _ in range(count):
            last = self.logits(tokens)[-1]
            runner_up, best = np.argsort(last)[-2:]
            margin = min(margin, last[best] - last[runner_up])
            tokens.append(int(best))
        return tokens[len(ids):], float(margin)

    def norm(self, x: np.ndarray, name: str) -> np.ndarray:
        return x / np.sqrt((x * x).mean(-1, keepdims=True) + self.epsilon) * self.weights[f"{name}.weight"]

    def linear(self, x: np.ndarray, name: str) -> np.ndarray:
        return x @ self.weights[f"{name}.weight"].T + self.weights.get(f"{name}.bias", 0.0)

    def mlp(self, name: str, x: np.ndarray) -> np.ndarray:
        gate = self.linear(x, f"{name}.gate_proj")
        return self.linear(gate / (1 + np.exp(-gate)) * self.linear(x, f"{name}.up_proj"), f"{name}.down_proj")

    def attention(self, name: str, x: np.ndarray) -> np.ndarray:
        query = self.rotate(self.split(name, "q", x, self.heads))
        group = self.heads // self.kv_heads
        key = self.rotate(self.split(name, "k", x, self.kv_heads)).repeat(group, axis=0)
        value = self.split(name, "v", x, self.kv_heads).repeat(group, axis=0)
        scores = query @ key.swapaxes(1, 2) / np.sqrt(self.head_size)
        scores[:, np.triu(np.ones(scores.shape[1:], bool), 1)] = -np.inf
        weights = np.exp(scores - scores.max(-1, keepdims=True))
        mixed = weights / weights.sum(-1, keepdims=True) @ value
        return self.linear(mixed.swapaxes(0, 1).reshape(len(x), -1), f"{name}.o_proj")

    def split(self, name: str, part: str, x: np.ndarray, heads: int) -> np.ndarray:
        """[tokens, heads x size] to [heads, tokens, size], normed per head where the model has such norms."""
        y = self.linear(x, f"{name}.{part}_proj").reshape(len(x), heads, self.head_size)
        if f"{name}.{part}_norm.weight" in self.weights:
            y = self.norm(y, f"{name}.{part}_norm")
        return y.swapaxes(0, 1)

    def rotate(self, x: np.ndarray) -> np.ndarray:
        """Rotary embedding without scaling; the pair of a channel is half a head away."""
        parameters = self.config.get("rope_parameters") or {}
        theta = parameters.get("rope_theta") or self.config.get("rope_theta") or 10000.0
        half = self.head_size // 2
        angle = np.arange(x.shape[1])[:, None] * theta ** (-np.arange(half) / half)
        first, second = x[..., :half], x[..., half:]
        return np.concatenate([first * np.cos(angle) - second * np.sin(angle),
                               second * np.cos(angle) + first * np.sin(angle)], -1)
