"""Writes a GGUF file as a Hugging Face folder (config.json, tokenizer, model.safetensors in float32) for servers that read those.

usage: hf_checkpoint.py RECIPE_FOLDER FILE.gguf OUT   (RECIPE_FOLDER holds model_sources.py)
"""
import json
import struct
import sys
from pathlib import Path

recipe, gguf, out = sys.argv[1:4]
sys.path.insert(0, recipe)
from model_sources import read_source  # noqa: E402  (its folder is an argument)

folder = Path(out)
source = read_source(gguf)
(folder / "config.json").write_text(json.dumps(source.config, indent=1), "utf-8")
source.folder_files(folder)
header, offset = {}, 0
for name, tensor in source.tensors.items():
    size = 4
    for length in tensor.shape:
        size *= length
    header[name] = {"dtype": "F32", "shape": tensor.shape, "data_offsets": [offset, offset + size]}
    offset += size
text = json.dumps(header).encode()
with open(folder / "model.safetensors", "wb") as file:
    file.write(struct.pack("<Q", len(text)) + text)
    for tensor in source.tensors.values():
        file.write(tensor.load().astype("<f4").tobytes())
