// Owns which tokens top-k, top-p and min-p keep of a row of logits, found without sorting all of them. Pure; must not know how a token is
// drawn.
import type { SamplingSpec } from '../domain/run';
import { exponential } from './exponential';

/** What the filters keep: all tokens above `edge`, and the first `atEdge` of those equal to it. */
export type Kept = { readonly edge: number; readonly atEdge: number };
export const everything: Kept = { edge: Number.NEGATIVE_INFINITY, atEdge: Number.POSITIVE_INFINITY };

/** Logits to weights: `top` has weight 1. */
export type Scale = { readonly temperature: number; readonly top: number };

export const weight = (logit: number, { temperature, top }: Scale): number => exponential((logit - top) / temperature);

export function keptBy(sampling: SamplingSpec, logits: Float32Array, scale: Scale): Kept {
  const { topK, topP, minP } = sampling;
  const kept = (topK > 0 && topK < logits.length) || topP < 1 ? mostLikely(sampling, logits, scale) : everything;
  const lowest = minP > 0 ? scale.top + scale.temperature * Math.log(minP) : Number.NEGATIVE_INFINITY;
  return lowest > kept.edge ? { edge: Math.min(lowest, scale.top), atEdge: Number.POSITIVE_INFINITY } : kept;
}

/** Exponents below the top: there is hardly any probability beyond. */
const deepest = 30;

/** Looks at few and most likely tokens first; at all only when these are not enough. */
function mostLikely({ topK, topP }: SamplingSpec, logits: Float32Array, scale: Scale): Kept {
  const limit = topK > 0 ? Math.min(topK, logits.length) : logits.length;
  const whole = topP < 1 && limit === logits.length ? sumOf(logits, scale) : Number.NaN;
  for (let depth = 8; ; depth = depth < deepest ? 1.5 * depth : Number.POSITIVE_INFINITY) {
    const ranked = rankedAbove(logits, scale.top - depth * scale.temperature);
    const isAll = ranked.length === logits.length;
    if (limit < logits.length && ranked.length < limit && !isAll) continue;
    const total = limit === logits.length ? whole : sumOf(ranked.subarray(ranked.length - limit), scale);
    const count = topP < 1 ? smallestWith(topP * total, ranked, scale) : limit;
    if (count <= ranked.length || isAll) return edgeAfter(Math.min(count, limit), ranked);
  }
}

export function sumOf(logits: Float32Array, { temperature, top }: Scale): number {
  let sum = 0;
  for (let i = 0; i < logits.length; i += 1) sum += exponential((logits[i]! - top) / temperature);
  return sum;
}

/** One row of memory, used again and again. */
let rankedRow = new Float32Array(0);

/** Logits from `lowest` on, ascending: the native sort of numbers needs no comparison function and no objects. */
function rankedAbove(logits: Float32Array, lowest: number): Float32Array {
  if (rankedRow.length < logits.length) rankedRow = new Float32Array(logits.length);
  let count = 0;
  for (let i = 0; i < logits.length; i += 1) {
    const value = logits[i]!;
    if (value < lowest) continue;
    rankedRow[count] = value;
    count += 1;
  }
  return rankedRow.subarray(0, count).sort();
}

/** How many of the most likely have this weight together, at least one; more than there are when they do not have it. */
function smallestWith(wanted: number, ranked: Float32Array, scale: Scale): number {
  let sum = 0;
  for (let count = 0; count < ranked.length; count += 1) {
    if (count > 0 && sum >= wanted) return count;
    sum += weight(ranked[ranked.length - 1 - count]!, scale);
  }
  return sum >= wanted ? ranked.length : ranked.length + 1;
}

function edgeAfter(count: number, ranked: Float32Array): Kept {
  const edge = ranked[ranked.length - count]!;
  let above = 0;
  while (above < count && ranked[ranked.length - 1 - above]! > edge) above += 1;
  return { edge, atEdge: count - above };
}
