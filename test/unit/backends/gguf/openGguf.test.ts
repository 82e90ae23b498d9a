import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { openGguf } from '../../../../engine/backends/gguf/openGguf';
import { CancelledError, UserError } from '../../../../engine/domain/failure';
import type { Job } from '../../../../engine/domain/job';
import { greedy } from '../../../../engine/domain/run';
import { Backends } from '../../../../engine/service/backends';
import { temporaryFolder } from '../../../support/cli';
import { type FakeGguf, fakeProgram, isAlive, startFakeGguf, untilGone } from '../../../support/fakeGguf';
import { runToEnd } from '../../../support/localModel';

const job: Job = {
  prompt: [],
  leaves: [
    {
      key: 'a',
      ids: [5, 6, 7],
      readout: { kind: 'continued', maxTokens: 40, stopTexts: [] },
      sampling: greedy,
      streams: ['a'],
    },
  ],
};

describe('a GGUF file', () => {
  let folder = '';
  let fake: FakeGguf;
  beforeEach(async () => {
    folder = temporaryFolder();
    fake = await startFakeGguf(folder);
  });
  afterEach(async () => {
    await fake.close();
    fs.rmSync(folder, { recursive: true });
  });

  it('runs on a server of its own, on this machine alone, which ends with it', async () => {
    const log: string[] = [];
    const { backend } = await openGguf(fake.file, { llamaServer: fakeProgram, onLog: (line) => log.push(line) });
    const [{ pid, args } = { pid: 0, args: [] }] = fake.starts();
    assert.deepEqual(args.slice(0, 4), ['--model', fake.file, '--host', '127.0.0.1']);
    assert.equal(backend.model.id, 'Tiny-Model');
    assert.equal(backend.model.precision, 'Q4_K_M');
    assert.equal(backend.model.sha256.length, 64);
    assert.equal(backend.capabilities.forced, true);
    const events = await runToEnd(backend, job);
    assert.ok(events.some((event) => event.type === 'continued' && event.text.includes('It holds')));
    assert.deepEqual(log, ['loading model']);
    assert.ok(isAlive(pid));
    await backend.dispose();
    await untilGone(pid);
  });

  it('that cannot be loaded says what the program said', async () => {
    process.env.FAKE_TROUBLE = 'error: unknown model architecture';
    await assert.rejects(openGguf(fake.file, { llamaServer: fakeProgram }), (error) => {
      assert.ok(error instanceof UserError);
      assert.match(error.message, /could not load .*Tiny-Model-Q4_K_M\.gguf: .*unknown model architecture/);
      return true;
    });
  });

  it('is loaded no further when nobody waits for it any more', async () => {
    process.env.FAKE_LOAD_MS = '600000';
    const backends = new Backends({ llamaServer: fakeProgram });
    const [first, second] = [new AbortController(), new AbortController()];
    const one = backends.open({ model: fake.file }, first.signal);
    const other = backends.open({ model: fake.file }, second.signal);
    while (fake.starts().length === 0) await delay(20);
    const pid = fake.starts()[0]?.pid ?? 0;
    first.abort();
    await assert.rejects(one, CancelledError);
    assert.ok(isAlive(pid) && backends.holds({ model: fake.file }));
    second.abort();
    await assert.rejects(other, CancelledError);
    assert.ok(!backends.holds({ model: fake.file }));
    await untilGone(pid);
    assert.equal(fake.starts().length, 1);
  });

  it('whose program is nowhere says how to get it', async () => {
    await assert.rejects(openGguf(fake.file, { llamaServer: path.join(folder, 'nothing') }), /nothing is no program/);
    const before = process.env.PATH;
    process.env.PATH = folder;
    try {
      await assert.rejects(openGguf(fake.file), /not on PATH.*brew install/);
    } finally {
      process.env.PATH = before;
    }
  });

  it('that is none is not given to any program', async () => {
    fs.writeFileSync(fake.file, 'PK whatever');
    await assert.rejects(openGguf(fake.file, { llamaServer: fakeProgram }), /damaged or no GGUF/);
    assert.deepEqual(fake.starts(), []);
  });

  it('whose server is killed ends its work at once, and is opened anew by the next', async () => {
    const backends = new Backends({ llamaServer: fakeProgram });
    const place = { model: fake.file };
    try {
      const { backend } = await backends.open(place);
      fake.silence.isKept = true;
      const refused = assert.rejects(runToEnd(backend, job), /server of Tiny-Model has ended/);
      setTimeout(() => process.kill(fake.starts()[0]?.pid ?? 0, 'SIGKILL'), 100);
      await refused;
      fake.silence.isKept = false;
      const again = await backends.open(place);
      assert.ok((await runToEnd(again.backend, job)).length > 0);
      assert.equal(fake.starts().length, 2);
    } finally {
      await backends.dispose();
    }
  });
});
