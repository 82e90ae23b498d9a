#!/usr/bin/env python3
"""Writes (or checks) test/fixtures/models/organism-reference.json: greedy text of the bundled model on ten prompts.

  python organism_reference.py [--check] [--model DIR] [--out FILE]

The prompts are applicants of the loan world that no sample contains. Python's ONNX Runtime proposes the tokens; NumPy
in float64, on weights read back from the ONNX file, confirms that each is the best one. Needs numpy, onnx,
onnxruntime, tokenizers, jinja2.
"""
import argparse
import hashlib
import importlib.metadata
import json
import platform
import random
import sys
from pathlib import Path

import jinja2
import numpy as np
import onnx
from onnx import numpy_helper
from tokenizers import Tokenizer

from onnx_session import OnnxModel, model_file
from reference_model import ReferenceModel
from model_sources import ExportError, Source, Tensor, write_json
import world  # samples/recipe: the loan world's own wording

ROOT = Path(__file__).resolve().parents[3]
PROMPTS = 10
NEW_TOKENS = 400
LOGITS_SHOWN = 8
TOLERANCE = 1e-3
SEED = 90210
PACKAGES = ("numpy", "onnx", "onnxruntime", "tokenizers", "jinja2")


def exported_source(folder: Path) -> Source:
    """The weights inside an exported model.onnx (matrices kept whole), under their Hugging Face names."""
    config = json.loads((folder / "config.json").read_text("utf-8"))
    graph = onnx.load(model_file(folder)).graph
    arrays = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
    heads, kv_heads, size = (config[key] for key in ("num_attention_heads", "num_key_value_heads", "head_dim"))
    found = {}
    for node in graph.node:
        if node.op_type != "MatMul":
            continue
        weight = arrays[node.input[1]].T
        if node.output[0].endswith(".qkv"):
            rows = np.split(weight, np.cumsum([heads * size, kv_heads * size]))
            prefix = f"model.{node.output[0].removesuffix('.qkv')}.self_attn"
            found |= {f"{prefix}.{part}_proj.weight": array for part, array in zip("qkv", rows)}
        else:
            found[node.input[1]] = weight
    found |= {name: array for name, array in arrays.items() if name.endswith("norm.weight") or "embed_tokens" in name}
    if not any(name.endswith("q_proj.weight") for name in found):
        raise ExportError(f"{model_file(folder)} was not written by samples/recipe/export_onnx.py")
    return Source(config, {name: Tensor(list(array.shape), lambda array=array: array)
                           for name, array in found.items()}, lambda out: None)


def prompts(folder: Path, tokenizer: Tokenizer) -> list[dict]:
    settings = json.loads((folder / "tokenizer_config.json").read_text("utf-8"))
    file = folder / "chat_template.jinja"
    text = file.read_text("utf-8") if file.is_file() else settings["chat_template"]
    template = jinja2.Environment(trim_blocks=True, lstrip_blocks=True).from_string(text)
    names = {key: value for key, value in settings.items() if key.endswith("_token")}
    generator = random.Random(SEED)
    made = []
    for index in range(PROMPTS):
        messages = world.messages_of(world.draw_applicant(generator), world.MODES[index % len(world.MODES)])
        rendered = template.render(messages=messages, add_generation_prompt=True, **names)
        made.append(dict(messages=messages, ids=tokenizer.encode(rendered, add_special_tokens=False).ids))
    return made


def answer(prompt: dict, session: OnnxModel, forward: ReferenceModel, stop: frozenset[int]) -> dict:
    """Greedy ids up to and including the stop token; exits if float64 would have chosen another token."""
    ids = prompt["ids"]
    tokens = session.greedy(ids, NEW_TOKENS, stop)
    logits = forward.logits(ids + tokens)[len(ids) - 1:-1]
    if logits.argmax(-1).tolist() != tokens:
        sys.exit("ONNX Runtime and NumPy disagree on a greedy token: the export is wrong, or there is a tie")
    best = np.sort(logits, axis=-1)[:, -2:]
    return prompt | dict(greedyIds=tokens, minMargin=round(float((best[:, 1] - best[:, 0]).min()), 4),
                         lastLogits=[round(float(value), 6) for value in logits[0][:LOGITS_SHOWN]])


def make(folder: Path) -> dict:
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    session, forward = OnnxModel(str(folder)), ReferenceModel(exported_source(folder))
    ends = json.loads((folder / "generation_config.json").read_text("utf-8"))["eos_token_id"]
    stop = frozenset(ends if isinstance(ends, list) else [ends])
    versions = {"python": platform.python_version(), "reference": "NumPy float64, test/support/python/reference_model.py",
                **{name: importlib.metadata.version(name) for name in PACKAGES}}
    answers = [answer(prompt, session, forward, stop) for prompt in prompts(folder, tokenizer)]
    for one in answers:
        one["text"] = tokenizer.decode(one["greedyIds"], skip_special_tokens=False)
    return dict(versions=versions, model=hashlib.sha256(model_file(folder).read_bytes()).hexdigest(),
                prompts=answers)


def differences(recorded: dict, made: dict) -> list[str]:
    """Sentences about what changed: all but versions must be equal, logits within TOLERANCE."""
    found = [] if recorded["model"] == made["model"] else ["the model file is not the one that was recorded"]
    for index, (old, new) in enumerate(zip(recorded["prompts"], made["prompts"], strict=True)):
        found += [f"prompt {index}: {key} differs" for key in ("messages", "ids", "greedyIds") if old[key] != new[key]]
        if np.abs(np.subtract(old["lastLogits"], new["lastLogits"])).max() > TOLERANCE:
            found.append(f"prompt {index}: logits differ by more than {TOLERANCE}")
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, default=ROOT / "samples" / "model")
    parser.add_argument("--out", type=Path, default=ROOT / "test" / "fixtures" / "models" / "organism-reference.json")
    parser.add_argument("--check", action="store_true", help="compare with what is there; write nothing")
    options = parser.parse_args()
    made = make(options.model)
    if not options.check:
        write_json(options.out, made)
        print(f"{options.out}: greedy lengths {[len(one['greedyIds']) for one in made['prompts']]}, "
              f"smallest margins {[one['minMargin'] for one in made['prompts']]}")
    elif found := differences(json.loads(options.out.read_text("utf-8")), made):
        sys.exit("\n".join(found))


if __name__ == "__main__":
    main()
