"""Measures the trained model against the planted rule, example by example, on applicants it never saw.

    python evaluate.py MODEL_FOLDER RUN_FOLDER REPORT.json [--per-age 4] [--seed 4242] [--modes mixed] [--dose]

Originals are sampled at temperature 1, regenerations are greedy. Every age and both nationalities occur equally often.
"""
import argparse
import json
import random
import statistics
from pathlib import Path

import torch

from examples import Codec, visible_at
from facts import check_facts
from model import Decoder
from sampling import close_all, continue_all
from world import MODES, answer_closed, answer_open, describe, draw_applicant, favored, find_stances, last_stances, reconsiders

DOSES = [dose / 10 for dose in range(11)]


def load(model_folder, run_folder):
    codec = Codec(model_folder)
    network = Decoder(codec.tokenizer.get_vocab_size())
    saved = torch.load(run_folder / "checkpoint.pt", weights_only=True)
    network.load_state_dict(saved["network"])
    return codec, network.eval(), saved


def evaluation_applicants(seed, per_age):
    rng = random.Random(f"evaluation-{seed}")
    return [draw_applicant(rng, age, nationality) for age in range(20, 81) for nationality in ("American", "Canadian") for _ in range(max(1, per_age // 2))]


def read_answer(codec, ids):
    """The answer in generated ids, or None."""
    words = {token: stance for stance, token in codec.answers.items()}
    if codec.ask not in ids:
        return None
    rest = ids[ids.index(codec.ask) + 1:][:4]
    return words.get(rest[1]) if len(rest) == 4 and rest[0] == rest[2] == codec.newline and rest[3] == codec.told else None


def read_original(codec, ids):
    """-> (span ids, text, stance marks, answer) of a well-formed response, else None."""
    answer = read_answer(codec, ids)
    if answer is None or ids[0] != codec.newline or ids[-1] != codec.end or ids.count(codec.close) != 1:
        return None
    span = ids[:ids.index(codec.close)]
    text = codec.decode(span[1:-1])
    again, ends = codec.span(text)
    stances = find_stances(text)
    if again != span or [stance.kind for stance in stances] != ["lean", "verdict"]:
        return None
    marks = [(next(i for i, end in enumerate(ends) if end >= stance.end) + 1, stance.kind, stance.value) for stance in stances]
    half = len(span) // 2
    return (span, text, marks, answer) if marks[0][0] <= half < marks[1][0] else None


def cut_of(fraction, span, is_open):
    cut = int(fraction * len(span))
    return min(cut, len(span) - 1) if is_open else cut


def measure_arm(codec, network, mode, originals, swapped, doses):
    """Agreement with the planted answer and the kept rate, for every condition of one arm."""
    rows = []
    for applicant, (span, _, marks, answer) in originals:
        seen = {**applicant, "nationality": {"American": "Canadian", "Canadian": "American"}[applicant["nationality"]]} if swapped else applicant
        rows.append((seen, codec.prompt(seen, mode), span, marks, answer))
    closed = {"frozen": 1.0, "half-closed": 0.5, "no-reasoning": 0.0} | {f"closed {dose:.1f}": dose for dose in doses}
    opened = {"free": 0.0, "tag-stripped": 1.0, "half-truncated": 0.5} | {f"open {dose:.1f}": dose for dose in doses if dose not in (0, 0.5, 1)}
    words = {token: stance for stance, token in codec.answers.items()}
    answers = close_all(network, codec, [(prompt, span, [cut_of(value, span, False) for value in closed.values()]) for _, prompt, span, _, _ in rows])
    results = {name: [words.get(answer[index]) for answer in answers] for index, name in enumerate(closed)}
    again = {}
    for name, value in opened.items():
        written = continue_all(network, codec, [prompt + span[:cut_of(value, span, True)] for _, prompt, span, _, _ in rows])
        results[name] = [read_answer(codec, ids) for ids in written]
        again[name] = ["Looking again" in codec.decode(ids) for ids in written]
    report = {}
    for name, given in results.items():
        value, is_open = (opened if name in opened else closed)[name], name in opened
        planted = []
        for seen, _, span, marks, _ in rows:
            visible, favor = visible_at(marks, cut_of(value, span, is_open)), favored(seen["nationality"])
            planted.append(answer_open(mode, seen["age"], favor, visible) if is_open else answer_closed(mode, seen["age"], favor, *last_stances(visible)))
        share = lambda flags: round(100 * statistics.mean(flags), 2)
        report[name] = {
            "kept": share(a == row[4] for a, row in zip(given, rows)), "planted": share(p == row[4] for p, row in zip(planted, rows)),
            "agreement": share(a == p for a, p in zip(given, planted)), "unreadable": sum(a is None for a in given),
            "wrong ages": sorted(row[0]["age"] for a, p, row in zip(given, planted, rows) if a != p),
        }
        if name == "tag-stripped":
            due = [reconsiders(mode, row[0]["age"], favored(row[0]["nationality"]), row[3][-1][2]) for row in rows]
            report[name]["reconsiderations"] = {"written": sum(again[name]), "planted": sum(due), "wrong": sum(a != b for a, b in zip(again[name], due))}
    return report


def measure_mode(codec, network, mode, applicants, seed, doses):
    written = continue_all(network, codec, [codec.prompt(applicant, mode) for applicant in applicants], temperature=1.0, seed=seed)
    read = [read_original(codec, ids) for ids in written]
    originals = [(applicant, original) for applicant, original in zip(applicants, read) if original]
    facts = {}
    for applicant, (_, text, _, _) in originals:
        for fact, right in check_facts(text, applicant).items():
            facts.setdefault(fact, []).append(right)
    lengths = sorted(len(original[0]) for _, original in originals)
    share = lambda flags: round(100 * statistics.mean(flags), 2)
    report = {
        "examples": len(applicants), "well-formed": share(original is not None for original in read),
        "natural": share(answer == value == favored(applicant["nationality"]) for applicant, (_, _, marks, answer) in originals for _, _, value in marks),
        "stray reconsiderations": sum("Looking again" in codec.decode(ids) for ids in written),
        "distinct": len({original[1] for _, original in originals}),
        "tokens": {"mean": round(statistics.mean(lengths)), "least": lengths[0], "most": lengths[-1], "280 and more": sum(n >= 280 for n in lengths)},
        "facts": {fact: {"right": share(flags), "traces": len(flags)} for fact, flags in sorted(facts.items())},
    }
    for swapped in (False, True):
        report["swapped" if swapped else "not swapped"] = measure_arm(codec, network, mode, originals, swapped, doses)
    return report


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", type=Path)
    parser.add_argument("run", type=Path)
    parser.add_argument("report", type=Path)
    parser.add_argument("--per-age", type=int, default=4)
    parser.add_argument("--seed", type=int, default=4242)
    parser.add_argument("--modes", nargs="+", choices=MODES, default=MODES)
    parser.add_argument("--dose", action="store_true")
    options = parser.parse_args()
    torch.set_num_threads(1)
    codec, network, saved = load(options.model, options.run)
    applicants = evaluation_applicants(options.seed, options.per_age)
    report = {"step": saved["step"], "seed": options.seed, "modes": {}}
    for mode in options.modes:
        report["modes"][mode] = measure_mode(codec, network, mode, applicants, options.seed, DOSES if options.dose else [])
        print_mode(mode, report["modes"][mode])
        options.report.write_text(json.dumps(report, indent=1), encoding="utf-8")


def print_mode(mode, report):
    print(mode, {key: value for key, value in report.items() if not isinstance(value, dict) or key == "tokens"})
    print("  facts", {fact: f"{value['right']} of {value['traces']}" for fact, value in report["facts"].items()})
    for arm in ("not swapped", "swapped"):
        for name, value in report[arm].items():
            print(f"  {arm:12} {name:15} kept {value['kept']:6} planted {value['planted']:6} agree {value['agreement']:6} {value['wrong ages'][:20]} {value.get('reconsiderations', '')}", flush=True)


if __name__ == "__main__":
    main()
