// Owns how many threads a model runs with: chosen by measuring, because memory bandwidth, not the number of cores, is what decoding waits for.
// Must not know how sessions are opened.
import type { Forward } from './forward';

export type Machine = {
  readonly cores: number /** Threads that want to run, averaged over a minute. */;
  readonly load: number;
};

/** Below so many weights a step is too short to be shared. */
const worthSharing = 20e6;
const mostThreads = 8;

/** The number to compare with one thread; 1: nothing to compare. */
export function threadsToTry({ cores, load }: Machine, parameters: number): number {
  if (parameters < worthSharing) return 1;
  // Half: a core's second thread adds nothing to products of matrices. Two cores may be two real ones.
  const free = Math.floor(cores - load);
  return Math.max(1, Math.min(mostThreads, Math.max(2, Math.floor(cores / 2)), free));
}

/** More threads are taken only for a clear gain: they are taken from everyone else on this machine. */
const clearGain = 0.75;

export const isClearlyFaster = (ms: number, thanMs: number): boolean => ms < clearGain * thanMs;

const rounds = 3;
const prefillRows = 32;
const steps = 4;

/** Best of a few rounds of a short prefill and some single steps, in milliseconds of wall time. Leaves the cache empty. */
export async function measureForward(forward: Forward, sampleIds: readonly number[]): Promise<number> {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds; round++) {
    forward.cache.rewind(0);
    const startedMs = performance.now();
    await evaluateNext(forward, sampleIds, prefillRows);
    for (let step = 0; step < steps; step++) await evaluateNext(forward, sampleIds, 1);
    best = Math.min(best, performance.now() - startedMs);
  }
  forward.cache.rewind(0);
  return best;
}

async function evaluateNext(forward: Forward, sampleIds: readonly number[], rows: number): Promise<void> {
  const positions = Array.from({ length: rows }, (_, index) => forward.cache.length + index);
  const ids = positions.map((position) => sampleIds[position % sampleIds.length]!);
  await forward.evaluate({ ids, positions, visible: null, wanted: [rows - 1] });
}
