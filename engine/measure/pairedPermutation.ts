// Owns the comparison of two conditions on the same examples when each has a share instead of a yes or no: the sign-flip test.
// Fisher, "The design of experiments" (1935), 21. All sign patterns are counted up to `exactUpTo` non-zero differences; beyond that
// seeded draws, with the observed pattern counted as one of them (Phipson and Smyth 2010), so that p is never 0.
import { seededRandom } from './seededRandom';

const exactUpTo = 16;
/** Sums that are equal by algebra differ by rounding; this much counts as equal. */
const tolerance = 1e-9;

/** Two-sided p for the mean of per-example differences being 0; 1 when all are 0. */
export function pairedPermutation(
  differences: readonly number[],
  options: { draws?: number; seed?: number } = {},
): number {
  const moving = differences.filter((difference) => difference !== 0);
  if (moving.length === 0) return 1;
  const observed = Math.abs(moving.reduce((sum, difference) => sum + difference, 0));
  if (moving.length <= exactUpTo) return exactShare(moving, observed);
  const { draws, seed } = { draws: 10_000, seed: 1, ...options };
  return drawnShare(moving, observed, { draws, seed });
}

function exactShare(differences: readonly number[], observed: number): number {
  const patterns = 2 ** differences.length;
  let extreme = 0;
  for (let pattern = 0; pattern < patterns; pattern += 1) {
    let sum = 0;
    for (let index = 0; index < differences.length; index += 1) {
      sum += (pattern >> index) & 1 ? -differences[index]! : differences[index]!;
    }
    if (Math.abs(sum) >= observed - tolerance) extreme += 1;
  }
  return extreme / patterns;
}

function drawnShare(differences: readonly number[], observed: number, how: { draws: number; seed: number }): number {
  const random = seededRandom(how.seed);
  let extreme = 1;
  for (let draw = 0; draw < how.draws; draw += 1) {
    let sum = 0;
    for (const difference of differences) sum += random() < 0.5 ? -difference : difference;
    if (Math.abs(sum) >= observed - tolerance) extreme += 1;
  }
  return extreme / (how.draws + 1);
}
