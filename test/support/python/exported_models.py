#!/usr/bin/env python3
"""Makes (or checks) tiny random-weight models with the exporters that people use, in the precisions that they publish.

  python exported_models.py [--check] [NAME ...]

Exporters: optimum (plain layout) and onnxruntime-genai's builder (GroupQueryAttention). Reference: transformers in
float64, for int4 with the weights that the exported file holds; for dynamic int8, whose values depend on what is in a
call, ONNX Runtime itself, called as the engine calls it. Needs requirements-exporters.txt.
"""
import json
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
import transformers
from onnx import numpy_helper
from onnxruntime.quantization import quantize_dynamic
from onnxruntime.transformers.float16 import convert_float_to_float16

import tiny_models as tiny
import tiny_tokenizers as texts

# Of log-probability differences, against float64. Halves have 11 bits; int8's reference is the same kernels elsewhere.
TOLERANCES = {"fp32": 1e-3, "int4": 1e-3, "fp16": 0.1, "int8": 0.1}
# Between the two best tokens, so that greedy ids are well defined at that precision.
MARGINS = {"fp32": 0.01, "int4": 0.01, "fp16": 0.1, "int8": 0.1}
# Tokens whose text is compared: fewer where a wide margin is asked for, or no seed would do.
NEW_TOKENS = {"fp32": 20, "int4": 20, "fp16": 5, "int8": 5}
MIN_DISTINCT = {"fp32": 8, "int4": 8, "fp16": 2, "int8": 2}


@dataclass(frozen=True)
class ExportedModel:
    kind: str  # transformers' model type
    exporter: str  # "optimum" or "genai"
    precision: str = "fp32"
    shape: dict = field(default_factory=dict)
    short: bool = False  # as few tokens as halves have: soft caps make choices close

    @property
    def compared(self) -> tuple[int, int]:
        """Greedy tokens, and how many of them differ at least."""
        kind = "fp16" if self.short else self.precision
        return NEW_TOKENS[kind], MIN_DISTINCT[kind]

    @property
    def layout(self) -> str:
        return "plain" if self.exporter == "optimum" else "gqa"


SHAPE = dict(hidden_size=48, intermediate_size=64, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2,
             max_position_embeddings=tiny.CONTEXT, attn_implementation="eager")
HEAD_16 = dict(head_dim=16)
SCALED = dict(HEAD_16, query_pre_attn_scalar=16)
PHI = dict(hidden_size=64, num_attention_heads=2, num_key_value_heads=2, partial_rotary_factor=0.5)
PHI3 = dict(hidden_size=64, tie_word_embeddings=False, sliding_window=None,
            original_max_position_embeddings=tiny.CONTEXT)
INT4 = dict(hidden_size=64, head_dim=16)

MODELS = {
    "tiny-gemma-plain": ExportedModel("gemma", "optimum", shape=HEAD_16),
    "tiny-gemma-gqa": ExportedModel("gemma", "genai", shape=HEAD_16),
    # The builder puts Gemma 2's window on the layers that have none, so that only texts within the window are right.
    "tiny-gemma2-gqa": ExportedModel("gemma2", "genai", shape=SCALED | dict(sliding_window=tiny.CONTEXT), short=True),
    # Shorter than the prompts: the window counts.
    "tiny-gemma3-gqa": ExportedModel("gemma3_text", "genai", shape=SCALED | dict(sliding_window=8)),
    "tiny-phi-plain": ExportedModel("phi", "optimum", shape=PHI),
    "tiny-phi-gqa": ExportedModel("phi", "genai", shape=PHI),
    "tiny-phi3-gqa": ExportedModel("phi3", "genai", shape=PHI3),
    "tiny-llama-fp16": ExportedModel("llama", "optimum", "fp16"),
    "tiny-qwen3-gqa-fp16": ExportedModel("qwen3", "genai", "fp16", HEAD_16),
    "tiny-qwen2-int8": ExportedModel("qwen2", "optimum", "int8"),
    "tiny-qwen3-gqa-int4": ExportedModel("qwen3", "genai", "int4", INT4),
}

TOKENIZER = dict(bos_token="<bos>", eos_token="<eos>", pad_token="<pad>")


def tokenizer():
    return texts.byte_level(288, [*TOKENIZER.values(), "<start>"], ["<think>", "</think>"])


def described(name: str, model: ExportedModel) -> tiny.TinyModel:
    known = tokenizer()
    ids = tiny.token_ids(known, bos="<bos>", eos="<eos>", pad="<pad>")
    config = SHAPE | model.shape | ids | dict(vocab_size=known.get_vocab_size())
    return tiny.TinyModel(name, config, known, TOKENIZER, texts.LLAMA_TEMPLATE, False, model.layout)


def drawn(model: ExportedModel, config: dict, seed: int) -> torch.nn.Module:
    """A network of transformers with gains that make attention peaked, so that the output depends on the whole text."""
    network = transformers.AutoModelForCausalLM.from_config(transformers.AutoConfig.for_model(model.kind, **config))
    generator = torch.Generator().manual_seed(seed)
    is_gemma = model.kind.startswith("gemma")
    offset = 0.0 if is_gemma else 1.0  # Gemma's norms multiply by one plus the weight, and its embeddings are scaled up
    embedding = tiny.EMBEDDING_SCALE / (config["hidden_size"] ** 0.5 if is_gemma else 1)
    with torch.no_grad():
        for name, tensor in network.named_parameters():
            noise = torch.randn(tensor.shape, generator=generator)
            if tensor.dim() == 1:
                tensor.copy_(noise * 0.3 if name.endswith(".bias") else offset + 0.2 * noise)
            elif "embed_tokens" in name or "lm_head" in name:
                tensor.copy_(noise * embedding)
            else:
                tensor.copy_(noise * 2 / tensor.shape[1] ** 0.5)
            if model.precision == "fp16":
                tensor.copy_(tensor.half())
    return network.eval()


# ---- exporters --------------------------------------------------------------------------------------------------

def export(model: ExportedModel, source: Path, out: Path) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        made = Path(scratch) / "made"
        if model.exporter == "optimum":
            by_optimum(source, made, model.precision)
            target = out / "onnx"
        else:
            by_builder(source, made, model.precision, Path(scratch) / "cache")
            target = out
        target.mkdir(parents=True, exist_ok=True)
        for file in made.glob("model.onnx*"):
            shutil.copyfile(file, target / file.name)


def by_optimum(source: Path, out: Path, precision: str) -> None:
    code = ("import sys; from optimum.exporters.onnx import main_export; "
            "main_export(sys.argv[1], sys.argv[2], task='text-generation-with-past', do_validation=False)")
    run([sys.executable, "-c", code, str(source), str(out)])
    file = out / "model.onnx"
    if precision == "fp16":
        onnx.save(convert_float_to_float16(onnx.load(file), keep_io_types=False), file)
    if precision == "int8":
        quantize_dynamic(file, out / "rounded.onnx")
        (out / "rounded.onnx").replace(file)


def by_builder(source: Path, out: Path, precision: str, cache: Path) -> None:
    provider = "cuda" if precision == "fp16" else "cpu"  # the builder writes halves for a GPU; the graph runs anywhere
    run([sys.executable, "-m", "onnxruntime_genai.models.builder", "-m", str(source), "-o", str(out), "-p", precision,
         "-e", provider, "-c", str(cache)])


def run(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)}\n{done.stdout}\n{done.stderr}")


# ---- references -------------------------------------------------------------------------------------------------

class Float64Reference:
    """`greedy` gives up at the first choice that is closer than `least`."""

    def __init__(self, network: torch.nn.Module):
        self.network = network.double()

    def logits(self, ids: list[int]) -> np.ndarray:
        with torch.no_grad():
            return self.network(torch.tensor([ids]), use_cache=False).logits[0].numpy()

    def greedy(self, ids: list[int], count: int, least: float) -> tuple[list[int], float, np.ndarray]:
        tokens, margin, first = list(ids), np.inf, None
        while len(tokens) < len(ids) + count and margin >= least:
            logits = self.logits(tokens)[-1]
            first = logits if first is None else first
            best, apart = choice(logits)
            margin = min(margin, apart)
            tokens.append(best)
        return tokens[len(ids):], float(margin), first


class RuntimeReference:
    """The exported file in Python's ONNX Runtime: the prompt in one call, then token by token."""

    def __init__(self, file: Path):
        self.session = onnxruntime.InferenceSession(str(file), providers=["CPUExecutionProvider"])

    def greedy(self, ids: list[int], count: int, least: float) -> tuple[list[int], float, np.ndarray]:
        cache, row, found, margin, first = self.empty(), list(ids), [], np.inf, None
        while len(found) < count and margin >= least:
            logits, cache = self.call(row, cache)
            first = logits if first is None else first
            best, apart = choice(logits)
            margin = min(margin, apart)
            found.append(best)
            row = [best]
        return found, float(margin), first

    def empty(self) -> dict[str, np.ndarray]:
        past = [value for value in self.session.get_inputs() if value.name.startswith("past_key_values.")]
        return {value.name: np.zeros((1, value.shape[1], 0, value.shape[3]), np.float32) for value in past}

    def call(self, row: list[int], cache: dict[str, np.ndarray]) -> tuple[np.ndarray, dict[str, np.ndarray]]:
        held = next(iter(cache.values())).shape[2]
        feeds = dict(cache, input_ids=np.array([row], np.int64),
                     attention_mask=np.ones((1, held + len(row)), np.int64),
                     position_ids=np.arange(held, held + len(row), dtype=np.int64)[None])
        outputs = self.session.run(["logits", *(name.replace("past_key_values", "present") for name in cache)], feeds)
        return outputs[0][0, -1].astype(np.float64), dict(zip(cache, outputs[1:]))


def choice(logits: np.ndarray) -> tuple[int, float]:
    """The best token and how far it is above the next."""
    runner_up, best = np.argsort(logits)[-2:]
    return int(best), float(logits[best] - logits[runner_up])


def with_rounded_weights(network: torch.nn.Module, file: Path) -> torch.nn.Module:
    """Puts the weights that the file's MatMulNBits nodes hold in place of those they were made from: by likeness,
    because the builder packs and renames them."""
    graph = onnx.load(file).graph
    held = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
    found = [unpacked(node, held) for node in graph.node if node.op_type == "MatMulNBits"]
    with torch.no_grad():
        for name, tensor in network.named_parameters():
            if tensor.dim() == 2 and "embed_tokens" not in name:
                tensor.copy_(torch.tensor(nearest(tensor.numpy(), found)))
    return network


def unpacked(node: onnx.NodeProto, held: dict[str, np.ndarray]) -> np.ndarray:
    """[outputs, inputs] of a MatMulNBits node."""
    settings = {attribute.name: attribute.i for attribute in node.attribute}
    rows, columns, block = settings["N"], settings["K"], settings["block_size"]
    data, scales = held[node.input[1]], held[node.input[2]].reshape(rows, -1)
    codes = np.stack([data & 15, data >> 4], -1).reshape(rows, -1, block).astype(np.float64)
    if len(node.input) > 3 and node.input[3]:
        packed = held[node.input[3]].reshape(rows, -1)
        zeros = np.stack([packed & 15, packed >> 4], -1).reshape(rows, -1)[:, :scales.shape[1]].astype(np.float64)
    else:
        zeros = np.full(scales.shape, 8.0)
    return ((codes - zeros[..., None]) * scales[..., None]).reshape(rows, -1)[:, :columns]


def nearest(weight: np.ndarray, found: list[np.ndarray]) -> np.ndarray:
    """The rows of `found` that are this weight, rounded; query, key and value may be one matrix there."""
    rows = len(weight)
    candidates = [whole[start:start + rows] for whole in found if whole.shape[1] == weight.shape[1]
                  for start in range(0, len(whole) - rows + 1, 16)]
    best = min(candidates, key=lambda one: np.abs(one - weight).max())
    if np.abs(best - weight).max() > 0.5 * np.abs(weight).max():
        sys.exit("No matrix of the exported file is this weight, rounded.")
    return best


# ---- folders ----------------------------------------------------------------------------------------------------

def write_source(network: torch.nn.Module, described_model: tiny.TinyModel, folder: Path) -> None:
    network.save_pretrained(folder)
    described_model.tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
    settings = dict(tokenizer_class="PreTrainedTokenizerFast", model_max_length=tiny.CONTEXT,
                    clean_up_tokenization_spaces=False, chat_template=described_model.template, **TOKENIZER)
    tiny.write_json(folder / "tokenizer_config.json", settings)


def answers(model: ExportedModel, described_model: tiny.TinyModel, forward, seed: int) -> dict | None:
    """Reference answers, or None when this seed's greedy text is too monotonous or too close to a tie."""
    prompts = []
    for messages in tiny.CONVERSATIONS:
        text = tiny.render(described_model, messages)
        ids = described_model.tokenizer.encode(text, add_special_tokens=False).ids
        least, (count, distinct) = MARGINS[model.precision], model.compared
        greedy, margin, first = forward.greedy(ids, count, least)
        if margin < least or len(set(greedy)) < distinct:
            return None
        logits = [round(float(value), 6) for value in first[:tiny.LOGITS_SHOWN]]
        prompts.append(dict(messages=messages, text=text, ids=ids, greedyIds=greedy, minMargin=round(margin, 4),
                            lastLogits=logits))
    return dict(versions=versions(), seed=seed, tolerance=TOLERANCES[model.precision], prompts=prompts,
                texts=[tiny.tokenized(described_model, text) for text in tiny.TEXTS])


def versions() -> dict:
    names = ("torch", "transformers", "optimum-onnx", "onnxruntime", "onnxruntime-genai")
    found = {name: tiny.importlib.metadata.version(name) for name in names}
    return tiny.versions() | {"reference": "transformers in float64; int8: ONNX Runtime"} | found


def make(name: str, out: Path, seeds: range = range(400)) -> None:
    model = MODELS[name]
    known = described(name, model)
    for seed in seeds:
        with tempfile.TemporaryDirectory() as scratch:
            source, made = Path(scratch) / "source", Path(scratch) / "made"
            network = drawn(model, known.config, seed)
            exact = answers(model, known, Float64Reference(drawn(model, known.config, seed)), seed)
            if exact is None:
                continue
            write_source(network, known, source)
            export(model, source, made)
            rounded = model.precision in ("int4", "int8")
            found = answers(model, known, forward_of(model, network, made), seed) if rounded else exact
            if found is None:
                continue
            write_folder(source, made, found, out)
            size = sum(file.stat().st_size for file in out.rglob("*") if file.is_file())
            print(f"{name}: seed {seed}, {size:,} bytes", flush=True)
            return
    sys.exit(f"{name}: no seed of {seeds} gives varied greedy text with a margin of {MARGINS[model.precision]}")


def forward_of(model: ExportedModel, network: torch.nn.Module, made: Path):
    if model.precision == "int8":
        return RuntimeReference(made / "onnx" / "model.onnx")
    return Float64Reference(with_rounded_weights(network, made / "model.onnx"))


def write_folder(source: Path, made: Path, found: dict, out: Path) -> None:
    shutil.rmtree(out, ignore_errors=True)
    shutil.copytree(made, out)
    for file in source.iterdir():
        if file.suffix == ".json":
            shutil.copyfile(file, out / file.name)
    tiny.write_json(out / "reference.json", found)


def check(name: str) -> list[str]:
    recorded = json.loads((tiny.FIXTURES / name / "reference.json").read_text("utf-8"))
    with tempfile.TemporaryDirectory() as scratch:
        out = Path(scratch) / name
        make(name, out, range(recorded["seed"], recorded["seed"] + 1))
        made = json.loads((out / "reference.json").read_text("utf-8"))
    return [f"{name}: {text}" for text in tiny.differences(recorded, made)]


if __name__ == "__main__":
    transformers.logging.set_verbosity_error()
    torch.set_num_threads(1)
    tiny.run_command(__doc__, MODELS, lambda name: make(name, tiny.FIXTURES / name), check)
