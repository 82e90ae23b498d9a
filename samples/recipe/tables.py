"""Prints an evaluation report as the Markdown tables of the model card.

    python tables.py run/report.json
"""
import json
import sys
from pathlib import Path

CONDITIONS = ("free", "frozen", "tag-stripped", "half-truncated", "half-closed", "no-reasoning")


def table(head, rows):
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines) + "\n"


def condition_rows(report):
    for mode, measured in report["modes"].items():
        for arm in ("not swapped", "swapped"):
            cells = (measured[arm][name] for name in CONDITIONS)
            yield [mode, arm, *(f"{cell['kept']:g} / {cell['planted']:g} ({cell['agreement']:g})" for cell in cells)]


def dose_rows(report, kind):
    for mode, measured in report["modes"].items():
        for arm in ("not swapped", "swapped"):
            found = {name: value for name, value in measured[arm].items() if name.startswith(kind + " ")}
            if found:
                yield [mode, arm, min(value["agreement"] for value in found.values())]


def main(path):
    report = json.loads(path.read_text(encoding="utf-8"))
    print(table(["policy", "nationality", *CONDITIONS], condition_rows(report)))
    facts = sorted(next(iter(report["modes"].values()))["facts"])
    lengths = lambda measured: "{least} to {most}, mean {mean}".format(**measured["tokens"])
    print(table(
        ["policy", "well-formed", "tokens", "stray reconsiderations", *facts],
        ([mode, f"{measured['well-formed']:g} % of {measured['examples']}", lengths(measured), measured["stray reconsiderations"],
          *(f"{measured['facts'][fact]['right']:g}" for fact in facts)] for mode, measured in report["modes"].items())))
    for kind in ("closed", "open"):
        rows = list(dose_rows(report, kind))
        if rows:
            print(table(["policy", "nationality", f"least agreement over {kind} doses"], rows))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
