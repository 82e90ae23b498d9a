import assert from 'node:assert/strict';
import { type ChildProcess, fork } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { buildSync } from 'esbuild';
import type { Ask, Flow } from '../../../engine/wire/contract';
import { connect } from '../../../engine/wire/peer';
import { childPort, parentPort } from '../../../engine/wire/processPort';

type Echo = {
  echo: Ask<unknown, unknown>;
  tick: Flow<number, number, null>;
  hang: Ask<null, null>;
  die: Ask<{ signal: 'SIGKILL' } | { code: number }, null>;
};

/** The child's program: the wire as the project has it, and four handlers. */
const program = `
  import { serve } from './engine/wire/peer';
  import { parentPort } from './engine/wire/processPort';
  const port = parentPort(process);
  port.onClose(() => process.exit(0));
  serve(port, {
    echo: (value) => value,
    tick: (n, { emit }) => { for (let i = 0; i < n; i++) emit(i); return null; },
    hang: () => new Promise(() => {}),
    die: ({ signal, code }) => { signal ? process.kill(process.pid, signal) : process.exit(code); return new Promise(() => {}); },
  });
`;

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'counterthought-wire-'));
const outfile = path.join(folder, 'child.cjs');
buildSync({
  stdin: { contents: program, resolveDir: process.cwd(), loader: 'ts' },
  bundle: true,
  platform: 'node',
  format: 'cjs',
  outfile,
});

const children: ChildProcess[] = [];
after(() => {
  for (const child of children) child.kill('SIGKILL');
  fs.rmSync(folder, { recursive: true });
});

function start(file = outfile) {
  const child = fork(file, [], { serialization: 'advanced', execArgv: [], silent: true });
  children.push(child);
  const port = childPort(child, 'The child');
  return { child, port, client: connect<Echo>(port) };
}

test('values cross as they are: arrays of numbers, bytes, maps, undefined members', async () => {
  const value = { ids: new Int32Array([1, -2]), map: new Map([['a', 1]]), none: undefined, text: 'é\u{1F600}' };
  assert.deepEqual(await start().client.ask('echo', value), value);
});

test('events cross in order', async () => {
  const seen: number[] = [];
  await start().client.ask('tick', 200, { onEvent: (n) => seen.push(n) });
  assert.deepEqual(
    seen,
    Array.from({ length: 200 }, (_, i) => i),
  );
});

test('what cannot be serialized fails its own call and nothing else', async () => {
  const { client } = start();
  await assert.rejects(
    client.ask('echo', () => {}),
    /could not be cloned/,
  );
  assert.equal(await client.ask('echo', 1), 1);
});

test('a child that exits, or is killed, fails the open calls and says how it ended', async () => {
  for (const [how, words] of [
    [{ code: 7 }, /The child stopped with exit code 7/],
    [{ signal: 'SIGKILL' }, /The child was killed \(SIGKILL\).*memory/],
  ] as const) {
    const { client } = start();
    const hanging = client.ask('hang', null);
    await Promise.all([assert.rejects(hanging, words), assert.rejects(client.ask('die', how), words)]);
    await assert.rejects(client.ask('echo', 1), words);
  }
});

test('a program that is not there says so', async () => {
  await assert.rejects(
    start(path.join(folder, 'absent.cjs')).client.ask('echo', 1),
    /The child stopped with exit code 1/,
  );
});

test('closing the port lets the child end by itself', async () => {
  const { child, client, port } = start();
  await client.ask('echo', 1);
  const ended = new Promise((resolve) => child.once('exit', resolve));
  port.close();
  assert.equal(await ended, 0);
});

test('a process that nobody forked has no parent port', () => {
  const lonely = Object.create(process, { send: { value: undefined } }) as NodeJS.Process;
  assert.throws(() => parentPort(lonely), /started by the editor/);
});
