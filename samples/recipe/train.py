"""Trains the bundled model: one script, one schedule in steps, resumable.

    python train.py ../model RUN_FOLDER

Step k always sees the same batch, so a run stopped and resumed sees the same data. Saves every CHECKPOINT_EVERY steps.
"""
import json
import math
import random
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch
import torch.nn.functional as F

from examples import BAND, FACT, Codec, collate, draw_example
from model import Decoder
from optimizer import make_optimizers

STEPS = 3560
SEED = 20
BATCHES_PER_POOL = 8
CHECKPOINT_EVERY = 100
# Until this step, small batches and mostly short traces: the rules are learned on those for half the price.
EARLY_STEPS = 702
EARLY_BATCH, BATCH = 16, 20
EARLY_SHARES = {"brief": 0.6, "normal": 0.3, "full": 0.1}
# From here on a share of the examples is on the reconsidering band, which is rare and learned last; and plain words, which the model
# knows by then, weigh less, so that facts and decisions weigh more.
LATE_FROM = 1200
LATE = {"focus": 0.35, "text": 0.06}
# From here on the facts that are copied last, gender and amounts, weigh more too.
PRACTISE_FROM, PRACTISE = 2000, 3.0
# From here on wording weighs more again, so that sampled traces keep to their form.
FINISH_FROM = 2800
FINISH = {"focus": 0.2, "text": 0.12, "practise": 5.0}
# From here on the verdict after a lean is practised: the limits of answering at once and of going on differ, and without this the model
# takes the one for the other.
LEAN_FROM = 3200
LEAN = {"focus": 0.12, "leaning": 0.45, "text": 0.12, "practise": 5.0}
# Share of the peak rate at these steps, linear between them.
RATES = ((0, 0.04), (24, 1), (1300, 1), (1999, 0.462), (2000, 0.54), (2500, 0.54), (2799, 0.01), (2800, 0.3), (3000, 0.25), (3199, 0.005), (3200, 0.35), (3400, 0.3), (3560, 0.005))

# The two gender words stand in the same places, so their (tied) embeddings become all but equal, and then copying cannot begin to tell
# them apart. At this step they are pushed apart, each by the same random direction of this length.
SEPARATE_AT, SEPARATE_BY = 2200, 1.0


def separate_genders(network, codec):
    direction = torch.randn(network.model.embed_tokens.weight.shape[1], generator=torch.Generator().manual_seed(SEED))
    direction *= SEPARATE_BY / direction.norm()
    with torch.no_grad():
        for word, sign in ((" male", 1), (" female", -1)):
            (token,) = codec.encode(word)
            network.model.embed_tokens.weight[token] += sign * direction


def learning_rate(step, rates=RATES):
    """Share of the peak rate."""
    return next(
        low + (high - low) * (step - start) / (end - start)
        for (start, low), (end, high) in zip(rates, rates[1:]) if step <= end)


def draw_pool(codec, number):
    """The examples of BATCHES_PER_POOL steps, cut into batches of like length."""
    early = number * BATCHES_PER_POOL < EARLY_STEPS
    rng = random.Random(f"{SEED}-{number}")
    size = EARLY_BATCH if early else BATCH
    step = number * BATCHES_PER_POOL
    late = {} if step < LATE_FROM else LATE if step < PRACTISE_FROM else {**LATE, "practise": PRACTISE}
    if step >= FINISH_FROM:
        late = FINISH
    if step >= LEAN_FROM:
        late = LEAN
    pool = [draw_example(codec, rng, EARLY_SHARES if early else None, **late) for _ in range(size * BATCHES_PER_POOL)]
    return cut_pool(pool, size, rng)


def cut_pool(pool, size, rng):
    """Batches of like length, in random order."""
    pool.sort(key=lambda sequence: len(sequence.ids))
    batches = [pool[i:i + size] for i in range(0, len(pool), size)]
    rng.shuffle(batches)
    return batches


def train_step(network, optimizers, batch, scale, answers):
    """One step at a share of the peak rate. answers: the ids of the two answer words. -> what to log."""
    ids, positions, mask, picked, targets, weights = collate(batch)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        logits = network(ids, positions, mask.to(torch.bfloat16), picked).float()
    losses = F.cross_entropy(logits, targets, reduction="none")
    loss = (losses * weights).sum() / weights.sum()
    loss.backward()
    torch.nn.utils.clip_grad_norm_(optimizers[1].param_groups[0]["params"], 1.0)
    for optimizer in optimizers:
        for group in optimizer.param_groups:
            group["lr"] = group["peak"] * scale
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
    return {"loss": loss.item(), **accuracy(logits.detach(), targets, weights, answers), "tokens": ids.numel()}


def accuracy(logits, targets, weights, answers):
    """Shares of right predictions: of answers, and of all heavy tokens (facts, stances and decisions)."""
    right = (logits.argmax(-1) == targets).float()
    answered = sum(targets == answer for answer in answers).bool()
    band = weights >= BAND
    return {
        "answers": right[answered].mean().item(), "heavy": right[weights >= FACT].mean().item(),
        "band": right[band].mean().item() if band.any() else 1.0,
    }


def run_schedule(network, codec, run_folder, schedule):
    """Trains from the last checkpoint to the schedule's last step. schedule: steps, rate(step), draw_pool(number), before(step)."""
    optimizers = make_optimizers(network)
    run_folder.mkdir(parents=True, exist_ok=True)
    checkpoint, first, seconds, processor = run_folder / "checkpoint.pt", 0, 0.0, 0.0
    if checkpoint.exists():
        saved = torch.load(checkpoint, weights_only=True)
        network.load_state_dict(saved["network"])
        for optimizer, state in zip(optimizers, saved["optimizers"]):
            optimizer.load_state_dict(state)
        first, seconds, processor = saved["step"], saved["seconds"], saved.get("processor", 0.0)
    print("parameters", sum(weight.numel() for weight in network.parameters()), "from step", first, flush=True)
    started, processor = time.time() - seconds, processor - time.process_time()
    batches, means = None, {}
    for step in range(first, schedule.steps):
        if batches is None or step % BATCHES_PER_POOL == 0:
            batches = schedule.draw_pool(step // BATCHES_PER_POOL)
        schedule.before(step)
        seen = train_step(network, optimizers, batches[step % BATCHES_PER_POOL], schedule.rate(step), list(codec.answers.values()))
        means = {key: 0.95 * means.get(key, value) + 0.05 * value for key, value in seen.items()}
        if (step + 1) % 20 == 0:
            minutes = {"minutes": (time.time() - started) / 60, "CPU minutes": (processor + time.process_time()) / 60}
            line = {"step": step + 1, **{key: round(value, 2) for key, value in minutes.items()}, **{key: round(value, 4) for key, value in means.items()}}
            print(json.dumps(line), flush=True)
        if (step + 1) % CHECKPOINT_EVERY == 0 or step + 1 == schedule.steps:
            state = {
                "step": step + 1, "seconds": time.time() - started, "processor": processor + time.process_time(), "shape": network.shape,
                "network": network.state_dict(), "optimizers": [o.state_dict() for o in optimizers]}
            torch.save(state, checkpoint.with_suffix(".part"))
            checkpoint.with_suffix(".part").replace(checkpoint)
    assert math.isfinite(means.get("loss", 0.0))


@dataclass(frozen=True)
class Schedule:
    steps: int
    rate: Callable[[int], float]
    draw_pool: Callable[[int], list]
    before: Callable[[int], None] = lambda step: None


def main(model_folder, run_folder):
    torch.set_num_threads(1)
    torch.manual_seed(SEED)
    codec = Codec(model_folder)
    network = Decoder(codec.tokenizer.get_vocab_size())
    before = lambda step: separate_genders(network, codec) if step == SEPARATE_AT else None
    run_schedule(network, codec, run_folder, Schedule(STEPS, learning_rate, lambda number: draw_pool(codec, number), before))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
