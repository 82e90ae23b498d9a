#!/usr/bin/env python3
"""Writes test/real/reference.json: greedy ids of a GGUF file's weights after two prompts, from float64 arithmetic.

  python real_reference.py MODEL.gguf TOKENIZER.json OUT.json      needs numpy, gguf and tokenizers, and 2 GB of memory
"""
import importlib.metadata
import platform
import sys
from pathlib import Path

from tokenizers import Tokenizer

from reference_model import ReferenceModel
from model_sources import read_source, write_json

NEW_TOKENS = 16
TEXTS = ["<|im_start|>user\nWhich color is the sky?<|im_end|>\n<|im_start|>assistant\n",
         "<|im_start|>user\nName 3 animals that lay eggs.<|im_end|>\n<|im_start|>assistant\n"]


def main() -> None:
    weights, tokenizer_file, out = sys.argv[1:]
    tokenizer, forward = Tokenizer.from_file(tokenizer_file), ReferenceModel(read_source(weights))
    prompts = []
    for text in TEXTS:
        ids = tokenizer.encode(text, add_special_tokens=False).ids
        greedy, margin = forward.greedy(ids, NEW_TOKENS)
        prompts.append(dict(text=text, ids=ids, greedyIds=greedy, minMargin=round(margin, 4)))
    versions = {"python": platform.python_version(), "reference": "NumPy float64, test/support/python/reference_model.py",
                **{name: importlib.metadata.version(name) for name in ("numpy", "gguf", "tokenizers")}}
    write_json(Path(out), dict(versions=versions, prompts=prompts))


if __name__ == "__main__":
    main()
