// Owns log n! and what follows from it for binomial counts. Exact sums up to 170!, then Stirling's series
// (Abramowitz and Stegun 6.1.41), whose first omitted term is below 1e-17 there.

const exactUpTo = 170;
const table = buildTable();

/** Natural logarithm of n! for a whole n >= 0. */
export function logFactorial(n: number): number {
  const exact = table[n];
  if (exact !== undefined) return exact;
  const x = n + 1;
  const inverseSquare = 1 / (x * x);
  const series = (1 / 12 - inverseSquare * (1 / 360 - inverseSquare * (1 / 1260 - inverseSquare / 1680))) / x;
  return (x - 0.5) * Math.log(x) - x + 0.5 * Math.log(2 * Math.PI) + series;
}

/** P(X = k) for X ~ Binomial(n, p), 0 <= p <= 1. */
export function binomialProbability(k: number, n: number, p: number): number {
  if (p === 0 || p === 1) return k === n * p ? 1 : 0;
  const logChoose = logFactorial(n) - logFactorial(k) - logFactorial(n - k);
  return Math.exp(logChoose + k * Math.log(p) + (n - k) * Math.log1p(-p));
}

function buildTable(): Float64Array {
  const logs = new Float64Array(exactUpTo + 1);
  let factorial = 1;
  for (let n = 1; n <= exactUpTo; n += 1) {
    factorial *= n;
    logs[n] = Math.log(factorial);
  }
  return logs;
}
