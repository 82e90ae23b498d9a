// Kills one of two real replicas behind a router in the middle of a run, and compares the result with that of a run which nothing disturbed.
// Knows nothing of which servers and which router they are.
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { eachEvent, listRuns } from '../../engine/store/runLog';
import { type OutcomeLine, runCli, splitRun, startCli, temporaryFolder } from './cli';
import type { ModelServer } from './modelServer';
import { projectRoot } from './paths';

const file = path.join(projectRoot, 'samples', 'loans-mixed.jsonl');
const conditions = ['--conditions', 'frozen', '--swap', 'nationality=American:Canadian', '--noise', '0'];
const json = ['--json', '--outcomes'];
/** llama.cpp's numbers move a little with what its cache holds. */
const tolerance = 0.05;

export type Replicas = {
  readonly router: string;
  readonly doomed: ModelServer;
  readonly survivor: ModelServer;
  readonly examples: number;
};

/** @throws AssertionError when the result differs, or an example was finished twice */
export async function checkReplicaLoss({ router, doomed, survivor, examples }: Replicas): Promise<void> {
  const folder = temporaryFolder();
  const [calmOut, out] = [path.join(folder, 'calm'), path.join(folder, 'disturbed')];
  const args = ['run', file, ...conditions, '--limit', String(examples), '--max-in-flight', '1'];
  try {
    const calm = splitRun(await runCli([...args, ...json, '--server', survivor.url, '--out', calmOut]));
    assert.equal(calm.outcomes.length, 2 * examples);
    const { result } = startCli([...args, ...json, '--server', router, '--out', out]);
    while (finished(out) < 1) await delay(20);
    const before = finished(out);
    doomed.kill();
    compare(splitRun(await result).outcomes, calm.outcomes);
    assert.ok(before < examples, 'it was killed in the middle');
    assert.equal(finished(out), examples);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** How many examples a run has finished; each must be so once. */
function finished(out: string): number {
  const [dir] = listRuns(out);
  const seen: string[] = [];
  if (dir !== undefined) {
    eachEvent(dir, (event) => {
      if (event.type === 'exampleFinished') seen.push(event.example);
    });
  }
  assert.equal(new Set(seen).size, seen.length);
  return seen.length;
}

function compare(found: readonly OutcomeLine[], expected: readonly OutcomeLine[]): void {
  const keyOf = ({ example, condition }: OutcomeLine): string => `${example} ${condition}`;
  const known = new Map(expected.map((line) => [keyOf(line), line]));
  assert.equal(found.length, expected.length);
  for (const line of found) {
    const other = known.get(keyOf(line));
    for (const [option, probability] of Object.entries(line.probabilities ?? {})) {
      const before = other?.probabilities?.[option] ?? Number.NaN;
      assert.ok(Math.abs(probability - before) < tolerance, `${option}: ${probability}, undisturbed ${before}`);
    }
    assert.ok(line.probabilities !== null, 'options are scored, not chosen');
  }
}
