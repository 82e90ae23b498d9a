// Owns what tests of real weights share: the committed model folders, a job run to its end, evaluation with nothing re-used.
import fs from 'node:fs';
import path from 'node:path';
import type { Backend } from '../../engine/backends/backend';
import type { Job, LeafEvent } from '../../engine/domain/job';
import type { Forward } from '../../engine/lm/forward';
import { projectRoot } from './paths';

export const fixtureModels = path.join(projectRoot, 'test/fixtures/models');
export const bundledModel = path.join(projectRoot, 'samples/model');

/** Names of the tiny committed models, sorted. */
export function tinyModels(): readonly string[] {
  const entries = fs.readdirSync(fixtureModels, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}

export async function runToEnd(backend: Backend, job: Job): Promise<readonly LeafEvent[]> {
  const events: LeafEvent[] = [];
  for await (const event of backend.run(job, new AbortController().signal)) events.push(event);
  return events;
}

/** Logits behind the last of the ids. */
export async function logitsFromScratch(forward: Forward, ids: readonly number[]): Promise<Float32Array> {
  forward.cache.rewind(0);
  const positions = ids.map((_, index) => index);
  return (await forward.evaluate({ ids, positions, visible: null, wanted: [ids.length - 1] })).slice();
}
