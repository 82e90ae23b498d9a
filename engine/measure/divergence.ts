// Owns the distance of two distributions of answers: the Jensen-Shannon divergence, which stays below ln 2 where an answer occurs on one side
// only (a Kullback-Leibler divergence with a tiny constant added jumps there). Lin, IEEE Transactions on Information Theory 37 (1991).

/** In nats, 0 to ln 2. Weights of the same answers in the same order; they need not add up to 1. `null` where a side has none. */
export function jensenShannon(first: readonly number[], second: readonly number[]): number | null {
  const [p, q] = [normalized(first), normalized(second)];
  if (!p || !q) return null;
  const middle = p.map((one, index) => (one + (q[index] ?? 0)) / 2);
  // Rounding may leave a hair below 0 for equal distributions.
  return Math.max(0, (kullbackLeibler(p, middle) + kullbackLeibler(q, middle)) / 2);
}

function normalized(weights: readonly number[]): readonly number[] | null {
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return sum > 0 ? weights.map((weight) => weight / sum) : null;
}

/** Finite because `to` is positive wherever `from` is. */
function kullbackLeibler(from: readonly number[], to: readonly number[]): number {
  return from.reduce((sum, weight, index) => (weight > 0 ? sum + weight * Math.log(weight / to[index]!) : sum), 0);
}
