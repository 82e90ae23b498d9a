"""Writes a checkpoint as a complete model folder: configuration, and the ONNX graph under onnx/.

    python export.py RUN_FOLDER MODEL_FOLDER
"""
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import torch
from safetensors.torch import save_file

from examples import Codec
from model import CONTEXT, EPSILON, ROPE_THETA, SHAPE


def configuration(codec, shape):
    heads = shape["num_attention_heads"]
    return {
        "architectures": ["LlamaForCausalLM"], "model_type": "llama", **shape, "num_key_value_heads": heads,
        "head_dim": shape["hidden_size"] // heads, "vocab_size": codec.tokenizer.get_vocab_size(), "max_position_embeddings": CONTEXT,
        "rms_norm_eps": EPSILON, "rope_theta": ROPE_THETA, "rope_scaling": None, "hidden_act": "silu", "tie_word_embeddings": True,
        "attention_bias": False, "mlp_bias": False, "bos_token_id": None, "eos_token_id": codec.end, "pad_token_id": codec.pad,
        "dtype": "float32", "torch_dtype": "float32",
    }


def write_json(path, value):
    path.write_text(json.dumps(value, indent=2) + "\n", encoding="utf-8")


def export(run_folder, model_folder):
    codec = Codec(model_folder)
    saved = torch.load(run_folder / "checkpoint.pt", weights_only=True)
    weights = saved["network"]
    write_json(model_folder / "config.json", configuration(codec, saved.get("shape", SHAPE)))
    write_json(model_folder / "generation_config.json", {"eos_token_id": codec.end, "pad_token_id": codec.pad, "do_sample": False})
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "source", Path(folder) / "target"
        source.mkdir()
        for name in ("config.json", "generation_config.json", "tokenizer.json", "tokenizer_config.json"):
            shutil.copy(model_folder / name, source)
        save_file({name: weight.contiguous() for name, weight in weights.items()}, source / "model.safetensors")
        subprocess.run([sys.executable, Path(__file__).parent / "export_onnx.py", source, target], check=True)
        graph = next(target.rglob("model.onnx"))
        (model_folder / "onnx").mkdir(exist_ok=True)
        shutil.move(graph, model_folder / "onnx" / "model.onnx")


if __name__ == "__main__":
    export(Path(sys.argv[1]), Path(sys.argv[2]))
