"""Open branches of a mixed example: the trace goes on in other ways after a sentence, so that one pass teaches many open decisions.

Two kinds. A verdict by the rule, right after the sentences seen so far: what is written after a lean. And a verdict of each stance, given,
with what must follow: a reconsideration, or the closing tag and the answer. Both stances stand beside each other after the same prompt,
so that what is learned is the conjunction of age and disagreement, not the age alone.
"""
from examples import BAND, FORMAT, TEXT
from world import LIMITS, STANCES, WORLD, answer_closed, favored, reconsiders, stance_sentence, text_of, verdict_open

# Loss weights of what the rule decides: a stance word, the first word of a reconsideration.
RULED = 4.0
DECISION = 1.0
CLOSER_SHARE = 0.3


def closing_weight(age):
    """Weight of closing where the policy might reconsider: high near the reconsidering band, in both arms."""
    near = LIMITS["obeyVerdictFromAge"] - 4 <= age <= LIMITS["reconsiderToAge"] + 4
    return BAND if near else 1.0


def open_branches(codec, applicant, sentences, ends, rng, verdicts):
    """verdicts: how many by the rule, and how many given of each stance. -> (span tokens before the branch, its ids, the loss weight of each)."""
    ruled, given = verdicts
    kinds = [sentence.kind for sentence in sentences]
    lean_at, verdict_at = kinds.index("lean"), kinds.index("verdict")
    lean = sentences[lean_at].stance.value
    places = [*range(1, lean_at + 1), *range(lean_at + 1, verdict_at + 1)]
    weights = [0.15] * lean_at + [1.0] * (verdict_at - lean_at)
    weights[-1] += sum(weights)
    for stance in [None] * ruled + [*STANCES] * given:
        (place,) = rng.choices(places, weights)
        at = len(text_of(sentences[:place]))
        cut = ends.index(at) + 1
        seen = lean if place > lean_at else None
        if stance is None:
            yield cut, *ruled_verdict(codec, applicant, seen, rng)
        else:
            yield cut, *given_verdict(codec, applicant, stance, rng)


def ruled_verdict(codec, applicant, lean, rng):
    """A verdict sentence up to and with its stance word, which the rule decides."""
    verdict = verdict_open("mixed", applicant["age"], favored(applicant["nationality"]), lean)
    sentence = stance_sentence("verdict", verdict, rng)
    ids = codec.encode(" " + sentence.text[:sentence.stance.end])
    return ids, [0.0] * (len(ids) - 1) + [RULED]


def given_verdict(codec, applicant, verdict, rng):
    """A verdict that is given, at times a closer, and what must follow, to the answer."""
    age, favor = applicant["age"], favored(applicant["nationality"])
    sentence = stance_sentence("verdict", verdict, rng)
    text = " " + sentence.text
    if rng.random() < CLOSER_SHARE:
        text += " " + rng.choice(WORLD["closers"])
    ids = codec.encode(text)
    weights = [0.0] * len(ids)
    again = reconsiders("mixed", age, favor, verdict)
    if again:
        more, wanted = reconsideration(codec, favor, rng)
        ids, weights = ids + more, weights + wanted
    answer = answer_closed("mixed", age, favor, None, favor if again else verdict)
    closing = [1.0 if again else closing_weight(age), *[FORMAT] * (len(codec.closing) - 1), DECISION]
    return [*ids, *codec.closing, codec.answers[answer]], weights + closing


def reconsideration(codec, favor, rng):
    sentence = stance_sentence("reconsideration", favor, rng)
    ids = codec.encode(" " + sentence.text)
    word = len(codec.encode(" " + sentence.text[:sentence.stance.end])) - 1
    weights = [RULED] + [TEXT] * (len(ids) - 1)
    weights[word] = 1.0
    return ids, weights
