// Lists of a run's examples, whether they come from its log or from what was kept of it.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import type { Annotation } from '../../../engine/domain/annotation';
import type { RowFilter } from '../../../engine/domain/comparison';
import type { OutcomeRow } from '../../../engine/domain/effect';
import { conditionId, exampleId, runId } from '../../../engine/domain/ids';
import { greedy, type RunEvent, type RunManifest, type SampleResult } from '../../../engine/domain/run';
import { runHandlers } from '../../../engine/service/runHandlers';
import { RunQueries } from '../../../engine/service/runQueries';
import { logFile, RunWriter } from '../../../engine/store/runLog';
import { takeWriterLock } from '../../../engine/store/writerLock';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'counterthought-queries-'));
const out = path.join(folder, '.counterthought', 'runs');
process.env.COUNTERTHOUGHT_CACHE = path.join(folder, 'cache');
after(() => fs.rmSync(folder, { recursive: true, force: true }));

const options = ['yes', 'no'];
const [plain, swapped] = [conditionId('plain'), conditionId('swapped')];
const conditions = [plain, swapped].map((id) => ({
  id,
  alias: id,
  promptEdit: { id: id === plain ? 'none' : 'swap', params: {} },
  traceEdit: { id: 'frozen', keep: { unit: 'fraction', value: 1 }, close: 'closed' },
  readout: 'forced',
}));

const manifestOf = (run: string): RunManifest =>
  ({
    v: 1,
    run: runId(run),
    startedAt: '2026-01-01T00:00:00Z',
    spec: { sampling: greedy, seed: 1, samples: 1 },
    conditions,
    options,
    model: { id: 'm' },
    producers: ['m'],
    files: [{ path: '/a.jsonl' }],
    plannedCount: 0,
  }) as unknown as RunManifest;

/** What the rows of an example must say: every third flips when swapped, every seventh is then unreadable. */
const outcomeOf = (n: number, condition: string): string | null =>
  condition === plain ? 'yes' : n % 7 === 0 ? null : n % 3 === 0 ? 'no' : 'yes';

const probabilityOf = (n: number): number => ((n * 37) % 101) / 101;

function resultOf(n: number, condition: typeof plain, padding: string): SampleResult {
  const option = outcomeOf(n, condition);
  return {
    condition,
    sample: 0,
    outcome: option === null ? { kind: 'unreadable', reason: 'odd' } : { kind: 'option', option },
    text: padding,
    tokens: 0,
    finish: 'forced',
    wentOn: false,
    probabilities: condition === plain ? [probabilityOf(n), 1 - probabilityOf(n)] : null,
    minMargin: null,
  };
}

/** Against the control's probability when swapped, against the record when not. */
function dropOf(n: number, condition: string): number | null {
  if (condition === plain) return 1 - probabilityOf(n);
  const outcome = outcomeOf(n, swapped);
  return outcome === null ? null : probabilityOf(n) - (outcome === 'yes' ? 1 : 0);
}

const idOf = (n: number) => exampleId(`example-${n}`);

/** Begun in the order of the file's end, several at a time, so that neither order nor places in the log are those of the list. */
function writeRun(name: string, examples: number, padding: string): string {
  const dir = path.join(out, name);
  const writer = RunWriter.create(dir, manifestOf(name));
  const at = '2026-01-01T00:00:00Z';
  const append = (event: object): void => writer.append({ v: 1, ...event } as RunEvent);
  for (let last = examples; last > 0; last -= 4) {
    const group = [1, 2, 3, 4].map((back) => last - back).filter((n) => n >= 0);
    for (const n of group) {
      const source = { kind: 'bytes', file: n % 2 === 0 ? '/a.jsonl' : '/b.jsonl', start: 0, end: 1, line: n };
      const shared = { turn: 0, sampling: 'greedy', recorded: 'yes', title: `title ${n}`, cuts: {}, caveats: {} };
      append({ type: 'exampleStarted', at, example: idOf(n), ordinal: n, source, ...shared });
    }
    for (const condition of [swapped, plain]) {
      for (const n of group) append({ type: 'sampleFinished', example: idOf(n), ...resultOf(n, condition, padding) });
    }
    for (const n of group) append({ type: 'exampleFinished', example: idOf(n), tokensEvaluated: 1, tokensAsked: 2 });
  }
  append({
    type: 'exampleSkipped',
    example: exampleId('odd'),
    source: {},
    reason: 'it has no "type":"exampleFinished"',
  });
  append({ type: 'runFinished', at, status: 'completed' });
  writer.close();
  return dir;
}

const label = (n: number): Annotation =>
  ({ id: `a${n}`, author: 'me', label: 'odd', target: { example: idOf(n) } }) as unknown as Annotation;

const annotations = [label(3), label(4), label(4), { ...label(5), label: null }];
const many = 600;

type Case = readonly [name: string, filter: Omit<RowFilter, 'offset' | 'limit'>, (n: number) => boolean];
const cases: readonly Case[] = [
  ['all', { condition: swapped, show: 'all' }, () => true],
  ['flipped', { condition: swapped, show: 'flipped' }, (n) => n % 3 === 0 && n % 7 !== 0],
  ['kept', { condition: swapped, show: 'kept' }, (n) => n % 3 !== 0 && n % 7 !== 0],
  ['unreadable', { condition: swapped, show: 'unreadable' }, (n) => n % 7 === 0],
  ['labeled', { condition: swapped, label: 'odd' }, (n) => n === 3 || n === 4],
  ['a group', { condition: swapped, group: { by: 'file', value: 'b.jsonl' } }, (n) => n % 2 === 1],
  ['labels as a group', { condition: plain, group: { by: 'annotation', value: 'odd' } }, (n) => n === 3 || n === 4],
  ['no such group', { condition: plain, group: { by: 'file', value: 'c.jsonl' } }, () => false],
];

for (const [kind, padding] of [
  ['a short log', ''],
  ['a long log', 'x'.repeat(4000)],
] as const) {
  const dir = path.join(out, kind.replaceAll(' ', '-'));
  /** Of a long log the second finds what the first kept. */
  let readers: readonly RunQueries[] = [];
  before(async () => {
    writeRun(path.basename(dir), many, padding);
    const [first, second] = [new RunQueries(), new RunQueries()];
    await first.learn(dir);
    await second.learn(dir);
    readers = [first, second];
  });

  for (const [name, filter, holds] of cases) {
    test(`${kind}: ${name}, in the order of the file`, () => {
      const expected = Array.from({ length: many }, (_, n) => n).filter(holds);
      for (const queries of readers) {
        const { rows, total } = queries.rows({ dir, ...filter, offset: 0, limit: 200 }, annotations);
        assert.equal(total, expected.length);
        assert.deepEqual(
          rows.map(({ ordinal }) => ordinal),
          expected.slice(0, 200),
        );
        for (const row of rows) checkRow(row);
      }
    });
  }

  test(`${kind}: the last page of all, least probable first`, () => {
    const sorted = Array.from({ length: many }, (_, n) => n).sort(
      (a, b) => probabilityOf(a) - probabilityOf(b) || a - b,
    );
    for (const queries of readers) {
      const asked = { dir, condition: plain, sort: 'recordedProbability', offset: 550, limit: 200 } as const;
      const { rows, total } = queries.rows(asked, []);
      assert.equal(total, many);
      assert.deepEqual(
        rows.map(({ ordinal }) => ordinal),
        sorted.slice(550),
      );
    }
  });

  test(`${kind}: the largest drop first, what cannot be said last`, () => {
    const drop = (n: number): number => dropOf(n, swapped) ?? -2;
    const sorted = Array.from({ length: many }, (_, n) => n).sort((a, b) => drop(b) - drop(a) || a - b);
    for (const queries of readers) {
      const { rows } = queries.rows({ dir, condition: swapped, sort: 'drop', offset: 450, limit: 150 }, []);
      assert.deepEqual(
        rows.map(({ ordinal }) => ordinal),
        sorted.slice(450),
      );
    }
  });

  test(`${kind}: the summary, the header and the choices of groups`, async () => {
    const [first, second] = readers.map((queries) => queries.open(dir));
    assert.deepEqual(second, first);
    assert.equal(first?.summary.status, 'completed');
    const effect = first?.summary.effects.find(({ condition }) => condition.id === swapped);
    assert.equal(
      effect?.flipped,
      cases[1]![2] && Array.from({ length: many }, (_, n) => n).filter(cases[1]![2]).length,
    );
    for (const queries of readers) {
      const header = (await queries.headers(out)).find((one) => one.dir === dir);
      assert.deepEqual([header?.status, header?.done], ['completed', many + 1]);
      const choices = queries.groups({ dir, by: null }, annotations).choices;
      assert.deepEqual(
        choices.map(({ id }) => id),
        ['annotation', 'file'],
      );
      assert.deepEqual(
        queries.groups({ dir, by: null }, []).choices.map(({ id }) => id),
        ['file'],
      );
    }
  });
}

function checkRow(row: OutcomeRow): void {
  const { ordinal: n, condition } = row;
  const outcome = outcomeOf(n, condition);
  assert.equal(row.example, idOf(n));
  assert.equal(row.title, `title ${n}`);
  assert.deepEqual(row.outcomes, [outcome]);
  assert.equal(row.flippedShare, outcome === null ? null : outcome === 'yes' ? 0 : 1);
  assert.equal(row.recordedProbability, condition === plain ? probabilityOf(n) : null);
  assert.equal(row.drop, dropOf(n, condition));
  assert.deepEqual(row.labels, row.labels.length > 0 ? ['odd'] : []);
}

test('of the long log alone something is kept', () => {
  assert.equal(fs.readdirSync(path.join(folder, 'cache', 'runs')).length, 2);
});

test('what was kept of a log that grew is not believed', async () => {
  const dir = writeRun('grows', 8, 'x'.repeat(300_000));
  await new RunQueries().learn(dir);
  const more = { v: 1, type: 'runResumed', at: '2026-01-02T00:00:00Z' };
  fs.appendFileSync(logFile(dir), `${JSON.stringify(more)}\n`);
  const queries = new RunQueries();
  await queries.learn(dir);
  assert.equal(queries.open(dir).summary.status, 'interrupted');
  const [header] = (await queries.headers(out)).filter((one) => one.dir === dir);
  assert.equal(header?.status, 'interrupted');
});

test('a long log is read piece by piece when a run that was kept goes on', async () => {
  const dir = writeRun('followed', 16, 'x'.repeat(300_000));
  await new RunQueries().learn(dir);
  const queries = new RunQueries();
  await queries.learn(dir);
  const { cursor } = queries.open(dir);
  const more = { v: 1, type: 'runResumed', at: '2026-01-02T00:00:00Z' };
  fs.appendFileSync(logFile(dir), `${JSON.stringify(more)}\n`);
  let turns = 0;
  const count = (): void => {
    turns += 1;
    ticking = setImmediate(count);
  };
  let ticking = setImmediate(count);
  const told: number[] = [];
  const context = { signal: new AbortController().signal, emit: () => told.push(turns) };
  await runHandlers(queries).follow({ dir, from: cursor }, context);
  clearImmediate(ticking);
  assert.ok(told[0]! > 1, `told after ${told[0]} turns`);
});

test('fields of records that read like events are none', async () => {
  const dir = path.join(out, 'hostile');
  const writer = RunWriter.create(dir, manifestOf('hostile'));
  const source = { kind: 'bytes', file: '/a.jsonl', start: 0, end: 1, line: 0 };
  const started = { turn: 0, sampling: 'greedy', recorded: 'yes', title: 'one', cuts: {}, caveats: {}, source };
  for (const [ordinal, type] of ['exampleFinished', 'exampleSkipped', 'runFinished', 'runResumed'].entries()) {
    const event = { v: 1, type: 'exampleStarted', at: '', example: idOf(ordinal), ordinal, ...started };
    writer.append({ ...event, fields: { v: 1, type, status: 'completed' } } as unknown as RunEvent);
  }
  const header = (await new RunQueries().headers(out)).find((one) => one.dir === dir);
  assert.deepEqual([header?.status, header?.done], ['running', 0]);
  writer.close();
});

test('a kept run that goes on is running from its lock on', async () => {
  const dir = writeRun('goes-on', 8, 'x'.repeat(300_000));
  const log = fs.readFileSync(logFile(dir), 'utf8').trimEnd().split('\n');
  fs.writeFileSync(logFile(dir), `${log.slice(0, -1).join('\n')}\n`);
  const queries = new RunQueries();
  await queries.learn(dir);
  assert.equal(queries.open(dir).summary.status, 'interrupted');
  const release = takeWriterLock(dir);
  const header = (await queries.headers(out)).find((one) => one.dir === dir);
  release();
  assert.equal(header?.status, 'running');
});

test('an open run is known anew after each example', async () => {
  const dir = path.join(out, 'streams');
  const writer = RunWriter.create(dir, manifestOf('streams'));
  const queries = new RunQueries();
  await queries.learn(dir);
  assert.deepEqual([queries.open(dir).summary.status, queries.open(dir).summary.done], ['running', 0]);
  const source = { kind: 'bytes', file: '/a.jsonl', start: 0, end: 1, line: 0 };
  const started = { turn: 0, sampling: 'greedy', recorded: 'yes', title: 'one', cuts: {}, caveats: {}, source };
  writer.append({
    v: 1,
    type: 'exampleStarted',
    at: '',
    example: idOf(1),
    ordinal: 0,
    ...started,
  } as unknown as RunEvent);
  writer.append({ v: 1, type: 'sampleFinished', example: idOf(1), ...resultOf(1, plain, '') });
  const all = { dir, condition: plain, offset: 0, limit: 200 } as const;
  assert.equal(queries.rows(all, []).total, 0);
  writer.append({ v: 1, type: 'exampleFinished', example: idOf(1), tokensEvaluated: 1, tokensAsked: 1 });
  assert.equal(queries.rows(all, []).total, 1);
  assert.equal((await queries.headers(out)).find((one) => one.dir === dir)?.done, 1);
  writer.close();
  assert.equal(queries.open(dir).summary.status, 'interrupted');
});
