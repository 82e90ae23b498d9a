"""Writes test/fixtures/statistics/reference.json: what statsmodels, scipy and numpy say, for the tests of engine/measure.

Needs numpy, scipy and statsmodels. With --check it compares a fresh computation with the recorded one instead of writing it.
"""
import json
import math
import platform
import sys
from itertools import product
from pathlib import Path

import numpy as np
import scipy
import statsmodels
from scipy.spatial.distance import jensenshannon
from scipy.special import comb, gammaln
from scipy.stats import binom, norm, permutation_test
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.inter_rater import cohens_kappa
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

FILE = Path(__file__).resolve().parents[2] / "fixtures" / "statistics" / "reference.json"
MASK = 0xFFFFFFFF


class Xoshiro128:
    """xoshiro128** 1.1 after its authors' C source, on whole numbers of any size."""

    def __init__(self, state):
        self.state = list(state)

    def next(self) -> int:
        s = self.state
        result = rotate(s[1] * 5 & MASK, 7) * 9 & MASK
        t = s[1] << 9 & MASK
        s[2] ^= s[0]
        s[3] ^= s[1]
        s[1] ^= s[2]
        s[0] ^= s[3]
        s[2] ^= t
        s[3] = rotate(s[3], 11)
        return result


def rotate(value: int, bits: int) -> int:
    return (value << bits | value >> 32 - bits) & MASK


def seeded(seed: int) -> Xoshiro128:
    return Xoshiro128([murmur_finalizer(seed + 0x9E3779B9 * step & MASK) for step in range(1, 5)])


def murmur_finalizer(h: int) -> int:
    h ^= h >> 16
    h = h * 0x85EBCA6B & MASK
    h ^= h >> 13
    h = h * 0xC2B2AE35 & MASK
    return h ^ h >> 16


def wilson_cases():
    counts = [(0, 1), (1, 1), (0, 20), (20, 20), (3, 20), (208, 244), (184, 244), (92, 244), (1, 1000), (150, 1000), (99999, 100000)]
    for (k, n), confidence in product(counts, (0.9, 0.95, 0.99)):
        yield {"k": k, "n": n, "confidence": confidence, "interval": proportion_confint(k, n, 1 - confidence, "wilson")}


def coverage_cases():
    for n, p in product((10, 50, 244), (0.05, 0.15, 0.37, 0.5, 0.75, 0.852)):
        ks = np.arange(n + 1)
        low, high = proportion_confint(ks, n, 0.05, "wilson")
        yield {"n": n, "p": p, "coverage": binom.pmf(ks, n, p)[(low <= p) & (p <= high)].sum()}


def mcnemar_cases():
    for b, c in [(0, 0), (5, 0), (6, 0), (8, 1), (10, 2), (15, 5), (20, 10), (3, 3), (1, 40), (400, 520), (5000, 5211)]:
        yield {"b": b, "c": c, "p": mcnemar([[7, b], [c, 9]], exact=True).pvalue if b + c else 1.0}


def multiplicity_cases():
    rng = np.random.default_rng(5)
    lists = [[0.01, 0.04, 0.03, 0.005], [0.5], [0.02, 0.02, 0.02], [1.0, 0.9, 0.0], *(rng.random(9) ** 3 for _ in range(3))]
    for ps in lists:
        holm, bh = (multipletests(ps, method=method)[1] for method in ("holm", "fdr_bh"))
        yield {"ps": list(ps), "holm": list(holm), "benjaminiHochberg": list(bh)}


def kappa_cases():
    for table in ([[20, 5], [10, 15]], [[88, 10, 2], [14, 40, 6], [18, 10, 12]], [[3, 4], [4, 3]], [[0, 7], [5, 0]]):
        result = cohens_kappa(np.array(table))
        yield {"table": table, "kappa": result.kappa, "raw": np.trace(table) / np.sum(table)}


def bootstrap_cases():
    rng = np.random.default_rng(11)
    for clusters, seed, replicates in [(12, 1, 400), (50, 7, 300), (61, 2**31 + 5, 250)]:
        whole = rng.integers(1, 6, clusters) / 5
        part = whole * rng.integers(0, 6, clusters) / 5
        random = seeded(seed)
        index = np.array([random.next() * clusters >> 32 for _ in range(replicates * clusters)]).reshape(replicates, clusters)
        ratios = part[index].sum(1) / whole[index].sum(1)
        yield {"part": list(part), "whole": list(whole), "seed": seed, "replicates": replicates,
               "interval": list(np.percentile(ratios, (2.5, 97.5)))}


def permutation_cases():
    rng = np.random.default_rng(3)
    for size in (2, 4, 9, 14, 20):
        differences = np.round(rng.normal(0.25, 0.5, size), 2)
        p = permutation_test((differences,), np.mean, permutation_type="samples", n_resamples=math.inf).pvalue
        yield {"differences": list(differences), "p": p, "exact": size <= 16}


def sample_size_cases():
    for b, c, alpha, power in [(0.15, 0.05, 0.05, 0.8), (0.1, 0.05, 0.05, 0.8), (0.3, 0.2, 0.01, 0.9), (0.2125, 0.1125, 0.05, 0.8)]:
        root = norm.isf(alpha / 2) * math.sqrt(b + c) + norm.ppf(power) * math.sqrt(b + c - (b - c) ** 2)
        yield {"b": b, "c": c, "alpha": alpha, "power": power, "n": math.ceil(root**2 / (b - c) ** 2)}


def excess_cases():
    rng = np.random.default_rng(8)
    for size, draws_a, draws_b in [(1, 2, 2), (5, 4, 3), (20, 5, 5)]:
        arms = [(list(rng.choice(list("xyz"), draws_a)), list(rng.choice(list("xyz"), draws_b))) for _ in range(size)]
        squared = np.mean([across(a, b) - (within(a) + within(b)) / 2 for a, b in arms])
        absolute = np.mean([sum(abs(np.mean(np.array(a) == o) - np.mean(np.array(b) == o)) for o in "xyz") / 2 for a, b in arms])
        yield {"arms": [{"a": list(map(str, a)), "b": list(map(str, b))} for a, b in arms], "squared": squared, "absolute": absolute}


def across(a, b):
    return np.mean([one != other for one in a for other in b])


def within(a):
    return np.mean([a[i] != a[j] for i in range(len(a)) for j in range(i)])


def newcombe_cases():
    for a, n, b, m in [(8, 10, 3, 10), (56, 70, 48, 80), (10, 10, 0, 20), (0, 10, 0, 10), (208, 244, 184, 244)]:
        yield {"a": a, "n": n, "b": b, "m": m,
               "interval": confint_proportions_2indep(a, n, b, m, compare="diff", method="newcomb")}


def divergence_cases():
    rng = np.random.default_rng(21)
    for p, q in [([1, 0], [0, 1]), ([3, 1], [3, 1]), ([5, 0, 2], [1, 4, 0]), *(rng.random((2, 4)) for _ in range(3))]:
        yield {"p": list(p), "q": list(q), "value": jensenshannon(p, q) ** 2}


def area_cases():
    rng = np.random.default_rng(13)
    for size in (2, 3, 6, 11):
        at = np.sort(rng.random(size))
        height = rng.integers(0, 2, size).astype(float)
        yield {"at": list(at), "height": list(height), "value": np.trapezoid(height, at) / (at[-1] - at[0])}


def faithful_cases():
    for n, c, k in [(8, 3, 1), (8, 3, 4), (8, 0, 4), (8, 8, 8), (64, 5, 16), (300, 7, 32), (5, 3, 3)]:
        yield {"n": n, "c": c, "k": k, "value": 1 - comb(n - c, k) / comb(n, k)}


def random_cases():
    known = Xoshiro128([1, 2, 3, 4])
    return {"state1234": [known.next() for _ in range(8)],
            "seeded": [{"seed": seed, "draws": [generator.next() for _ in range(4)]}
                       for seed in (0, 1, 2**32 - 1, 20260102) for generator in [seeded(seed)]]}


def reference():
    versions = {"python": platform.python_version(), "numpy": np.__version__, "scipy": scipy.__version__,
                "statsmodels": statsmodels.__version__}
    return {
        "versions": versions,
        "random": random_cases(),
        "normalQuantile": [{"p": p, "z": norm.ppf(p)} for p in (1e-300, 1e-20, 1e-6, 0.005, 0.07, 0.2, 0.5, 0.61, 0.9, 0.975, 1 - 1e-12)],
        "logFactorial": [{"n": n, "value": gammaln(n + 1)} for n in (0, 1, 2, 10, 50, 169, 170, 171, 172, 500, 12345)],
        "binomial": [{"k": k, "n": n, "p": p, "value": binom.pmf(k, n, p)}
                     for k, n, p in [(0, 0, 0.5), (0, 9, 0.0), (9, 9, 1.0), (3, 10, 0.2), (208, 244, 0.852), (500, 1000, 0.5), (90, 2000, 0.05)]],
        "wilson": list(wilson_cases()),
        "coverage": list(coverage_cases()),
        "mcnemar": list(mcnemar_cases()),
        "multiplicity": list(multiplicity_cases()),
        "kappa": list(kappa_cases()),
        "bootstrap": list(bootstrap_cases()),
        "permutation": list(permutation_cases()),
        "sampleSize": list(sample_size_cases()),
        "excess": list(excess_cases()),
        "newcombe": list(newcombe_cases()),
        "divergence": list(divergence_cases()),
        "area": list(area_cases()),
        "faithfulAtK": list(faithful_cases()),
    }


def same(a, b) -> bool:
    """Equal in shape, and in numbers to 1e-11 relative or absolute; versions may differ."""
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(key == "versions" or same(a[key], b[key]) for key in a)
    if isinstance(a, list):
        return len(a) == len(b) and all(map(same, a, b))
    return math.isclose(a, b, rel_tol=1e-11, abs_tol=1e-11) if isinstance(a, float) else a == b


def main() -> int:
    fresh = json.loads(json.dumps(reference(), default=lambda value: value.item()))
    if "--check" in sys.argv[1:]:
        agrees = same(fresh, json.loads(FILE.read_text("utf-8")))
        print(f"{FILE.name} {'agrees with' if agrees else 'DIFFERS from'} {fresh['versions']}")
        return 0 if agrees else 1
    FILE.parent.mkdir(parents=True, exist_ok=True)
    FILE.write_text(json.dumps(fresh, indent=1) + "\n", "utf-8")
    print(f"wrote {FILE.name} with {fresh['versions']}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
