// Owns drawing a token from one row of logits. Nothing is allocated per token but the result. Pure; must not know models.
import { UserError } from '../domain/failure';
import type { SamplingSpec } from '../domain/run';
import { exponential } from './exponential';

export type Drawn = {
  readonly id: number;
  /**
   * How far from another choice, in logits: small means that numerical drift may change it. Greedy: gap between the best and the second
   * best token. Sampled: the gap that stands for the distance from `u` to the nearer end of the token's interval.
   */
  readonly margin: number;
};

/**
 * Temperature 0: the token with the highest logit, the first of equals. Else the inverse CDF at `u` over the ids in vocabulary order,
 * after temperature, top-k, top-p and min-p, in this order; of equal tokens at a filter's edge the lower ids stay.
 * @param u in [0, 1) @throws UserError for NaN
 */
export function drawToken(logits: Float32Array, sampling: SamplingSpec, u: number): Drawn {
  const best = bestTwo(logits);
  if (sampling.temperature <= 0) return { id: best.id, margin: best.top - best.second };
  return sampleAt(u, logits, keptBy(sampling, logits, best.top));
}

/** Natural-log probability of one token, unfiltered and at temperature 1. @throws UserError for NaN */
export const logProbability = (logits: Float32Array, id: number): number => logits[id]! - logSumExp(logits);

/** What a logit is above its natural-log probability; for rows of which several tokens are scored. @throws UserError for NaN */
export function logSumExp(logits: Float32Array): number {
  const { top } = bestTwo(logits);
  let sum = 0;
  for (let i = 0; i < logits.length; i += 1) sum += exponential(logits[i]! - top);
  return top + Math.log(sum);
}

type BestTwo = { readonly id: number; readonly top: number; readonly second: number };

function bestTwo(logits: Float32Array): BestTwo {
  let id = -1;
  let top = Number.NEGATIVE_INFINITY;
  let second = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < logits.length; i += 1) {
    const value = logits[i]!;
    if (value > top) {
      second = top;
      top = value;
      id = i;
    } else if (value > second) second = value;
    else if (Number.isNaN(value)) throw brokenLogits();
  }
  if (!Number.isFinite(top)) throw brokenLogits();
  return { id, top, second };
}

function brokenLogits(): UserError {
  return new UserError(
    'The model produced NaN or infinite logits: its weights are broken or its precision is too low.',
  );
}

/** What the filters keep: all tokens above `edge`, and the first `atEdge` of those equal to it. */
type Kept = { readonly temperature: number; readonly top: number; readonly edge: number; readonly atEdge: number };

function keptBy(sampling: SamplingSpec, logits: Float32Array, top: number): Kept {
  const { temperature, topK, topP, minP } = sampling;
  let kept: Kept = { temperature, top, edge: Number.NEGATIVE_INFINITY, atEdge: logits.length };
  if ((topK > 0 && topK < logits.length) || topP < 1) kept = mostLikely(sampling, logits, kept);
  const lowest = minP > 0 ? top + temperature * Math.log(minP) : Number.NEGATIVE_INFINITY;
  return lowest > kept.edge ? { ...kept, edge: Math.min(lowest, top), atEdge: logits.length } : kept;
}

/** One sorted copy of a row, re-used: the native sort of numbers needs no comparison function and no objects. */
let sortedRow = new Float32Array(0);

function mostLikely({ topK, topP }: SamplingSpec, logits: Float32Array, open: Kept): Kept {
  if (sortedRow.length !== logits.length) sortedRow = new Float32Array(logits.length);
  sortedRow.set(logits);
  sortedRow.sort();
  const last = logits.length - 1;
  const limit = topK > 0 ? Math.min(topK, logits.length) : logits.length;
  let count = limit;
  if (topP < 1) {
    let total = 0;
    for (let rank = 0; rank < limit; rank += 1) total += weight(sortedRow[last - rank]!, open);
    let sum = 0;
    for (count = 0; count < limit && (count === 0 || sum < topP * total); count += 1) {
      sum += weight(sortedRow[last - count]!, open);
    }
  }
  const edge = sortedRow[logits.length - count]!;
  let above = 0;
  while (above < count && sortedRow[last - above]! > edge) above += 1;
  return { ...open, edge, atEdge: count - above };
}

const weight = (logit: number, { temperature, top }: Kept): number => exponential((logit - top) / temperature);

/** Weights of a row, re-used: computing them is most of the work. */
let shares = new Float64Array(0);

function sampleAt(u: number, logits: Float32Array, kept: Kept): Drawn {
  if (shares.length !== logits.length) shares = new Float64Array(logits.length);
  let total = 0;
  let left = kept.atEdge;
  for (let i = 0; i < logits.length; i += 1) {
    const value = logits[i]!;
    const isKept = value > kept.edge || (value === kept.edge && left-- > 0);
    const share = isKept ? weight(value, kept) : 0;
    shares[i] = share;
    total += share;
  }
  const target = u * total;
  let id = -1;
  let low = 0;
  let high = 0;
  for (let i = 0; i < shares.length && high <= target; i += 1) {
    const share = shares[i]!;
    if (share === 0) continue;
    id = i;
    low = high;
    high += share;
  }
  return { id, margin: (4 * kept.temperature * Math.max(0, Math.min(target - low, high - target))) / total };
}
