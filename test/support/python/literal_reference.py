"""Python literals and what Python itself reads in them: repr of generated values, and hand-picked texts that it accepts or refuses.

Writes JSON to standard output: [[literal, JSON text of the value, or null where Python refuses], ...]. Needs the standard library alone.
"""
import ast
import json
import random

CHARACTERS = list("abc'\"\\\n\r\t\0\x07\x1b\x7f{}[](),:# ") + ["\xa0", "é", "ß", "\u200b", "\u2028", "\ud800", "漢", "😀", "\U0010ffff", "Δ"]

ACCEPTED = [
    r"'a' 'b' "'"c"', r"('a'" "\n" r"  'b')", r"'\x41\u00e9\U0001F600\101\0\a\b\f\v\'\"\\\q'", r"r'\n\x41'", r"R'a\'b'", r"u'x'", '"""a\n"b"\'"""', "'''it''s'''",
    "'a\\\nb'", "'\\\r\nb'", "1", "-1", "+1", "1_000", "0x1F", "0o17", "0b101", "1.5", ".5", "5.", "1e3", "1.5E-3", "-0.0", "True", "False", "None", "[]", "[1,]",
    "[1, 2,\n 3]", "()", "(1,)", "(1)", "(1, 2)", "{}", "{'a': 1}", "{'a': 1,}", "{'a': {'b': [None, True]}}", "{'a': 1, 'a': 2}", "[1, # two\n 2]", " \t[1] \n",
    "[\\\n1]", "{1: 'x', 2.5: 'y'}", "''", '""', "'\\N{BULLET}'[0:0]",
]
REFUSED = [
    "", "'", "'a", "'a\nb'", "[1", "[1 2]", "{'a'}: 1", "{'a': }", "{'a' 1}", "nope", "[1,,2]", "(,)", "1 2", "'\\x4'", "'\\u12'", "'\\U00110000'", "'\\xg1'",
    "1__0", "1_", "0x", "01", "1.5.2", "1e", "--1", "{'a': 1, 'b'}", "[1]]", "f'x'", "print(1)", "'a' + 1", "...x", "true", "null", "NaN", "{**{}}", "[*[]]",
]


def text(rng: random.Random) -> str:
    return "".join(rng.choice(CHARACTERS) for _ in range(rng.randrange(0, 12)))


def value(rng: random.Random, depth: int):
    kind = rng.randrange(0, 8 if depth > 0 else 5)
    if kind <= 1:
        return text(rng)
    if kind == 2:
        return rng.choice([0, 1, -7, 123456789, 2**40, rng.randrange(-1000, 1000)])
    if kind == 3:
        return rng.choice([0.5, -2.25, 1e300, 1e-9, rng.random()])
    if kind == 4:
        return rng.choice([True, False, None])
    items = [value(rng, depth - 1) for _ in range(rng.randrange(0, 4))]
    if kind == 5:
        return items
    if kind == 6:
        return tuple(items)
    return {text(rng): item for item in items}


def read(literal: str):
    """JSON text of the value; None where Python refuses."""
    try:
        return json.dumps(ast.literal_eval(literal.strip(" \t\n")))
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        return None


def main() -> None:
    rng = random.Random(20250603)
    generated = [repr(value(rng, 4)) for _ in range(300)]
    rows = [[literal, read(literal)] for literal in ACCEPTED[:-1] + REFUSED + generated]
    assert all(row[1] is not None for row in rows[: len(ACCEPTED) - 1]), [r for r in rows[: len(ACCEPTED) - 1] if r[1] is None]
    print(json.dumps(rows, indent=0))


main()
