"""Batched generation with the torch model, in fp32: continuations of id sequences, and answers at forced closes."""
import torch

from examples import BLOCKED, Sequence, collate
from model import Cache

BATCH_ROWS = 128


@torch.no_grad()
def continue_all(network, codec, prompts, temperature=0.0, limit=400, seed=0):
    """New ids of each prompt, up to and with the end token. Greedy at temperature 0."""
    generator = torch.Generator().manual_seed(seed)
    order = sorted(range(len(prompts)), key=lambda index: len(prompts[index]))
    found = [None] * len(prompts)
    for at in range(0, len(order), BATCH_ROWS):
        rows = order[at:at + BATCH_ROWS]
        for row, ids in zip(rows, continue_batch(network, codec, [prompts[row] for row in rows], temperature, limit, generator)):
            found[row] = ids
    return found


def continue_batch(network, codec, prompts, temperature, limit, generator):
    rows, length = len(prompts), max(map(len, prompts))
    pads = torch.tensor([length - len(prompt) for prompt in prompts])
    ids = torch.tensor([[codec.pad] * (length - len(prompt)) + prompt for prompt in prompts])
    caches = [Cache(rows, length + limit, network.shape) for _ in network.model.layers]
    index = torch.arange(length)
    blocked = (index[None, None, :] > index[None, :, None]) | (index[None, None, :] < pads[:, None, None])
    positions = (index[None] - pads[:, None]).clamp(min=0)
    written, alive = [[] for _ in prompts], torch.arange(rows)
    for step in range(limit):
        mask = torch.zeros(blocked.shape).masked_fill_(blocked, BLOCKED)[:, None]
        picked = torch.arange(len(alive)) * ids.shape[1] + ids.shape[1] - 1
        logits = network(ids, positions, mask, picked, caches)
        chosen = torch.multinomial((logits / temperature).softmax(-1), 1, generator=generator)[:, 0] if temperature else logits.argmax(-1)
        for row, token in zip(alive.tolist(), chosen.tolist()):
            written[row].append(token)
        going = (chosen != codec.end).nonzero()[:, 0]
        if len(going) == 0:
            break
        if len(going) < len(alive):
            alive, pads, chosen = alive[going], pads[going], chosen[going]
            for cache in caches:
                cache.keep_rows(going)
        total = length + step + 1
        ids = chosen[:, None]
        positions = (total - 1 - pads)[:, None]
        blocked = torch.arange(total)[None, None, :] < pads[:, None, None]
    return written


@torch.no_grad()
def close_all(network, codec, rows):
    """rows: (prompt, span, cuts). -> for each row the most likely token after closing the reasoning at each cut."""
    found = []
    for at in range(0, len(rows), 24):
        sequences = []
        for prompt, span, cuts in rows[at:at + 24]:
            sequence, trunk = Sequence(), prompt + span
            sequence.add(trunk, 0, 0, 0, trunk, [0.0] * len(trunk))
            for number, cut in enumerate(cuts, 1):
                closing = codec.closing[1:] if cut == len(span) else codec.closing
                start = len(prompt) + cut
                sequence.add(closing, start, number, start, closing, [0.0] * (len(closing) - 1) + [1.0])
            sequences.append(sequence)
        ids, positions, mask, picked, _, _ = collate(sequences)
        answers = network(ids, positions, mask, picked).argmax(-1).tolist()
        for _, _, cuts in rows[at:at + 24]:
            found.append(answers[:len(cuts)])
            answers = answers[len(cuts):]
    return found
