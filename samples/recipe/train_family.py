"""Trains a checkpoint of the calibration family: one script, one schedule in steps, resumable.

    python train_family.py ../model RUN_FOLDER --seed 21
"""
import argparse
import random
from pathlib import Path

import torch

from family_examples import FamilyCodec, draw_example
from model import Decoder
from train import BATCHES_PER_POOL, Schedule, cut_pool, learning_rate, run_schedule

SHAPE = {"hidden_size": 128, "num_hidden_layers": 3, "num_attention_heads": 4, "intermediate_size": 352}
STEPS, BATCH = 3120, 16
# Share of the peak rate at these steps, linear between them.
RATES = ((0, 0.04), (24, 1), (900, 1), (1900, 0.4), (2400, 0.25), (2650, 0.06), (2800, 0.002), (2810, 0.7), (3000, 0.6), (3120, 0.002))
# From here on a share of the examples is on the reconsideration, which is rare and learned last.
FOCUS_FROM, FOCUS = 2800, 0.5


def draw_pool(codec, seed, number):
    """The examples of BATCHES_PER_POOL steps, cut into batches of like length."""
    rng = random.Random(f"family-{seed}-{number}")
    focus = FOCUS if number * BATCHES_PER_POOL >= FOCUS_FROM else 0.0
    return cut_pool([draw_example(codec, rng, focus) for _ in range(BATCH * BATCHES_PER_POOL)], BATCH, rng)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", type=Path)
    parser.add_argument("run", type=Path)
    parser.add_argument("--seed", type=int, required=True)
    options = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(options.seed)
    codec = FamilyCodec(options.model)
    network = Decoder(codec.tokenizer.get_vocab_size(), SHAPE)
    schedule = Schedule(STEPS, lambda step: learning_rate(step, RATES), lambda number: draw_pool(codec, options.seed, number))
    run_schedule(network, codec, options.run, schedule)


if __name__ == "__main__":
    main()
