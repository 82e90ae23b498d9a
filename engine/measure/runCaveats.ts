// Owns the caveats of a whole run, as its manifest shows them; those of single conditions are in conditionCaveats.
import type { Caveat, RunManifest } from '../domain/run';
import { caveat } from './caveats';

/** `examples`: how many finished. */
export function runCaveats(
  manifest: Pick<RunManifest, 'producers' | 'crossModel'>,
  examples: number,
): readonly Caveat[] {
  if (examples === 0) return [];
  if (manifest.producers.length === 0) return [caveat('producerUnknown', examples, examples)];
  return manifest.crossModel ? [caveat('crossModel', examples, examples)] : [];
}
