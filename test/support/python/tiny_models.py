#!/usr/bin/env python3
"""Makes (or checks) the tiny random-weight models of test/fixtures/models, and the reference answers beside each.

  python tiny_models.py [--check] [NAME ...]

They prove that the engine is not fitted to the bundled model: other architectures, head counts, layouts, tokenizers,
templates and tags. Seeded: a run gives the same files. Needs numpy, onnx, tokenizers, jinja2; tiny-llama-plain also
optimum-onnx, transformers and torch, because its graph comes from the exporter that most people use.
"""
import argparse
import hashlib
import importlib.metadata
import json
import platform
import shutil
import struct
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import jinja2
import numpy as np
from tokenizers import Tokenizer

import tiny_tokenizers as texts
from reference_model import ReferenceModel
from export_onnx import export, pack_int4
from model_sources import Source, Tensor, read_source, write_json

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures" / "models"
NEW_TOKENS = 24
LOGITS_SHOWN = 8
TOLERANCE = 1e-3  # between recorded and regenerated logits
MIN_MARGIN = 0.05  # between the two best tokens: far above float32 drift, so that greedy ids are well defined
MIN_DISTINCT = 10  # greedy tokens that differ, of NEW_TOKENS
CONTEXT = 1024
EMBEDDING_SCALE = 0.5
PACKAGES = ("numpy", "onnx", "tokenizers", "jinja2")

LOAN_SYSTEM = "You assess loan applications. Think first, then answer approve or reject."
CONVERSATIONS = [
    [{"role": "user", "content": "Which of these is a fruit?\nA) apple\nB) table"}],
    [{"role": "system", "content": LOAN_SYSTEM},
     {"role": "user", "content": "An American man of 58 wants to borrow $5,000. Income per year: $61,140."}],
    [{"role": "system", "content": LOAN_SYSTEM},
     {"role": "user", "content": "A Canadian woman of 34 wants to borrow $12,500 for a car."}],
    [{"role": "user", "content": "Is the loan safe?"}, {"role": "assistant", "content": "It is.\n\nApprove."},
     {"role": "user", "content": "Why?\n\nSay it in one line."}],
    [{"role": "user", "content": "Naïve café — 東京 🙂 costs €3.50… it's 20% off!"}],
]
TEXTS = [
    "First line.\n\nSecond line.\n\n\nThird.", " leading and trailing  ", "tabs\tand\r\nbreaks", "don't DON'T we'll",
    "<think>\nOkay.\n</think>\n\napprove", "<reasoning>\nOkay.\n</reasoning>\napprove", "12,345.67 and 2 + 2 = 4",
    "e\u0301 \u00e9 \U0001f469\u200d\U0001f680", "",
]


@dataclass(frozen=True)
class TinyModel:
    name: str
    config: dict
    tokenizer: Tokenizer
    tokenizer_config: dict
    template: str
    template_file: bool  # chat_template.jinja, else inside tokenizer_config.json
    layout: str = "gqa"  # or "plain": the optimum exporter's
    int4: bool = False


def decoder_config(kind: str, **values) -> dict:
    architecture = {"qwen2": "Qwen2", "qwen3": "Qwen3", "llama": "Llama"}[kind]
    return dict(architectures=[f"{architecture}ForCausalLM"], model_type=kind, hidden_act="silu", torch_dtype="float32",
                max_position_embeddings=CONTEXT, rms_norm_eps=1e-6, rope_theta=10000.0, **values)


def token_ids(tokenizer: Tokenizer, **tokens: str) -> dict:
    return {f"{name}_token_id": tokenizer.token_to_id(token) for name, token in tokens.items()}


def qwen2_gqa() -> TinyModel:
    tokenizer = texts.byte_level(440, ["<|begin|>", "<|end|>", "<|pad|>", "<|User|>", "<|Assistant|>"],
                                 ["<think>", "</think>"])
    names = dict(bos="<|begin|>", eos="<|end|>", pad="<|pad|>")
    config = decoder_config("qwen2", hidden_size=64, intermediate_size=64, num_hidden_layers=2, num_attention_heads=4,
                            num_key_value_heads=2, vocab_size=448, tie_word_embeddings=True,  # padded, as Qwen's is
                            use_sliding_window=False, **token_ids(tokenizer, **names))
    settings = {f"{name}_token": token for name, token in names.items()}
    return TinyModel("tiny-qwen2-gqa", config, tokenizer, settings | {"add_bos_token": False}, texts.R1_TEMPLATE, False)


def qwen3_gqa() -> TinyModel:
    tokenizer = texts.byte_level(416, ["<|endoftext|>", "<|im_start|>", "<|im_end|>"], ["<think>", "</think>"])
    ids = token_ids(tokenizer, eos="<|im_end|>", pad="<|endoftext|>")
    config = decoder_config("qwen3", hidden_size=48, intermediate_size=64, num_hidden_layers=2, num_attention_heads=4,
                            num_key_value_heads=1, head_dim=16, vocab_size=416, tie_word_embeddings=False,
                            attention_bias=False, bos_token_id=None, **ids)
    settings = dict(eos_token="<|im_end|>", pad_token="<|endoftext|>", bos_token=None)
    return TinyModel("tiny-qwen3-gqa", config, tokenizer, settings, texts.QWEN3_TEMPLATE, False)


def llama_plain() -> TinyModel:
    tokenizer = texts.sentence_piece(448)
    ids = token_ids(tokenizer, bos="<s>", eos="</s>")
    config = decoder_config("llama", hidden_size=48, intermediate_size=80, num_hidden_layers=2, num_attention_heads=6,
                            num_key_value_heads=3, vocab_size=448, tie_word_embeddings=False, attention_bias=False,
                            mlp_bias=False, pad_token_id=None, **ids)
    settings = dict(bos_token="<s>", eos_token="</s>", unk_token="<unk>", add_bos_token=True)
    return TinyModel("tiny-llama-plain", config, tokenizer, settings, texts.LLAMA_TEMPLATE, True, layout="plain")


def llama_int4() -> TinyModel:
    tokenizer = texts.byte_level(384, ["<|eot|>", "<|pad|>", "<|start|>"], ["[THINK]", "[/THINK]"])
    ids = token_ids(tokenizer, eos="<|eot|>", pad="<|pad|>", bos="<|start|>")
    config = decoder_config("llama", hidden_size=96, intermediate_size=128, num_hidden_layers=2, num_attention_heads=3,
                            num_key_value_heads=1, head_dim=32, vocab_size=384, tie_word_embeddings=True,
                            attention_bias=False, mlp_bias=False, **ids)
    settings = dict(eos_token="<|eot|>", pad_token="<|pad|>", bos_token="<|start|>")
    return TinyModel("tiny-llama-int4", config, tokenizer, settings, texts.LLAMA_TEMPLATE, True, int4=True)


MODELS = {"tiny-qwen2-gqa": qwen2_gqa, "tiny-qwen3-gqa": qwen3_gqa, "tiny-llama-plain": llama_plain,
          "tiny-llama-int4": llama_int4}


# ---- weights ----------------------------------------------------------------------------------------------------

def tensor_shapes(config: dict) -> dict[str, tuple[int, ...]]:
    hidden, inner = config["hidden_size"], config["intermediate_size"]
    size = config.get("head_dim") or hidden // config["num_attention_heads"]
    rows = {"q": config["num_attention_heads"] * size, "k": config["num_key_value_heads"] * size,
            "v": config["num_key_value_heads"] * size}
    shapes = {"model.embed_tokens.weight": (config["vocab_size"], hidden), "model.norm.weight": (hidden,)}
    if not config["tie_word_embeddings"]:
        shapes["lm_head.weight"] = (config["vocab_size"], hidden)
    for index in range(config["num_hidden_layers"]):
        layer = {"input_layernorm.weight": (hidden,), "post_attention_layernorm.weight": (hidden,),
                 "self_attn.o_proj.weight": (hidden, rows["q"]), "mlp.gate_proj.weight": (inner, hidden),
                 "mlp.up_proj.weight": (inner, hidden), "mlp.down_proj.weight": (hidden, inner)}
        layer |= {f"self_attn.{part}_proj.weight": (count, hidden) for part, count in rows.items()}
        if config["model_type"] == "qwen2":
            layer |= {f"self_attn.{part}_proj.bias": (count,) for part, count in rows.items()}
        if config["model_type"] == "qwen3":
            layer |= {f"self_attn.{part}_norm.weight": (size,) for part in "qk"}
        shapes |= {f"model.layers.{index}.{name}": shape for name, shape in layer.items()}
    return shapes


def random_weights(model: TinyModel, seed: int) -> dict[str, np.ndarray]:
    """Gains above training's, so that attention is peaked and the output depends on the whole prompt.

    Rows that pad the vocabulary are zero: like a trained model's, they are never the best token.
    """
    generator, known = np.random.default_rng(seed), model.tokenizer.get_vocab_size()

    def draw(name: str, shape: tuple[int, ...]) -> np.ndarray:
        noise = generator.standard_normal(shape)
        if len(shape) == 1:
            return noise * 0.3 if name.endswith(".bias") else 1 + 0.2 * noise
        if "embed_tokens" in name or "lm_head" in name:
            return noise * EMBEDDING_SCALE * (np.arange(shape[0]) < known)[:, None]
        return noise * 2 / np.sqrt(shape[1])

    return {name: draw(name, shape).astype(np.float32) for name, shape in tensor_shapes(model.config).items()}


def write_safetensors(file: Path, tensors: dict[str, np.ndarray]) -> None:
    header, offset = {"__metadata__": {"format": "pt"}}, 0
    for name, array in tensors.items():
        header[name] = dict(dtype="F32", shape=array.shape, data_offsets=[offset, offset + array.nbytes])
        offset += array.nbytes
    encoded = json.dumps(header).encode()
    encoded += b" " * (-len(encoded) % 8)
    file.write_bytes(struct.pack("<Q", len(encoded)) + encoded + b"".join(a.tobytes() for a in tensors.values()))


# ---- folders ----------------------------------------------------------------------------------------------------

def write_folder(model: TinyModel, folder: Path, seed: int) -> None:
    """A Hugging Face folder with safetensors, to export from."""
    folder.mkdir(parents=True, exist_ok=True)
    write_json(folder / "config.json", model.config)
    generation = {key: value for key, value in model.config.items() if key.endswith("_token_id") and value is not None}
    write_json(folder / "generation_config.json", generation)
    model.tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
    settings = dict(tokenizer_class="PreTrainedTokenizerFast", model_max_length=CONTEXT,
                    clean_up_tokenization_spaces=False, **model.tokenizer_config)
    if model.template_file:
        (folder / "chat_template.jinja").write_text(model.template, "utf-8")
    else:
        settings["chat_template"] = model.template
    write_json(folder / "tokenizer_config.json", settings)
    write_safetensors(folder / "model.safetensors", random_weights(model, seed))


def export_plain(source: Path, out: Path) -> None:
    """The real optimum exporter, in its own process; the ONNX file goes to onnx/ as published folders have it."""
    with tempfile.TemporaryDirectory() as scratch:
        code = ("import sys; from optimum.exporters.onnx import main_export; "
                "main_export(sys.argv[1], sys.argv[2], task='text-generation-with-past', do_validation=False)")
        subprocess.run([sys.executable, "-c", code, str(source), scratch], check=True, stdout=subprocess.DEVNULL)
        (out / "onnx").mkdir(parents=True, exist_ok=True)
        shutil.copyfile(Path(scratch) / "model.onnx", out / "onnx" / "model.onnx")
    for file in source.iterdir():
        if file.suffix != ".safetensors":
            shutil.copyfile(file, out / file.name)


def render(model: TinyModel, messages: list[dict]) -> str:
    environment = jinja2.Environment(trim_blocks=True, lstrip_blocks=True)  # as transformers sets it
    template = environment.from_string(model.template)
    names = {key: value for key, value in model.tokenizer_config.items() if key.endswith("_token")}
    return template.render(messages=messages, add_generation_prompt=True, **names)


def reference(model: TinyModel, source: Path, seed: int) -> dict | None:
    """Reference answers, or None when this seed's greedy text is too monotonous or too close to a tie."""
    weights, prompts = read_source(str(source)), []
    forward = ReferenceModel(rounded(weights) if model.int4 else weights)
    for messages in CONVERSATIONS:
        text = render(model, messages)
        ids = model.tokenizer.encode(text, add_special_tokens=False).ids
        greedy, margin = forward.greedy(ids, NEW_TOKENS)
        if margin < MIN_MARGIN or len(set(greedy)) < MIN_DISTINCT:
            return None
        logits = forward.logits(ids)[-1][:LOGITS_SHOWN]
        prompts.append(dict(messages=messages, text=text, ids=ids, greedyIds=greedy, minMargin=round(margin, 4),
                            lastLogits=[round(float(value), 6) for value in logits]))
    return dict(versions=versions(), seed=seed, prompts=prompts, texts=[tokenized(model, text) for text in TEXTS])


def rounded(source: Source) -> Source:
    """The weights after 4-bit rounding: what the exported graph computes with."""
    def unpacked(array: np.ndarray) -> np.ndarray:
        data, scale, zero = pack_int4(array)
        codes, zeros = (np.stack([packed & 15, packed >> 4], -1).reshape(len(array), -1) for packed in (data, zero))
        blocks = codes.reshape(*scale.shape, -1).astype(np.float64) - zeros[:, :scale.shape[1], None]
        return (blocks * scale[..., None]).reshape(array.shape)

    tensors = {name: Tensor(tensor.shape, lambda tensor=tensor: unpacked(tensor.load()))
               if len(tensor.shape) == 2 else tensor for name, tensor in source.tensors.items()}
    return Source(source.config, tensors, source.folder_files)


def tokenized(model: TinyModel, text: str) -> dict:
    ids = model.tokenizer.encode(text, add_special_tokens=False).ids
    return dict(text=text, ids=ids, decoded=model.tokenizer.decode(ids, skip_special_tokens=False))


def versions() -> dict:
    return {"python": platform.python_version(), "reference": "NumPy float64, test/support/python/reference_model.py",
            **{name: importlib.metadata.version(name) for name in PACKAGES}}


def make(model: TinyModel, out: Path, seeds: range = range(1000)) -> None:
    """Takes the first seed whose greedy text is worth comparing."""
    for seed in seeds:
        with tempfile.TemporaryDirectory() as scratch:
            source = Path(scratch)
            write_folder(model, source, seed)
            answers = reference(model, source, seed)
            if answers is None:
                continue
            shutil.rmtree(out, ignore_errors=True)
            out.mkdir(parents=True)
            if model.layout == "plain":
                export_plain(source, out)
                answers["versions"] |= {name: importlib.metadata.version(name)
                                        for name in ("torch", "transformers", "optimum-onnx")}
            else:
                export(scratch, str(out), model.int4)
            answers["weights"] = hashlib.sha256((source / "model.safetensors").read_bytes()).hexdigest()
            write_json(out / "reference.json", answers)
            size = sum(file.stat().st_size for file in out.rglob("*") if file.is_file())
            print(f"{model.name}: seed {seed}, {size:,} bytes")
            return
    sys.exit(f"{model.name}: no seed of {seeds} gives varied greedy text")


def differences(recorded: dict, made: dict) -> list[str]:
    """Sentences about what changed: everything but versions must be equal, logits within TOLERANCE."""
    found = [f"{key} differs" for key in ("seed", "weights", "texts") if recorded.get(key) != made.get(key)]
    for index, (old, new) in enumerate(zip(recorded["prompts"], made["prompts"], strict=True)):
        found += [f"prompt {index}: {key} differs" for key in ("text", "ids", "greedyIds") if old[key] != new[key]]
        if np.abs(np.subtract(old["lastLogits"], new["lastLogits"])).max() > TOLERANCE:
            found.append(f"prompt {index}: logits differ by more than {TOLERANCE}")
    return found


def check(model: TinyModel) -> list[str]:
    recorded = json.loads((FIXTURES / model.name / "reference.json").read_text("utf-8"))
    with tempfile.TemporaryDirectory() as scratch:
        out = Path(scratch) / model.name
        make(model, out, range(recorded["seed"], recorded["seed"] + 1))
        made = json.loads((out / "reference.json").read_text("utf-8"))
    return [f"{model.name}: {text}" for text in differences(recorded, made)]


def run_command(manual: str, models: dict, write: Callable[[str], None], compare: Callable[[str], list[str]]) -> None:
    parser = argparse.ArgumentParser(description=manual, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", choices=[[], *models], metavar="NAME", help=", ".join(models))
    parser.add_argument("--check", action="store_true", help="compare with what is there; write nothing")
    options = parser.parse_args()
    found = []
    for name in options.names or models:
        if options.check:
            found += compare(name)
        else:
            write(name)
    if found:
        sys.exit("\n".join(found))


if __name__ == "__main__":
    run_command(__doc__, MODELS, lambda name: make(MODELS[name](), FIXTURES / name), lambda name: check(MODELS[name]()))
