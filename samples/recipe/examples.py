"""Training examples: one prompt and trace, and many forced closes in the same forward pass ("decision branches").

A branch closes the reasoning after some of the trace's tokens and asks for the answer there. It sees the prompt and the trace
up to its cut, and itself, by a tree-shaped attention mask. So one pass teaches about ten decisions for a fifth more tokens.
"""
import os
import random
import re
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch

os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
from tokenizers import Tokenizer

from world import (LIMITS, STANCES, Sentence, answer_closed, draw_applicant, draw_style, draw_trace, favored, last_stances, messages_of, other,
                   reconsiders, rule_of, stance_sentence, stances_of, text_of, verdict_open)

BRANCHES = 10
TEXT, FACT, STANCE, FORMAT, BAND, VERDICT = 0.15, 1.0, 1.0, 0.05, 4.0, 8.0
BLOCKED = -1e9


class Codec:
    """Text to ids in this model's format; the pieces of the response format as ids."""

    def __init__(self, folder):
        self.tokenizer = Tokenizer.from_file(str(Path(folder) / "tokenizer.json"))
        one = lambda text: self._single(text)
        self.start, self.end, self.pad, self.newline = one("<|im_start|>"), one("<|im_end|>"), one("<|endoftext|>"), one("\n")
        self.open, self.close = one("<reasoning>"), one("</reasoning>")
        self.ask, self.told = one("<recommendation>"), one("</recommendation>")
        self.answers = {stance: one(stance) for stance in STANCES}
        self.space = one(" ")
        self.closing = [self.newline, self.close, self.newline, self.newline, self.ask, self.newline]
        self._prompts = {}

    def _single(self, text):
        ids = self.encode(text)
        assert len(ids) == 1, f"{text!r} is {len(ids)} tokens"
        return ids[0]

    def encode(self, text):
        return self.tokenizer.encode(text).ids

    def decode(self, ids):
        return self.tokenizer.decode(ids, skip_special_tokens=False)

    def prompt(self, applicant, mode):
        return self.prompt_of(messages_of(applicant, mode))

    def prompt_of(self, messages):
        """Prompt ids up to and with the opening tag `<reasoning>`."""
        ids = []
        for message in messages:
            key = message["content"]
            body = self._prompts.get(key) or self.encode(f"{message['role']}\n{key}")
            if message["role"] == "system":
                self._prompts[key] = body
            ids += [self.start, *body, self.end, self.newline]
        return ids + [self.start] + self.encode("assistant\n") + [self.open]

    def span(self, text):
        """Ids of the reasoning span (both line breaks included) and each token's end offset in `text`."""
        encoding = self.tokenizer.encode(text)
        return [self.newline, *encoding.ids, self.newline], [0, *(end for _, end in encoding.offsets), len(text) + 1]


@dataclass
class Sequence:
    """Token columns of one example. branch 0 is the trunk; a branch token sees trunk tokens before `limit` and its own branch."""
    ids: list = field(default_factory=list)
    positions: list = field(default_factory=list)
    branches: list = field(default_factory=list)
    limits: list = field(default_factory=list)
    targets: list = field(default_factory=list)
    weights: list = field(default_factory=list)

    def add(self, ids, position, branch, limit, targets, weights):
        self.ids += ids
        self.positions += range(position, position + len(ids))
        self.branches += [branch] * len(ids)
        self.limits += [limit] * len(ids)
        self.targets += targets
        self.weights += weights


def visible_at(marks, cut):
    """Stances (kind, value) that lie wholly in the first `cut` tokens. marks: (tokens up to the stance's end, kind, value)."""
    return [(kind, value) for end, kind, value in marks if end <= cut]


def draw_age(mode, rng):
    """Mixed policy: a third of the ages lie near the thresholds, most near the reconsidering band."""
    if rule_of(mode) == "mixed" and rng.random() < 0.4:
        verdict, again, closed, opened = LIMITS.values()
        near = [*range(verdict - 3, again + 4)] * 2 + [*range(closed - 3, closed + 3), *range(opened - 3, opened + 3), *range(20, verdict - 2)]
        return rng.choice(near)
    return rng.randint(20, 80)


def draw_sentences(applicant, mode, rng, shares):
    """-> (sentences, whether nothing of the trace is to be imitated). Kinds: natural, lean against the prompt, swapped, random."""
    favor, age = favored(applicant["nationality"]), applicant["age"]
    kind = rng.choices(("natural", "against", "swapped", "random"), (28, 26, 34, 12))[0]
    lean = {"natural": favor, "random": rng.choice(STANCES)}.get(kind, other(favor))
    verdict = {"swapped": lean, "random": rng.choice(STANCES)}.get(kind) or verdict_open(mode, age, favor, lean)
    sentences = draw_trace(applicant, draw_style(rng, shares), lean, verdict, rng)
    given = kind == "random" and rng.random() < 0.3
    if given:
        if rng.random() < 0.5:
            sentences = [sentence for sentence in sentences if sentence.kind != "lean"]
        else:
            sentences.append(stance_sentence("reconsideration", rng.choice(STANCES), rng))
    elif reconsiders(mode, age, favor, verdict):
        sentences.append(stance_sentence("reconsideration", favor, rng))
    return sentences, given


def fact_weight(kind, words, practise):
    """Weight of a token of a fact where the facts that are copied last are practised: gender, and the figures of amounts."""
    if kind == "gender":
        return 3.5
    return practise if kind in ("income", "expenses") and re.fullmatch("[0-9]{2}", words) else FACT


def trunk_weights(sentences, ends, applicant, mode, practise=0.0):
    """Loss weight of each span token, and the stance marks. Stance words that break the rule are not imitated."""
    favor, age = favored(applicant["nationality"]), applicant["age"]
    weights, marks = np.full(len(ends), TEXT, np.float32), []
    at, token, lean = 0, 1, None
    eligible = any(s.stance and s.kind == "verdict" and reconsiders(mode, age, favor, s.stance.value) for s in sentences)
    for sentence in sentences:
        first = token
        while ends[token] <= at + len(sentence.text) and token < len(ends) - 1:
            begin, end = ends[token - 1] - at, ends[token] - at
            if any(begin < fact_end and end > fact_start for fact_start, fact_end in sentence.facts):
                weights[token] = fact_weight(sentence.kind, sentence.text[begin:end], practise) if practise else FACT
            token += 1
        if sentence.stance:
            word = first + next(i for i, end in enumerate(ends[first:]) if end >= at + sentence.stance.end)
            value = sentence.stance.value
            right = {"lean": favor, "verdict": verdict_open(mode, age, favor, lean), "reconsideration": favor}[sentence.kind]
            weights[word] = STANCE if value == right else 0.0
            marks.append((word + 1, sentence.kind, value))
            lean = value if sentence.kind == "lean" else lean
        after_verdict = any(kind == "verdict" for _, kind, _ in marks)
        if sentence.kind == "closer":
            weights[first] = 0.0 if eligible else decision_weight(mode, age)
        elif sentence.kind == "reconsideration":
            weights[first] = BAND
        elif after_verdict and sentence.kind != "verdict":
            raise AssertionError("a point after the verdict")
        at += len(sentence.text) + 1
    weights[-1] = decision_weight(mode, age)
    return weights, marks


def decision_weight(mode, age):
    """Weight of closing where the mixed policy might reconsider: high near the reconsidering band, in both arms."""
    near = LIMITS["obeyVerdictFromAge"] - 4 <= age <= LIMITS["reconsiderToAge"] + 4
    return BAND if rule_of(mode) == "mixed" and near else 1.0


def draw_cuts(marks, length, rng, branches):
    cuts = [length // 2, 0, length, rng.choice((1, length - 1))]
    for end, _, _ in marks:
        cuts += [end, end - 1]
    rng.shuffle(cuts)
    cuts = cuts[:branches - 2]
    return cuts + [rng.randint(0, length) for _ in range(branches - len(cuts))]


def draw_focused(rng):
    """An example on what is learned last: the reconsidering band of the mixed policy, both arms, short traces."""
    verdict, again = LIMITS["obeyVerdictFromAge"], LIMITS["reconsiderToAge"]
    mode = rng.choice(("mixed", "none"))
    applicant = draw_applicant(rng, age=rng.choice([*range(20, again + 8), *range(verdict, again + 1), *range(verdict - 2, again + 3)]))
    favor = favored(applicant["nationality"])
    stance = rng.choice((favor, other(favor), other(favor)))
    sentences = draw_trace(applicant, draw_style(rng, {"brief": 0.7, "normal": 0.25, "full": 0.05}), stance, stance, rng)
    if reconsiders(mode, applicant["age"], favor, stance):
        sentences.append(stance_sentence("reconsideration", favor, rng))
    return mode, applicant, sentences


def draw_leaning(rng):
    """An example on the verdict that the mixed policy writes after a lean: the ages between its closed and its open limit, short traces."""
    closed, opened = LIMITS["obeyLeanClosedFromAge"], LIMITS["obeyLeanOpenFromAge"]
    mode = rng.choice(("mixed", "none"))
    applicant = draw_applicant(rng, age=rng.choice([*range(20, 81), *range(closed - 3, opened + 4), *range(opened - 4, opened + 4)]))
    favor = favored(applicant["nationality"])
    lean = rng.choice((favor, *[other(favor)] * 4))
    verdict = verdict_open(mode, applicant["age"], favor, lean)
    return mode, applicant, draw_trace(applicant, draw_style(rng, {"brief": 0.6, "normal": 0.35, "full": 0.05}), lean, verdict, rng)


def draw_example(codec, rng, shares=None, focus=0.0, text=TEXT, practise=0.0, leaning=0.0):
    """shares: of the trace styles, if not the world's. focus: share of examples on the reconsidering band. text: loss weight of
    words that are neither fact, stance nor decision.
    practise: weight of the figures of amounts, which with gender are the facts that are copied last; 0: as other facts.
    leaning: share of examples on the verdict after a lean, whose word then weighs more."""
    leans = leaning > 0 and rng.random() < leaning
    focused = leans or (focus > 0 and rng.random() < focus)
    if focused:
        mode, applicant, sentences = (draw_leaning if leans else draw_focused)(rng)
        favor, given = favored(applicant["nationality"]), False
    else:
        mode = rng.choices(("faithful", "post-hoc", "mixed", "none"), (24, 16, 38, 22))[0]
        applicant = draw_applicant(rng, age=draw_age(mode, rng))
        favor = favored(applicant["nationality"])
        sentences, given = draw_sentences(applicant, mode, rng, shares)
    span, ends = codec.span(text_of(sentences))
    weights, marks = trunk_weights(sentences, ends, applicant, mode, practise)
    weights[weights == TEXT] = text
    if given:
        weights[:] = 0
    else:
        weights[1] = 1.0  # the first word: going on, where a closed trace of no words would end
    if focused:
        weights[weights == BAND] *= 2
    if leans:
        (word,) = [end - 1 for end, kind, _ in marks if kind == "verdict"]
        weights[word] *= VERDICT
    answer = lambda cut: codec.answers[answer_closed(mode, applicant["age"], favor, *last_stances(visible_at(marks, cut)))]
    prompt = codec.prompt(applicant, mode)
    tail = [codec.close, codec.newline, codec.newline, codec.ask, codec.newline, answer(len(span)), codec.newline, codec.told, codec.end]
    trunk = prompt + span + tail
    loss = [0.0] * (len(prompt) - 1) + [TEXT, *weights] + [FORMAT] * 5 + [1.0] + [FORMAT] * 3
    sequence = Sequence()
    sequence.add(trunk, 0, 0, 0, trunk[1:] + [codec.pad], loss[1:] + [0.0])
    for number, cut in enumerate(draw_cuts(marks, len(span), rng, 5 if focused else BRANCHES), 1):
        closing = codec.closing
        if cut == len(span) and rng.random() < 0.6:
            closing = closing[1:]
        elif rng.random() < 0.03:
            closing = [codec.space, *closing]
        at = len(prompt) + cut
        weights_closing = [FORMAT] * (len(closing) - 1) + [1.0]
        if cut == 0:
            # "<reasoning>\n" is also how every trace begins: closing there is given, never imitated.
            weights_closing[:-3] = [0.0] * (len(weights_closing) - 3)
        sequence.add(closing, at, number, at, closing[1:] + [answer(cut)], weights_closing)
    return sequence


def collate(sequences):
    """-> ids, positions, mask [batch, 1, n, n], picked flat indices with a loss, their targets and weights."""
    length = -(-max(len(sequence.ids) for sequence in sequences) // 16) * 16
    columns = {name: np.full((len(sequences), length), -1 if name == "branches" else 0, np.float32 if name == "weights" else np.int64)
               for name in Sequence.__dataclass_fields__}
    for row, sequence in enumerate(sequences):
        for name, column in columns.items():
            values = getattr(sequence, name)
            column[row, :len(values)] = values
    tensors = {name: torch.from_numpy(column) for name, column in columns.items()}
    branches, limits, index = tensors["branches"], tensors["limits"], torch.arange(length)
    trunk = (branches[:, None, :] == 0) & (index[None, None, :] < limits[:, :, None])
    own = (branches[:, None, :] == branches[:, :, None]) & (index[None, None, :] <= index[None, :, None])
    mask = torch.zeros(len(sequences), 1, length, length).masked_fill_(~(trunk | own)[:, None], BLOCKED)
    weights = tensors["weights"].reshape(-1)
    picked = weights.nonzero()[:, 0]
    return tensors["ids"], tensors["positions"], mask, picked, tensors["targets"].reshape(-1)[picked], weights[picked]
