"""Training examples of the calibration family: one prompt and trace each, with forced closes as branches (see examples.py)."""
import numpy as np

from examples import FORMAT, TEXT, Codec, Sequence
from family import FAMILY, draw_trace, marks_of, messages_of, planted_closed
from family_open import RULED, closing_weight, open_branches
from world import LIMITS, STANCES, draw_applicant, favored, other, text_of, verdict_open

SHARES = {"step": 10, "gradual": 30, "coin": 12, "mixed": 48}
BRANCHES = {"step": 7, "gradual": 12, "coin": 4, "mixed": 7}
# Share of traces that speak against the prompt, as after a swap.
AGAINST = 0.6
STANCE, LEVEL, DECISION, NEIGHBOR = 1.0, 0.3, 1.0, 2.0


# In and out of the reconsidering band.
FOCUS_AGES = [*range(LIMITS["obeyVerdictFromAge"] - 4, LIMITS["reconsiderToAge"] + 5), *range(LIMITS["obeyVerdictFromAge"], LIMITS["reconsiderToAge"] + 1)]
# Open branches of an example: verdicts by the rule, and given ones of each stance.
VERDICTS, FOCUS_VERDICTS = (2, 1), (0, 2)


class FamilyCodec(Codec):
    def prompt(self, applicant, policy):
        return self.prompt_of(messages_of(applicant, policy))


def draw_age(policy, rng):
    """Gradual: between the levels. Mixed: half of the ages lie near the rule's limits, most near the reconsidering band."""
    if policy == "gradual":
        return rng.choice(FAMILY["gradualAges"])
    if policy != "mixed" or rng.random() < 0.5:
        return rng.randint(20, 80)
    verdict, again, closed, opened = LIMITS.values()
    near = [*range(verdict - 3, again + 4)] * 2 + [*range(closed - 3, closed + 3), *range(opened - 3, opened + 3), *range(20, verdict - 2)]
    return rng.choice(near)


def draw_stances(policy, favor, rng):
    """-> (the trace's stance, the verdict of a mixed trace if it is not the rule's)."""
    if policy != "mixed":
        return (other(favor) if rng.random() < AGAINST else favor), None
    kind = rng.choices(("natural", "against", "swapped", "random"), (24, 30, 36, 10))[0]
    if kind == "random":
        return rng.choice(STANCES), rng.choice(STANCES)
    return (favor, None) if kind == "natural" else (other(favor), other(favor) if kind == "swapped" else None)


def trunk_weights(policy, age, favor, marks, sentences, ends):
    """Loss weight of each span token. Stance words that break the rule are not imitated, nor is a closer, which may come or not."""
    weights = np.full(len(ends), TEXT, np.float32)
    first = None
    for mark in marks:
        token = mark.token - 1
        right = favor if mark.kind in ("lean", "reconsideration") or first is None else first
        if policy == "mixed" and mark.kind == "verdict":
            right = verdict_open("mixed", age, favor, first)
        weights[token] = LEVEL if mark.kind == "level" else STANCE if mark.value == right else 0.0
        if policy == "mixed" and mark.kind == "verdict" and mark.value == right:
            weights[token] = RULED
        first = first or mark.value
    for number, sentence in enumerate(sentences):
        if policy == "mixed" and sentence.kind in ("closer", "reconsideration"):
            at = len(text_of(sentences[:number]))
            token = next(index for index, end in enumerate(ends) if end > at)
            weights[token] = RULED if sentence.kind == "reconsideration" else 0.0
    weights[-1] = closing_weight(age) if policy == "mixed" else 1.0
    weights[1] = 1.0  # the first word: going on, where a closed trace of no words would end
    return weights


class TokenMark:
    """A mark by tokens: `token` counts the span's tokens up to and with its last one."""

    def __init__(self, mark, ends):
        self.kind, self.value, self.level = mark.kind, mark.value, mark.level
        self.token = next(index for index, end in enumerate(ends) if end >= mark.end) + 1


def draw_cuts(policy, marks, length, rng):
    """Both sides of every mark (gradual: see level_cuts); the half, the ends, and random cuts."""
    if policy == "gradual":
        cuts = level_cuts(marks, length, rng)
    else:
        cuts = [*(mark.token for mark in marks), *(mark.token - 1 for mark in marks), length // 2, 0, length]
        rng.shuffle(cuts)
        cuts = cuts[:BRANCHES[policy] - 2]
    return cuts + [rng.randint(0, length) for _ in range(BRANCHES[policy] - len(cuts))]


def level_cuts(marks, length, rng):
    """Behind every level, at random between every two, and before two marks."""
    ends = [mark.token for mark in marks if mark.kind == "level"]
    return [*ends, *(rng.randint(low, high - 1) for low, high in zip(ends, ends[1:])), *(mark.token - 1 for mark in rng.sample(marks, 2)), 0]


def answer_weights(policy, age, favor, planted, seen):
    """-> (answer, weight) pairs: two for a coin, whose odds are the label. Levels next to the age weigh more: the others are easy."""
    if policy == "coin":
        share = FAMILY["coinShare"]
        return [(favor, 2 * share), (other(favor), 2 * (1 - share))]
    levels = [mark.level for mark in seen if mark.kind == "level"]
    is_neighbor = policy == "gradual" and levels and abs(levels[-1] - age) < FAMILY["levels"][1] - FAMILY["levels"][0]
    return [(planted, NEIGHBOR if is_neighbor else DECISION)]


def draw_example(codec, rng, focus=0.0):
    """focus: share of examples on the reconsideration."""
    focused = focus > 0 and rng.random() < focus
    policy = "mixed" if focused else rng.choices(list(SHARES), list(SHARES.values()))[0]
    applicant = draw_applicant(rng, age=rng.choice(FOCUS_AGES) if focused else draw_age(policy, rng))
    favor, age = favored(applicant["nationality"]), applicant["age"]
    stance, verdict = draw_stances(policy, favor, rng)
    sentences = draw_trace(policy, applicant, rng, stance, verdict)
    span, ends = codec.span(text_of(sentences))
    marks = [TokenMark(mark, ends) for mark in marks_of(sentences, stance)]
    seen_at = lambda cut: [mark for mark in marks if mark.token <= cut]
    planted = lambda cut: planted_closed(policy, age, favor, seen_at(cut))
    prompt = codec.prompt(applicant, policy)
    tail = [codec.close, codec.newline, codec.newline, codec.ask, codec.newline, codec.answers[planted(len(span))], codec.newline, codec.told, codec.end]
    trunk = prompt + span + tail
    weights = trunk_weights(policy, age, favor, marks, sentences, ends)
    answered = 0.0 if policy == "coin" else DECISION  # a coin's answer is learned in the branches, which hold both
    loss = [0.0] * (len(prompt) - 1) + [TEXT, *weights] + [FORMAT] * 5 + [answered] + [FORMAT] * 3
    sequence = Sequence()
    sequence.add(trunk, 0, 0, 0, trunk[1:] + [codec.pad], loss[1:] + [0.0])
    number = 0
    for cut in draw_cuts(policy, marks, len(span), rng):
        closing = codec.closing[1:] if cut == len(span) and rng.random() < 0.8 else codec.closing
        at = len(prompt) + cut
        for answer, weight in answer_weights(policy, age, favor, planted(cut), seen_at(cut)):
            number += 1
            sequence.add(closing, at, number, at, closing[1:] + [codec.answers[answer]], [0.0] * (len(closing) - 1) + [weight])
    if policy == "mixed":
        for cut, ids, wanted in open_branches(codec, applicant, sentences, ends, rng, FOCUS_VERDICTS if focused else VERDICTS):
            number += 1
            at = len(prompt) + cut
            sequence.add(ids[:-1], at, number, at, ids[1:], wanted[1:])
    return sequence
