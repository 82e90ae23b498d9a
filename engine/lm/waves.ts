// Owns how many continuations are decoded together: what fewer calls save against what is lost because every row's attention passes over
// the slots of all others. Pure; must not know the network.
import type { Writing } from './branches';
import type { Task } from './jobRun';

/**
 * A call costs as much as this many slots that one row looks at: it reads all weights. Measured with 135M weights on a core of 2022
 * (20 ms; 0.9 µs); other sizes differ little, because both grow with layers × width.
 */
export const slotsPerCall = 24_000;

/** Products of matrices work in strips of so many rows; a part of a short strip costs nearly a whole one. */
const stripRows = 12;
const mostRows = 48;

/** Tokens that a continuation is expected to write when nothing tells. */
const usualTokens = 64;

/** As many as the original wrote after the same place, where there is one; 0 for what is scored. */
export function expectedTokens({ writing }: Pick<Task, 'writing'>): number {
  if (writing === null) return 0;
  const { leaf, maxTokens, ids } = writing.continuation;
  return Math.max(1, Math.min(maxTokens, leaf.draft?.length ?? usualTokens) - ids.length);
}

/** Rows of a call in which continuations of such a length go on: of n, each looks at n × length / 2 slots of the others. */
export function waveRows(tokens: number): number {
  const best = Math.sqrt((2 * slotsPerCall) / Math.max(1, tokens));
  return Math.min(mostRows, Math.max(1, Math.round(best / stripRows)) * stripRows);
}

/** `rows`: decoded together. `tokens`: that each is expected to write. */
export type Wave = { readonly rows: number; readonly tokens: number };

/** How continuations are decoded that so many slots are left for. */
export function planWave(writings: readonly Writing[], slots: number): Wave {
  const expected = writings.reduce((sum, writing) => sum + expectedTokens({ writing }), 0);
  const tokens = Math.ceil(expected / Math.max(1, writings.length));
  const rows = Math.min(waveRows(tokens), writings.length, Math.floor(slots / Math.max(1, tokens)));
  return { rows: Math.max(1, rows), tokens };
}
