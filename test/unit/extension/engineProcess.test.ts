import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { buildSync } from 'esbuild';
import { createEngineProcess, type EngineState } from '../../../extension/host/engineProcess';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'counterthought-supervisor-'));
const stops: (() => void)[] = [];
after(() => {
  for (const stop of stops) stop();
  fs.rmSync(folder, { recursive: true });
});

/** A program that answers `hello` with this version, and dies when asked for runs in a folder called `die`. */
function program(name: string, wire: string): string {
  const outfile = path.join(folder, `${name}.cjs`);
  const contents = `
    import { wireVersion } from './engine/wire/contract';
    import { serve } from './engine/wire/peer';
    import { parentPort } from './engine/wire/processPort';
    const port = parentPort(process);
    port.onClose(() => process.exit(0));
    serve(port, {
      hello: () => ({ wire: ${wire}, version: process.argv[2] }),
      runs: ({ out }) => { if (out === 'die') process.kill(process.pid, 'SIGKILL'); console.error('asked for', out); return [{ pid: process.pid }]; },
      follow: () => new Promise(() => {}),
    });`;
  buildSync({
    stdin: { contents, resolveDir: process.cwd(), loader: 'ts' },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    outfile,
  });
  return outfile;
}

const script = program('good', 'wireVersion');

function supervise(file = script) {
  const states: EngineState[] = [];
  const lines: string[] = [];
  const engine = createEngineProcess({
    script: file,
    role: 'reader',
    name: 'The reader',
    onLog: (line) => lines.push(line),
    onState: (state) => states.push(state),
  });
  stops.push(engine.stop);
  return { engine, states, lines };
}

const pidOf = async (engine: ReturnType<typeof supervise>['engine'], out = 'here'): Promise<number> => {
  const [first] = (await engine.ask('runs', { out })) as unknown as { pid: number }[];
  return first?.pid ?? 0;
};

test('nothing starts before it is asked; one process answers all; what it prints is logged', async () => {
  const { engine, states, lines } = supervise();
  assert.deepEqual(engine.state(), { kind: 'stopped' });
  const pids = await Promise.all([pidOf(engine), pidOf(engine), pidOf(engine)]);
  assert.equal(new Set(pids).size, 1);
  assert.deepEqual(
    states.map(({ kind }) => kind),
    ['starting', 'ready'],
  );
  assert.ok(lines.join('\n').includes('asked for here'));
});

test('a crash fails what was asked, in words, and the next question starts another process', async () => {
  const { engine, states } = supervise();
  const first = await pidOf(engine);
  const open = assert.rejects(engine.ask('follow', { dir: 'x', from: 0 }), /The reader was killed \(SIGKILL\)/);
  await assert.rejects(pidOf(engine, 'die'), /The reader was killed \(SIGKILL\)/);
  await open;
  assert.equal(engine.state().kind, 'failed');
  const second = await pidOf(engine);
  assert.notEqual(second, first);
  assert.deepEqual(
    states.map(({ kind }) => kind),
    ['starting', 'ready', 'failed', 'starting', 'ready'],
  );
});

test('another version is refused, with the way out, and asked anew each time', async () => {
  const { engine } = supervise(program('old', '0'));
  for (const _ of [1, 2]) await assert.rejects(pidOf(engine), /of another version.*Reload the window/);
});

test('a program that cannot run says so', async () => {
  const { engine } = supervise(path.join(folder, 'absent.cjs'));
  await assert.rejects(pidOf(engine), /The reader stopped with exit code 1/);
});

test('stopping is no crash, and the next question starts again', async () => {
  const { engine, states } = supervise();
  const first = await pidOf(engine);
  engine.stop();
  assert.notEqual(await pidOf(engine), first);
  assert.deepEqual(
    states.map(({ kind }) => kind),
    ['starting', 'ready', 'stopped', 'starting', 'ready'],
  );
});
