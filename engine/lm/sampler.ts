// Owns drawing tokens from a row of logits. A row has 50,000 to 250,000 of them and is read at every step, so that it is gone through as
// seldom as possible and nothing is allocated for it. Pure; must not know models.
import { UserError } from '../domain/failure';
import type { SamplingSpec } from '../domain/run';
import { exponential } from './exponential';
import { everything, type Kept, keptBy, type Scale, sumOf, weight } from './tokenFilters';

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
  if (sampling.temperature > 0) return sampleAt(u, distributionOf(logits, sampling));
  const { id, top, second } = bestTwo(logits);
  return { id, margin: top - second };
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
    // One comparison for nearly all; true for NaN, too.
    if (value <= second) continue;
    if (value > top) {
      second = top;
      top = value;
      id = i;
    } else if (value > second) second = value;
    else throw brokenLogits();
  }
  if (!Number.isFinite(top)) throw brokenLogits();
  return { id, top, second };
}

function brokenLogits(): UserError {
  return new UserError(
    'The model produced NaN or infinite logits: its weights are broken or its precision is too low.',
  );
}

/** Weights of what is kept, summed over blocks of the vocabulary, so that a token is found without going through all. */
type Distribution = Kept &
  Scale & {
    readonly logits: Float32Array;
    readonly sampling: SamplingSpec;
    readonly blocks: Float64Array;
    readonly total: number;
  };

const blockSize = 256;

/** Samples that wrote the same so far draw from one row, one after another. */
let latest: Distribution | null = null;

function distributionOf(logits: Float32Array, sampling: SamplingSpec): Distribution {
  if (latest !== null && latest.logits === logits && latest.sampling === sampling) return latest;
  const scale: Scale = { temperature: sampling.temperature, top: bestTwo(logits).top };
  const kept = keptBy(sampling, logits, scale);
  const blocks = new Float64Array(Math.ceil(logits.length / blockSize));
  if (kept === everything) sumBlocks(logits, scale, blocks);
  else sumKept(logits, { ...kept, ...scale }, blocks);
  latest = { ...kept, ...scale, logits, sampling, blocks, total: blocks.reduce((sum, one) => sum + one, 0) };
  return latest;
}

function sumBlocks(logits: Float32Array, scale: Scale, blocks: Float64Array): void {
  for (let block = 0; block < blocks.length; block += 1)
    blocks[block] = sumOf(logits.subarray(block * blockSize, (block + 1) * blockSize), scale);
}

function sumKept(logits: Float32Array, kept: Kept & Scale, blocks: Float64Array): void {
  const { edge } = kept;
  let left = kept.atEdge;
  for (let i = 0; i < logits.length; i += 1) {
    const value = logits[i]!;
    if (value < edge || (value === edge && left-- <= 0)) continue;
    const block = Math.floor(i / blockSize);
    blocks[block] = blocks[block]! + weight(value, kept);
  }
}

function sampleAt(u: number, distribution: Distribution): Drawn {
  const { logits, total, edge, temperature } = distribution;
  const target = u * total;
  let { start, low, left } = placeOf(target, distribution);
  let high = low;
  let id = -1;
  // Sums in another order may end just below the target: then the search goes on to the next token that is kept.
  for (let i = start; i < logits.length && high <= target; i += 1) {
    const value = logits[i]!;
    if (value < edge || (value === edge && left-- <= 0)) continue;
    const share = weight(value, distribution);
    if (share === 0) continue;
    id = i;
    low = high;
    high += share;
  }
  return { id, margin: (4 * temperature * Math.max(0, Math.min(target - low, high - target))) / total };
}

/** Where the block that holds the target begins, the sum before it, and how many tokens at the edge are kept from there on. */
function placeOf(
  target: number,
  { logits, blocks, edge, atEdge }: Distribution,
): { readonly start: number; readonly low: number; readonly left: number } {
  let start = 0;
  let low = 0;
  let high = 0;
  for (let block = 0; block < blocks.length && high <= target; block += 1) {
    if (blocks[block] === 0) continue;
    start = block * blockSize;
    low = high;
    high += blocks[block]!;
  }
  let left = atEdge;
  if (Number.isFinite(atEdge)) for (let i = 0; i < start; i += 1) if (logits[i] === edge) left -= 1;
  return { start, low, left };
}
