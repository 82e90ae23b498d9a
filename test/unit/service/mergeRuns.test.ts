// Logs of parts in which the second place of a record was skipped before the first was done, as servers that take several examples leave them.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { exampleId, runId } from '../../../engine/domain/ids';
import { greedy, type RunEvent, type RunManifest } from '../../../engine/domain/run';
import { repeatedReason } from '../../../engine/service/examplePlanning';
import { mergeRuns } from '../../../engine/service/mergeRuns';
import { RunFold, RunWriter } from '../../../engine/store/runLog';

const out = fs.mkdtempSync(path.join(os.tmpdir(), 'counterthought-merge-'));
after(() => fs.rmSync(out, { recursive: true, force: true }));

const at = '2026-01-01T00:00:00Z';
const source = { kind: 'bytes', file: '/a.jsonl', start: 0, end: 1, line: 0 };
const [twice, once] = [exampleId('twice'), exampleId('once')];

/** Of a file of four records. */
const manifestOf = (index: number): RunManifest =>
  ({
    v: 1,
    run: runId(`part-${index}`),
    startedAt: at,
    spec: { sampling: greedy, seed: 1, samples: 1, shard: { index, of: 2 } },
    conditions: [],
    options: ['yes', 'no'],
    model: { id: 'm' },
    files: [{ path: '/a.jsonl', sha256: 'a' }],
    exampleCount: 4,
  }) as unknown as RunManifest;

const shared = { ordinal: 0, turn: 0, sampling: 'greedy', recorded: 'yes', title: '', cuts: {}, caveats: {} };
const started = (example: string): object => ({ type: 'exampleStarted', at, example, source, ...shared });
const finished = (example: string): object => ({
  type: 'exampleFinished',
  example,
  tokensEvaluated: 1,
  tokensAsked: 1,
});
const repeated = { type: 'exampleSkipped', example: twice, source, reason: repeatedReason };
const resumed = { type: 'runResumed', at };

function writePart(index: number, events: readonly object[]): string {
  const dir = path.join(out, `part-${index}-${fs.readdirSync(out).length}`);
  const writer = RunWriter.create(dir, manifestOf(index));
  for (const event of events) writer.append({ v: 1, ...event } as RunEvent);
  writer.close();
  return dir;
}

function merged(...dirs: readonly string[]): {
  readonly done: number;
  readonly status: string;
  readonly closed: number;
} {
  const { dir, done } = mergeRuns(dirs, out);
  const fold = new RunFold(dir);
  fold.refresh();
  return { done, status: fold.state.status, closed: fold.state.closed };
}

test('an example whose second place was skipped before it was done keeps its outcomes', () => {
  const part = writePart(0, [started(twice), repeated, finished(twice)]);
  assert.deepEqual(merged(part), { done: 2, status: 'cancelled', closed: 1 });
});

test('a place that each resuming skips again is one place', () => {
  const first = writePart(0, [started(twice), finished(twice), repeated, resumed, repeated, resumed, repeated]);
  assert.deepEqual(merged(first), { done: 2, status: 'cancelled', closed: 1 });
  const second = writePart(1, [started(once), finished(once), started(twice), finished(twice)]);
  assert.deepEqual(merged(first, second, first), { done: 4, status: 'completed', closed: 2 });
});
