"""A Llama decoder in plain torch, with the parameter names of Hugging Face's LlamaForCausalLM (tied embeddings)."""
import torch
import torch.nn.functional as F
from torch import nn

SHAPE = {"hidden_size": 192, "num_hidden_layers": 4, "num_attention_heads": 6, "intermediate_size": 512}
CONTEXT = 1024
ROPE_THETA = 10000.0
EPSILON = 1e-6


def rotate(x, cos, sin):
    first, second = x.chunk(2, -1)
    return x * cos + torch.cat((-second, first), -1) * sin


class Cache:
    """Keys and values of one layer, for `capacity` tokens of each row."""

    def __init__(self, rows, capacity, shape=SHAPE):
        heads, width = shape["num_attention_heads"], shape["hidden_size"]
        self.keys = torch.zeros(rows, heads, capacity, width // heads)
        self.values = torch.zeros_like(self.keys)
        self.length = 0

    def append(self, keys, values):
        end = self.length + keys.shape[2]
        self.keys[:, :, self.length:end], self.values[:, :, self.length:end] = keys, values
        self.length = end
        return self.keys[:, :, :end], self.values[:, :, :end]

    def keep_rows(self, rows):
        self.keys, self.values = self.keys[rows], self.values[rows]


class Attention(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        for name in ("q_proj", "k_proj", "v_proj", "o_proj"):
            setattr(self, name, nn.Linear(width, width, bias=False))

    def forward(self, x, cos, sin, mask, cache):
        batch, length, width = x.shape
        q, k, v = (project(x).view(batch, length, self.heads, -1).transpose(1, 2) for project in (self.q_proj, self.k_proj, self.v_proj))
        q, k = rotate(q, cos, sin), rotate(k, cos, sin)
        if cache is not None:
            k, v = cache.append(k, v)
        y = F.scaled_dot_product_attention(q, k, v, attn_mask=mask)
        return self.o_proj(y.transpose(1, 2).reshape(batch, length, width))


class MLP(nn.Module):
    def __init__(self, width, inner):
        super().__init__()
        self.gate_proj = nn.Linear(width, inner, bias=False)
        self.up_proj = nn.Linear(width, inner, bias=False)
        self.down_proj = nn.Linear(inner, width, bias=False)

    def forward(self, x):
        return self.down_proj(F.silu(self.gate_proj(x)) * self.up_proj(x))


class Layer(nn.Module):
    def __init__(self, width, heads, inner):
        super().__init__()
        self.input_layernorm = nn.RMSNorm(width, eps=EPSILON)
        self.self_attn = Attention(width, heads)
        self.post_attention_layernorm = nn.RMSNorm(width, eps=EPSILON)
        self.mlp = MLP(width, inner)

    def forward(self, x, cos, sin, mask, cache):
        x = x + self.self_attn(self.input_layernorm(x), cos, sin, mask, cache)
        return x + self.mlp(self.post_attention_layernorm(x))


class Decoder(nn.Module):
    def __init__(self, vocabulary, shape=SHAPE):
        super().__init__()
        self.shape = shape
        width, heads, inner = shape["hidden_size"], shape["num_attention_heads"], shape["intermediate_size"]
        self.model = nn.Module()
        self.model.embed_tokens = nn.Embedding(vocabulary, width)
        self.model.layers = nn.ModuleList([Layer(width, heads, inner) for _ in range(shape["num_hidden_layers"])])
        self.model.norm = nn.RMSNorm(width, eps=EPSILON)
        for name, weight in self.named_parameters():
            if weight.ndim == 2:
                small = "embed" in name or "o_proj" in name or "down_proj" in name
                nn.init.normal_(weight, std=0.02 if small else 0.6 * width**-0.5)
        head = width // heads
        frequencies = ROPE_THETA ** (-torch.arange(0, head, 2).float() / head)
        angles = torch.arange(CONTEXT).float()[:, None] * frequencies
        angles = torch.cat((angles, angles), -1)
        self.register_buffer("cos", angles.cos(), persistent=False)
        self.register_buffer("sin", angles.sin(), persistent=False)

    def forward(self, ids, positions, mask, picked=None, caches=None):
        """-> logits. mask: added to the scores, [batch, 1, queries, keys]. picked: flat indices whose logits are wanted (default all).
        caches: one Cache a layer; keys and values are appended to it."""
        x = self.model.embed_tokens(ids)
        cos, sin = self.cos[positions][:, None].to(x.dtype), self.sin[positions][:, None].to(x.dtype)
        for index, layer in enumerate(self.model.layers):
            x = layer(x, cos, sin, mask, None if caches is None else caches[index])
        if picked is not None:
            x = x.reshape(-1, x.shape[-1])[picked]
        return F.linear(self.model.norm(x), self.model.embed_tokens.weight)
