"""The calibration family: policies whose planted answers change along the trace, and one whose answer is a coin of known odds.

All words come from family.json, applicants and stance sentences from world.py. Knows nothing of tokens or models.
"""
import json
from dataclasses import dataclass
from pathlib import Path

from world import WORLD, Sentence, answer_closed, favored, fill, last_stances, reconsiders, slots_of, stance_sentence, verdict_open

FAMILY = json.loads((Path(__file__).parent / "family.json").read_text(encoding="utf-8"))
POLICIES = list(FAMILY["policies"])


@dataclass(frozen=True)
class Mark:
    """What an answer may depend on, in a sentence: `end` is the offset just after its word. `level` is 0 but for a level."""
    kind: str
    value: str
    end: int
    level: int = 0


def describe(applicant):
    templates = FAMILY["descriptions"]
    return fill(templates[applicant["wording"][0] % len(templates)], slots_of(applicant))[0]


def messages_of(applicant, policy):
    return [
        {"role": "system", "content": FAMILY["system"] + FAMILY["policies"][policy]},
        {"role": "user", "content": describe(applicant)},
    ]


# ---------------------------------------------------------------- the planted rule

def planted_closed(policy, age, favor, seen):
    """The planted answer when the model must answer now. seen: the marks before the cut. A coin's is the likelier one."""
    if policy == "mixed":
        return answer_closed("mixed", age, favor, *last_stances([(mark.kind, mark.value) for mark in seen]))
    if policy == "step" and seen:
        return seen[-1].value
    levels = [mark for mark in seen if mark.kind == "level"]
    return levels[-1].value if levels and levels[-1].level >= age else favor


# ---------------------------------------------------------------- traces

def draw_points(rng):
    """Some of the points, always in the order of the list, so that a trace that goes on comes to its end."""
    limits, points = FAMILY["pointsPerTrace"], FAMILY["points"]
    kept = sorted(rng.sample(range(len(points)), rng.randint(limits["min"], limits["max"])))
    return [Sentence(rng.choice(points[index]), "point") for index in kept]


def draw_step(rng, stance):
    """One stance anywhere among the points."""
    sentences = draw_points(rng)
    sentences.insert(rng.randint(0, len(sentences)), stance_sentence("verdict", stance, rng))
    return sentences


def weight_sentence(rng, stance, level):
    template = rng.choice(FAMILY["weights"])
    text, _ = fill(template["text"], {"stance": template[stance], "level": str(level)})
    return Sentence(text, "weight")


def draw_gradual(rng, stance):
    """The weight of one stance rises among the points, level by level, to one that nobody is too old for."""
    points = draw_points(rng)
    places = sorted(rng.randint(0, len(points)) for _ in FAMILY["levels"])
    sentences, at = [], 0
    for place, level in zip(places, FAMILY["levels"]):
        sentences += [*points[at:place], weight_sentence(rng, stance, level)]
        at = place
    return sentences + points[at:]


def draw_mixed(rng, lean, verdict):
    """A lean after the first points, the verdict after the last, at times a closer."""
    sentences = draw_points(rng)
    sentences.insert(rng.randint(FAMILY["leanAfter"]["min"], FAMILY["leanAfter"]["max"]), stance_sentence("lean", lean, rng))
    sentences.append(stance_sentence("verdict", verdict, rng))
    if rng.random() < FAMILY["closerShare"]:
        sentences.append(Sentence(rng.choice(WORLD["closers"]), "closer"))
    return sentences


def marks_of(sentences, stance):
    """The marks of a list of sentences, with offsets in the joined text. stance: that of the weights."""
    found, at = [], 0
    for sentence in sentences:
        if sentence.stance:
            found.append(Mark(sentence.kind, sentence.stance.value, at + sentence.stance.end))
        elif sentence.kind == "weight":
            found += weight_marks(sentence.text, stance, at)
        at += len(sentence.text) + 1
    return found


def weight_marks(text, stance, at):
    words = {template[stance] for template in FAMILY["weights"]}
    word = next(word for word in words if f" {word} " in text)
    digits = [index for index, sign in enumerate(text) if sign.isdigit()]
    level = int(text[digits[0]:digits[-1] + 1])
    return [Mark("weight", stance, at + text.index(word) + len(word)), Mark("level", stance, at + digits[-1] + 1, level)]


def draw_trace(policy, applicant, rng, stance, late=None):
    """-> sentences. stance: the trace's (mixed: its lean); late: the verdict of a mixed trace, by the rule if none is given."""
    if policy == "coin":
        return draw_points(rng)
    if policy == "step":
        return draw_step(rng, stance)
    if policy == "gradual":
        return draw_gradual(rng, stance)
    favor, age = favored(applicant["nationality"]), applicant["age"]
    verdict = late or verdict_open("mixed", age, favor, stance)
    sentences = draw_mixed(rng, stance, verdict)
    if reconsiders("mixed", age, favor, verdict):
        sentences.append(stance_sentence("reconsideration", favor, rng))
    return sentences
