import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { UserError } from '../../../engine/domain/failure';
import type { RunEvent, RunManifest } from '../../../engine/domain/run';
import { LineWriter, readLines } from '../../../engine/store/jsonLines';
import { listRuns, logFile, RunFold, RunWriter, readEvents } from '../../../engine/store/runLog';
import { currentWriter, takeWriterLock } from '../../../engine/store/writerLock';

const manifest = {
  v: 1,
  run: '20260101-000000-aa',
  startedAt: '2026-01-01T00:00:00Z',
  spec: { v: 1 },
} as unknown as RunManifest;

function started(example: string, ordinal = 0): RunEvent {
  const source = { kind: 'bytes', file: 'f', start: 0, end: 1, line: 1 } as const;
  const common = { v: 1, at: '', turn: 0, recorded: 'approve', title: 'é', cuts: {}, caveats: {} } as const;
  return { ...common, type: 'exampleStarted', example, ordinal, source } as unknown as RunEvent;
}

function sampled(example: string, option: string): RunEvent {
  const result = { condition: 'c', sample: 0, outcome: { kind: 'option', option }, text: option, tokens: 1 };
  const rest = { finish: 'stop', wentOn: false, probabilities: null, minMargin: 1 };
  return { v: 1, type: 'sampleFinished', example, ...result, ...rest } as unknown as RunEvent;
}

const finished = (example: string): RunEvent =>
  ({ v: 1, type: 'exampleFinished', example, tokensEvaluated: 2, tokensAsked: 10 }) as unknown as RunEvent;

let dir = '';
beforeEach(() => {
  dir = fs.mkdtempSync(path.join(os.tmpdir(), 'counterthought-'));
});
afterEach(() => fs.rmSync(dir, { recursive: true, force: true }));

describe('lines of JSON', () => {
  it('gives every complete line its byte range, across chunks, and leaves a torn one out', () => {
    const file = path.join(dir, 'lines');
    const long = `"${'ü'.repeat(400_000)}"`;
    fs.writeFileSync(file, `1\n${long}\n3\n{"torn`);
    const lines: string[] = [];
    const bytes = fs.readFileSync(file);
    const end = readLines(file, { from: 0 }, (line) => {
      assert.equal(bytes.subarray(line.start, line.end - 1).toString(), line.text);
      lines.push(line.text);
    });
    assert.deepEqual(lines, ['1', long, '3']);
    assert.equal(end, bytes.length - '{"torn'.length);
  });

  it('cuts a torn last line off before it appends', () => {
    const file = path.join(dir, 'lines');
    fs.writeFileSync(file, '{"a":1}\n{"b":');
    const writer = new LineWriter(file);
    writer.append({ c: 3 });
    writer.close();
    assert.equal(fs.readFileSync(file, 'utf8'), '{"a":1}\n{"c":3}\n');
  });
});

describe('a disk that becomes full in the middle of a line', () => {
  it('leaves nothing of it, so that what follows is whole once there is room', ({ mock }) => {
    const file = path.join(dir, 'full.jsonl');
    const writer = new LineWriter(file);
    writer.append('before');
    const { writeSync } = fs;
    let room = 4;
    const full = mock.method(fs, 'writeSync', (handle: number, line: Buffer, from: number) => {
      if (room === 0) throw Object.assign(new Error('no space'), { code: 'ENOSPC' });
      const taken = writeSync(handle, line, from, room);
      room -= taken;
      return taken;
    });
    assert.throws(() => writer.append('half of it'), /no space/);
    full.mock.restore();
    writer.append('after');
    writer.close();
    assert.equal(fs.readFileSync(file, 'utf8'), '"before"\n"after"\n');
  });
});

describe('a disk that fails when a log is closed', () => {
  it('leaves no lock behind', ({ mock }) => {
    const writer = RunWriter.create(dir, manifest);
    const failing = mock.method(fs, 'fsyncSync', () => {
      throw new Error('input/output error');
    });
    assert.throws(() => writer.close(), /output error/);
    failing.mock.restore();
    assert.equal(currentWriter(dir), null);
  });
});

describe('the log of a run', () => {
  it('folds what was written, and only the new part again', () => {
    const run = path.join(dir, 'run');
    const writer = RunWriter.create(run, manifest);
    writer.append(started('e1'));
    writer.append(sampled('e1', 'reject'));
    const fold = new RunFold(run);
    fold.refresh();
    assert.equal(fold.state.closed, 0);
    writer.append(finished('e1'));
    fold.refresh();
    writer.close();
    assert.equal(fold.state.closed, 1);
    assert.equal(fold.state.tokensAsked, 10);
    assert.equal(fold.manifest.run, manifest.run);
    const state = [...fold.state.examples.values()][0];
    const events = readEvents(run, { start: state?.logStart ?? 0, end: state?.logEnd ?? null });
    assert.deepEqual(
      events.map((event) => event.type),
      ['exampleStarted', 'sampleFinished', 'exampleFinished'],
    );
  });

  it('redoes an example that was begun and never closed, and ignores facts of a closed one', () => {
    const run = path.join(dir, 'run');
    const writer = RunWriter.create(run, manifest);
    for (const event of [
      started('e1'),
      sampled('e1', 'reject'),
      started('e1'),
      sampled('e1', 'approve'),
      finished('e1'),
    ])
      writer.append(event);
    for (const event of [started('e1'), sampled('e1', 'reject'), finished('e1')]) writer.append(event);
    writer.close();
    const fold = new RunFold(run);
    fold.refresh();
    const [state] = fold.state.examples.values();
    const outcomes = [...(state?.results.values() ?? [])].flat().map((digest) => digest.outcome);
    assert.deepEqual(outcomes, [{ kind: 'option', option: 'approve' }]);
    assert.equal(fold.state.closed, 1);
  });

  it('has one writer at a time, and takes over from one that died', () => {
    const run = path.join(dir, 'run');
    const writer = RunWriter.create(run, manifest);
    assert.equal(currentWriter(run), process.pid);
    assert.throws(
      () => takeWriterLock(run),
      (error: unknown) => error instanceof UserError && /being written/.test(error.message),
    );
    writer.close();
    assert.equal(currentWriter(run), null);
    const lock = path.join(run, 'writer.lock');
    const left = (pid: number, host: string, ageMs: number): void => {
      fs.writeFileSync(lock, JSON.stringify({ pid, host, token: 'x' }));
      const then = new Date(Date.now() - ageMs);
      fs.utimesSync(lock, then, then);
    };
    left(999_999_999, os.hostname(), 0);
    takeWriterLock(run)();
    assert.ok(!fs.existsSync(lock));
    left(process.pid, 'another machine', 5_000);
    assert.throws(() => takeWriterLock(run), /being written/);
    left(process.pid, os.hostname(), 60_000);
    takeWriterLock(run)();
    fs.writeFileSync(lock, 'torn');
    takeWriterLock(run)();
  });

  it('is listed newest first, and says so when a folder is no run', () => {
    for (const name of ['20260101-1', '20260102-1']) RunWriter.create(path.join(dir, name), manifest).close();
    fs.mkdirSync(path.join(dir, 'other'));
    assert.deepEqual(
      listRuns(dir).map((one) => path.basename(one)),
      ['20260102-1', '20260101-1'],
    );
    assert.throws(() => new RunFold(path.join(dir, 'other')).refresh(), /is not a run/);
    assert.ok(fs.existsSync(logFile(path.join(dir, '20260101-1'))));
  });
});
