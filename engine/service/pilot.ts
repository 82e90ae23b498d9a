// Owns which examples a pilot takes: so many drawn at random from all files, so that no order of a file can bias it.
import type { ExampleId } from '../domain/ids';
import type { RunSpec } from '../domain/run';
import { seededRandom } from '../measure/seededRandom';
import { openKnownFile } from './fileQueries';

export const pilotSize = 30;

export type PilotPlan = {
  /** The spec with its examples named and no redraws. */
  readonly spec: RunSpec;
  /** Examples that the whole run would have. */
  readonly examples: number;
};

/** The examples are drawn from the spec's seed, so that the same pilot can be run again. */
export async function planPilot(spec: RunSpec, signal: AbortSignal): Promise<PilotPlan> {
  const files = await Promise.all(
    spec.files.map((file) => openKnownFile(file, { signal, ...(spec.mapping ? { mapping: spec.mapping } : {}) })),
  );
  const counts = files.map((file) => file.summary.examples);
  const all = counts.reduce((sum, count) => sum + count, 0);
  const examples = Math.min(spec.limit ?? all, all);
  const wanted = drawPositions(examples, Math.min(pilotSize, examples), spec.seed);
  const only: ExampleId[] = [];
  let before = 0;
  for (const [index, file] of files.entries()) {
    const here = wanted.filter((at) => at >= before && at < before + (counts[index] ?? 0));
    for (const at of here) {
      for await (const example of file.examples({ offset: at - before, limit: 1, signal })) only.push(example.id);
    }
    before += counts[index] ?? 0;
  }
  return { spec: { ...spec, limit: null, only, noiseExamples: 0 }, examples };
}

/** Different positions below `count`, ascending. */
function drawPositions(count: number, size: number, seed: number): readonly number[] {
  const random = seededRandom(seed);
  const drawn = new Set<number>();
  while (drawn.size < size) drawn.add(Math.floor(random() * count));
  return [...drawn].sort((a, b) => a - b);
}
