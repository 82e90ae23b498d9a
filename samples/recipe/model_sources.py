"""Where a model's weights come from: a Hugging Face folder (safetensors) or a GGUF file.

Owns reading weights, configuration and tokenizer into one shape; knows nothing of ONNX.
A Source holds the configuration in Hugging Face's keys and, per Hugging Face tensor name, the shape ([out, in] for
matrices) and a function that loads it as float32, so that no more than one tensor at a time need be in memory.
"""
import json
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

FOLDER_FILES = ("tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "generation_config.json",
                "chat_template.jinja")
GGUF_TENSOR_NAMES = {
    "attn_norm": "input_layernorm", "ffn_norm": "post_attention_layernorm", "attn_q": "self_attn.q_proj",
    "attn_k": "self_attn.k_proj", "attn_v": "self_attn.v_proj", "attn_output": "self_attn.o_proj",
    "attn_q_norm": "self_attn.q_norm", "attn_k_norm": "self_attn.k_norm", "ffn_gate": "mlp.gate_proj",
    "ffn_up": "mlp.up_proj", "ffn_down": "mlp.down_proj", "token_embd": "model.embed_tokens",
    "output_norm": "model.norm", "output": "lm_head",
}
CONTROL_TOKEN, USER_TOKEN = 3, 4  # GGUF token types


class ExportError(Exception):
    """The input cannot be exported; the message says what and why in one sentence."""


@dataclass
class Tensor:
    shape: list[int]
    load: Callable[[], np.ndarray]


@dataclass
class Source:
    config: dict
    tensors: dict[str, Tensor]
    folder_files: Callable[[Path], None]  # writes tokenizer, template and generation settings
    used: set[str] = field(default_factory=set)

    def has(self, name: str) -> bool:
        return name in self.tensors

    def array(self, *names: str) -> np.ndarray:
        """The named tensors as float32, stacked along the output axis."""
        self.used.update(names)
        arrays = [self.tensors[name].load() for name in names]
        return arrays[0] if len(arrays) == 1 else np.concatenate(arrays)

    def unused(self) -> list[str]:
        return [name for name in self.tensors if name not in self.used and not name.endswith("rotary_emb.inv_freq")]


def read_source(path: str) -> Source:
    """Opens a GGUF file or a Hugging Face folder. Raises ExportError for anything else."""
    source = Path(path)
    if source.suffix == ".gguf" and source.is_file():
        return read_gguf(source)
    if (source / "config.json").is_file():
        return read_folder(source)
    raise ExportError(f"{path} is neither a .gguf file nor a folder with config.json")


def read_folder(folder: Path) -> Source:
    config = json.loads((folder / "config.json").read_text("utf-8"))
    files = sorted(folder.glob("*.safetensors"))
    if not files:
        raise ExportError(f"{folder} has no .safetensors file")
    tensors: dict[str, Tensor] = {}
    for file in files:
        tensors |= read_safetensors(file)

    def copy_files(out: Path) -> None:
        for name in FOLDER_FILES:
            if (folder / name).is_file() and folder.resolve() != out.resolve():
                shutil.copyfile(folder / name, out / name)

    return Source(config, tensors, copy_files)


def read_safetensors(file: Path) -> dict[str, Tensor]:
    """The format is an 8-byte little-endian header length, a JSON header, then raw bytes."""
    mapped = np.memmap(file, np.uint8, "r")
    start = int(mapped[:8].view("<u8")[0]) + 8
    header = json.loads(bytes(mapped[8:start]))

    def tensor(entry: dict) -> Tensor:
        begin, end = (start + offset for offset in entry["data_offsets"])
        return Tensor(entry["shape"], lambda: decode_dtype(mapped[begin:end], entry["dtype"]).reshape(entry["shape"]))

    return {name: tensor(entry) for name, entry in header.items() if name != "__metadata__"}


def decode_dtype(raw: np.ndarray, dtype: str) -> np.ndarray:
    raw = np.array(raw)  # a copy: offsets in the file need not be aligned
    if dtype == "BF16":  # the upper half of a float32
        return (raw.view("<u2").astype("<u4") << 16).view("<f4")
    kinds = {"F32": "<f4", "F16": "<f2"}
    if dtype not in kinds:
        raise ExportError(f"safetensors dtype {dtype} is not supported (F32, F16 and BF16 are)")
    return raw.view(kinds[dtype]).astype("<f4")


def read_gguf(file: Path) -> Source:
    from gguf import GGUFReader  # only needed here, so a folder can be exported without it
    from gguf.quants import dequantize

    reader = GGUFReader(str(file))
    meta = {key: value.contents() for key, value in reader.fields.items()}
    config = gguf_config(meta)

    def loader(tensor, heads: int | None) -> Callable[[], np.ndarray]:
        def load() -> np.ndarray:
            array = np.asarray(dequantize(tensor.data, tensor.tensor_type), np.float32)
            return array if heads is None else undo_rotary_interleave(array, heads)
        return load

    heads_of = {}
    if config["model_type"] == "llama":  # only this architecture's converter permutes q and k
        heads_of = {"attn_q": config["num_attention_heads"], "attn_k": config["num_key_value_heads"]}
    tensors = {}
    for tensor in reader.tensors:
        part = re.fullmatch(r"(?:blk\.(\d+)\.)?(\w+)\.(weight|bias)", tensor.name)
        if part is None:
            raise ExportError(f"{file}: tensor {tensor.name} is not understood")
        layer = f"model.layers.{part[1]}." if part[1] else ""
        name = f"{layer}{GGUF_TENSOR_NAMES.get(part[2], part[2])}.{part[3]}"
        tensors[name] = Tensor([int(n) for n in tensor.shape[::-1]], loader(tensor, heads_of.get(part[2])))
    config["tie_word_embeddings"] = "lm_head.weight" not in tensors
    return Source(config, tensors, lambda out: write_gguf_tokenizer(meta, config, out))


def undo_rotary_interleave(array: np.ndarray, heads: int) -> np.ndarray:
    """GGUF stores each head's rotary halves interleaved; Hugging Face keeps them apart."""
    half = array.shape[0] // heads // 2
    return array.reshape(heads, half, 2, *array.shape[1:]).swapaxes(1, 2).reshape(array.shape)


def gguf_config(meta: dict) -> dict:
    kind = meta["general.architecture"]

    def get(key: str, default=None):
        return meta.get(f"{kind}.{key}", default)

    heads, hidden = get("attention.head_count"), get("embedding_length")
    config = dict(
        model_type=kind, architectures=[f"{kind.capitalize()}ForCausalLM"], hidden_act="silu", hidden_size=hidden,
        num_hidden_layers=get("block_count"), num_attention_heads=heads,
        num_key_value_heads=get("attention.head_count_kv", heads), head_dim=get("attention.key_length", hidden // heads),
        intermediate_size=get("feed_forward_length"), max_position_embeddings=get("context_length"),
        rms_norm_eps=get("attention.layer_norm_rms_epsilon"), rope_theta=get("rope.freq_base", 10000.0),
        vocab_size=len(meta["tokenizer.ggml.tokens"]), torch_dtype="float32",
        **{f"{name}_token_id": meta.get(f"tokenizer.ggml.{key}_token_id")
           for name, key in (("bos", "bos"), ("eos", "eos"), ("pad", "padding"))})
    if get("rope.scaling.type", "none") != "none":
        raise ExportError("rotary scaling inside a GGUF file is not supported: export the Hugging Face folder")
    if get("rope.dimension_count", config["head_dim"]) != config["head_dim"]:
        raise ExportError("partial rotary embedding is not supported")
    return config


def write_gguf_tokenizer(meta: dict, config: dict, out: Path) -> None:
    """tokenizer.json of a byte-level BPE of the smollm kind: single digits, no beginning token, byte-level decoder.

    Raises ExportError for other kinds rather than guessing: a wrong pre-tokenizer gives wrong ids silently.
    """
    kind = (meta["tokenizer.ggml.model"], meta.get("tokenizer.ggml.pre"))
    if kind != ("gpt2", "smollm"):
        raise ExportError(f"tokenizer {'/'.join(map(str, kind))} cannot be rebuilt from GGUF: "
                          "export the Hugging Face folder")
    tokens, types = meta["tokenizer.ggml.tokens"], meta["tokenizer.ggml.token_type"]
    added = [dict(id=i, content=token, single_word=False, lstrip=False, rstrip=False, normalized=False,
                  special=type_ == CONTROL_TOKEN)
             for i, (token, type_) in enumerate(zip(tokens, types)) if type_ in (CONTROL_TOKEN, USER_TOKEN)]
    byte_level = dict(type="ByteLevel", add_prefix_space=False, trim_offsets=True, use_regex=True)
    model = dict(type="BPE", dropout=None, unk_token=None, continuing_subword_prefix=None, end_of_word_suffix=None,
                 fuse_unk=False, byte_fallback=False, ignore_merges=False,
                 vocab={token: i for i, token in enumerate(tokens)},
                 merges=[merge.split(" ") for merge in meta["tokenizer.ggml.merges"]])
    digits = dict(type="Digits", individual_digits=True)
    write_json(out / "tokenizer.json", dict(
        version="1.0", truncation=None, padding=None, added_tokens=added, normalizer=None,
        pre_tokenizer=dict(type="Sequence", pretokenizers=[digits, byte_level]), post_processor=None,
        decoder={**byte_level, "add_prefix_space": True}, model=model))
    named = {f"{name}_token": tokens[config[f"{name}_token_id"]]
             for name in ("bos", "eos", "pad") if config.get(f"{name}_token_id") is not None}
    write_json(out / "tokenizer_config.json", dict(
        tokenizer_class="GPT2Tokenizer", add_prefix_space=False, clean_up_tokenization_spaces=False,
        model_max_length=config["max_position_embeddings"], chat_template=meta.get("tokenizer.chat_template"),
        added_tokens_decoder={str(a["id"]): {k: v for k, v in a.items() if k != "id"} for a in added}, **named))
    write_json(out / "generation_config.json",
               {f"{name}_token_id": config[f"{name}_token_id"] for name in ("bos", "eos", "pad")
                if config.get(f"{name}_token_id") is not None})


def write_json(file: Path, value: dict) -> None:
    file.write_text(json.dumps(value, indent=1, ensure_ascii=False) + "\n", "utf-8")
