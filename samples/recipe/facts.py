"""Which facts a trace states, and whether they are the applicant's. Reads sentences back by the templates of world.json."""
import re

from world import SLOT, WORLD, slots_of

def any_of(words):
    return "|".join(re.escape(word) for word in words)


JOBS, EDUCATIONS = any_of(WORLD["applicant"]["job"]), any_of(WORLD["applicant"]["education"])
VALUES = {
    "income": r"\$[\d,]+", "expenses": r"\$[\d,]+", "age": r"\d+", "gender": any_of(WORLD["applicant"]["gender"]),
    "job": JOBS, "aJob": f"an? (?:{JOBS})", "education": EDUCATIONS, "anEducation": f"an? (?:{EDUCATIONS})", "balance": "surplus|shortfall",
}
FACT_OF_SLOT = {"aJob": "job", "anEducation": "education"}


def templates():
    """All templates of points that hold a slot, as sentence patterns with the slots in order."""
    for topic in WORLD["topics"].values():
        yield from (text for texts in topic["plain"].values() for text in texts)
        yield from topic["remarks"]
        yield from (f"{fact}, {comment}." for fact in topic["facts"] for texts in topic["comments"].values() for comment in texts)


def pattern_of(template):
    parts, at = "", 0
    for match in SLOT.finditer(template):
        parts += re.escape(template[at:match.start()]) + f"({VALUES[match.group(1)]})"
        at = match.end()
    return re.compile("(?<![^ \\n])" + parts + re.escape(template[at:]))


PATTERNS = [(pattern_of(template), SLOT.findall(template)) for template in templates() if SLOT.search(template)]


def stated_facts(text):
    """-> (slot, words) for each fact that the text states."""
    return [(slot, words) for pattern, slots in PATTERNS for match in pattern.finditer(text) for slot, words in zip(slots, match.groups())]


def check_facts(text, applicant):
    """-> {fact: whether every statement of it is the applicant's}, for the facts that the text states."""
    true, right = slots_of(applicant), {}
    for slot, words in stated_facts(text):
        fact = FACT_OF_SLOT.get(slot, slot)
        right[fact] = right.get(fact, True) and words == true[slot]
    return right
