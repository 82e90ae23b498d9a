// Owns how two sets of draws of one example agree. Unreadable draws are left out here and counted by who calls.
import type { ConditionId } from '../../domain/ids';
import { type ExampleOutcomes, readable } from '../exampleOutcomes';

/** Readable draws of an example under a condition; empty where it was not run or nothing was readable. */
export const drawsUnder = ({ byCondition }: ExampleOutcomes, condition: ConditionId): readonly string[] =>
  readable(byCondition.get(condition)?.outcomes ?? []);

/** Probability that a draw of each agrees; `null` where one is empty. */
export function agreement(a: readonly string[], b: readonly string[]): number | null {
  if (a.length === 0 || b.length === 0) return null;
  let same = 0;
  for (const one of a) for (const other of b) if (one === other) same += 1;
  return same / (a.length * b.length);
}

/** The most frequent draw, of those that tie the one drawn first; `null` without draws. */
export function mostFrequent(draws: readonly string[]): string | null {
  const counts = new Map<string, number>();
  for (const draw of draws) counts.set(draw, (counts.get(draw) ?? 0) + 1);
  let best: string | null = null;
  for (const [draw, count] of counts) if (best === null || count > (counts.get(best) ?? 0)) best = draw;
  return best;
}

/** Share of draws with this answer; `null` without draws. */
export const shareOf = (draws: readonly string[], answer: string): number | null =>
  draws.length === 0 ? null : draws.filter((draw) => draw === answer).length / draws.length;
