// Owns the comparison of two conditions on the same examples, one yes or no each: the exact two-sided McNemar test.
// McNemar, Psychometrika 12 (1947); exact form: the smaller discordant count is Binomial(b + c, 1/2) under the null.
import { binomialProbability } from './logFactorial';

/** Two-sided p from the two discordant counts; 1 when there are none. Below six pairs it cannot be under 0.05. */
export function mcnemar(b: number, c: number): number {
  const n = b + c;
  const smaller = Math.min(b, c);
  let term = binomialProbability(smaller, n, 0.5);
  let sum = 0;
  for (let k = smaller; k >= 0; k -= 1) {
    sum += term;
    term *= k / (n - k + 1);
  }
  return Math.min(1, 2 * sum);
}
