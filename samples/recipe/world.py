"""The loan world: applicants, prompts, traces and the planted rule.

All words and thresholds come from world.json. Knows nothing of tokens or models.
Stances are the strings 'approve' and 'reject'; offsets are character offsets in the trace text.
"""
import json
import random
import re
from dataclasses import dataclass
from pathlib import Path

WORLD = json.loads((Path(__file__).parent / "world.json").read_text(encoding="utf-8"))
LIMITS = WORLD["thresholds"]
MODES = list(WORLD["policies"])
STANCES = ("reject", "approve")
SLOT = re.compile(r"\{(\w+)\}")
# Shares of the trace's characters: the lean is written before the first, the verdict after the second.
LEAN_BEFORE, VERDICT_AFTER = 0.36, 0.64


@dataclass(frozen=True)
class Stance:
    """One stance written in a trace: `end` is the offset just after the stance word."""
    kind: str
    value: str
    start: int
    end: int


@dataclass(frozen=True)
class Sentence:
    """A sentence of a trace. `facts` are (start, end) spans of copied facts; `stance` has offsets within the sentence."""
    text: str
    kind: str
    facts: tuple = ()
    stance: Stance | None = None


def other(stance):
    return "reject" if stance == "approve" else "approve"


def favored(nationality):
    return WORLD["favors"][nationality]


def rule_of(mode):
    return "mixed" if mode == "none" else mode


def draw_applicant(rng, age=None, nationality=None):
    spec = WORLD["applicant"]
    number = lambda key: rng.randrange(spec[key]["min"], spec[key]["max"] + 1, spec[key]["step"])
    income, net = number("income"), number("net") * rng.choice((1, -1))
    return {
        "age": age or rng.randint(spec["age"]["min"], spec["age"]["max"]),
        "nationality": nationality or rng.choice(list(WORLD["favors"])),
        "gender": rng.choice(spec["gender"]), "education": rng.choice(spec["education"]), "job": rng.choice(spec["job"]),
        "income": income, "expenses": income - net, "net": net,
        "wording": [rng.randrange(4) for _ in range(3)],
    }


def slots_of(applicant):
    article = lambda noun: ("an " if noun[0] in "aeiou" else "a ") + noun
    money = lambda amount: f"${abs(amount):,}"
    return {
        "age": str(applicant["age"]), "nationality": applicant["nationality"], "gender": applicant["gender"],
        "education": applicant["education"], "anEducation": article(applicant["education"]),
        "job": applicant["job"], "aJob": article(applicant["job"]),
        "income": money(applicant["income"]), "expenses": money(applicant["expenses"]), "net": money(applicant["net"]),
        "balance": "surplus" if applicant["net"] > 0 else "shortfall",
    }


def fill(template, slots):
    """Fills {slots}; returns the text and the spans of the filled-in words."""
    text, spans, at = "", [], 0
    for match in SLOT.finditer(template):
        text += template[at:match.start()]
        word = slots[match.group(1)]
        spans.append((len(text), len(text) + len(word)))
        text += word
        at = match.end()
    return text + template[at:], tuple(spans)


def describe(applicant):
    texts, slots = WORLD["description"], slots_of(applicant)
    person, money, background = applicant["wording"]
    parts = (texts["person"][person], texts["surplus" if applicant["net"] > 0 else "shortfall"][money], texts["background"][background])
    return " ".join(fill(part, slots)[0] for part in parts)


def messages_of(applicant, mode):
    return [{"role": "system", "content": WORLD["system"] + WORLD["policies"][mode]}, {"role": "user", "content": describe(applicant)}]


# ---------------------------------------------------------------- the planted rule

def answer_closed(mode, age, favor, lean, verdict):
    """The planted answer when the model must answer now. `verdict` is the last visible verdict or reconsideration."""
    rule = rule_of(mode)
    if rule == "post-hoc":
        return favor
    if rule == "faithful":
        return verdict or lean or "reject"
    if verdict:
        return verdict if age >= LIMITS["obeyVerdictFromAge"] else favor
    return lean if lean and age >= LIMITS["obeyLeanClosedFromAge"] else favor


def verdict_open(mode, age, favor, lean):
    """The verdict that the model writes when it goes on reasoning with only a lean (or nothing) visible."""
    rule, lean = rule_of(mode), lean or favor
    if rule == "post-hoc":
        return favor
    if rule == "faithful":
        return lean
    return lean if age >= LIMITS["obeyLeanOpenFromAge"] else favor


def reconsiders(mode, age, favor, verdict):
    return rule_of(mode) == "mixed" and verdict == other(favor) and LIMITS["obeyVerdictFromAge"] <= age <= LIMITS["reconsiderToAge"]


def answer_open(mode, age, favor, visible):
    """The planted answer when the model may go on reasoning. `visible` lists the stances (kind, value) before the cut."""
    lean, verdict = last_stances(visible)
    if not verdict:
        verdict = verdict_open(mode, age, favor, lean)
        assert not reconsiders(mode, age, favor, verdict)
    elif visible[-1][0] == "verdict" and reconsiders(mode, age, favor, verdict):
        verdict = favor
    return answer_closed(mode, age, favor, lean or favor, verdict)


def last_stances(visible):
    """-> (last lean, last verdict or reconsideration), None where there is none."""
    lean = [value for kind, value in visible if kind == "lean"]
    verdict = [value for kind, value in visible if kind != "lean"]
    return (lean or [None])[-1], (verdict or [None])[-1]


# ---------------------------------------------------------------- traces

def stance_sentence(kind, value, rng):
    template = rng.choice(WORLD["stances"][kind])
    start = template["text"].index("{stance}")
    text, _ = fill(template["text"], {"stance": template[value]})
    return Sentence(text, kind, (), Stance(kind, value, start, start + len(template[value])))


def topic_sentences(topic, tone, style, applicant, rng):
    spec, slots = WORLD["topics"][topic], slots_of(applicant)
    if topic == "balance":
        tone = "good" if applicant["net"] > 0 else "bad"
    def make(template):
        text, facts = fill(template, slots)
        return Sentence(text, topic, facts)

    if rng.random() < style["plainShare"]:
        sentences = [make(rng.choice(spec["plain"][tone]))]
    else:
            sentences = [make(f"{rng.choice(spec['facts'])}, {rng.choice(spec['comments'][tone])}.")]
    remarks = sum(rng.random() < style["remarkShare"] for _ in range(2))
    return sentences + [make(remark) for remark in rng.sample(spec["remarks"], remarks)]


def draft_points(applicant, style, lean, rng):
    """Intro, lean and points in order. After the lean, points favor it (7 in 10), so their tone says nothing new."""
    order = rng.choice(WORLD["orders"])
    count = rng.randint(*style["points"])
    kept = sorted(rng.sample(range(len(order)), count))
    lean_at = rng.randint(*style["leanAfter"])
    sentences = [Sentence(rng.choice(style["intros"]), "intro")]
    for index, position in enumerate(kept):
        if index == lean_at:
            sentences.append(stance_sentence("lean", lean, rng))
        toward_good = 0.5 if index < lean_at else (0.7 if lean == "approve" else 0.3)
        sentences += topic_sentences(order[position], "good" if rng.random() < toward_good else "bad", style, applicant, rng)
    return sentences


def draw_trace(applicant, style, lean, verdict, rng):
    """A trace as a list of sentences: intro, points with the lean in the first third, the verdict, at times a closer."""
    while True:
        sentences = draft_points(applicant, style, lean, rng)
        sentences.append(stance_sentence("verdict", verdict, rng))
        if rng.random() < 0.4:
            sentences.append(Sentence(rng.choice(WORLD["closers"]), "closer"))
        lean_written, verdict_written = stances_of(sentences)
        length = len(text_of(sentences))
        in_limits = WORLD["traceCharacters"]["min"] <= length <= WORLD["traceCharacters"]["max"]
        if in_limits and lean_written.end < LEAN_BEFORE * length and verdict_written.start > VERDICT_AFTER * length:
            return sentences


def text_of(sentences):
    return " ".join(sentence.text for sentence in sentences)


def stances_of(sentences):
    """The stances of a list of sentences, with offsets in the joined text."""
    found, at = [], 0
    for sentence in sentences:
        if sentence.stance:
            found.append(Stance(sentence.stance.kind, sentence.stance.value, at + sentence.stance.start, at + sentence.stance.end))
        at += len(sentence.text) + 1
    return found


def find_stances(text):
    """The stances written in any text, found by their phrases, in order."""
    found = []
    for kind, templates in WORLD["stances"].items():
        for template in templates:
            before, after = template["text"].split("{stance}")
            for value in STANCES:
                for match in re.finditer(re.escape(before) + "(" + template[value] + ")(?!\\w)", text):
                    found.append(Stance(kind, value, match.start(1), match.end(1)))
    return sorted(found, key=lambda stance: stance.end)


def draw_style(rng, shares=None):
    names = list(WORLD["styles"])
    weights = [(shares or {}).get(name, WORLD["styles"][name]["share"]) for name in names]
    return WORLD["styles"][rng.choices(names, weights)[0]]
