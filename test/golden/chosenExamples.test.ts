// A run over examples that were chosen one by one: those and no others, by the ids that the file's examples have.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, test } from 'node:test';
import { logFile } from '../../engine/store/runLog';
import { jsonLines, type RunObject, runCli, splitRun, temporaryFolder } from '../support/cli';
import { projectRoot as root } from '../support/paths';

const file = path.join(root, 'samples', 'loans-mixed.jsonl');
const out = temporaryFolder();
after(() => fs.rmSync(out, { recursive: true, force: true }));

async function idOf(index: number): Promise<string> {
  const args = ['inspect', file, '--example', String(index), '--json'];
  const [summary] = jsonLines<{ readonly example: { readonly id: string } }>(await runCli(args));
  return summary!.example.id;
}

/** A spec that an earlier run recorded, with other examples. */
async function specOf(only: readonly string[]): Promise<string> {
  const args = ['run', file, '--conditions', 'frozen', '--limit', '1', '--noise', '0', '--out', out, '--json'];
  const [{ dir }] = jsonLines<RunObject>(await runCli(args)) as [RunObject];
  const spec = JSON.parse(fs.readFileSync(path.join(dir, 'spec.cot.json'), 'utf8')) as Record<string, unknown>;
  const written = path.join(out, `${only.length}-${only[0]!.slice(0, 4)}.cot.json`);
  fs.writeFileSync(written, JSON.stringify({ ...spec, files: [file], limit: null, only }));
  return written;
}

test('only the chosen examples run, counted as in the file', async () => {
  const ids = [await idOf(7), await idOf(2)];
  const asked = ['run', '--spec', await specOf(ids), '--out', out, '--json', '--outcomes'];
  const { outcomes, run: recorded } = splitRun(await runCli(asked));
  assert.deepEqual(
    outcomes.map(({ example }) => example),
    [ids[1], ids[0]],
  );
  const log = fs.readFileSync(logFile(recorded.dir), 'utf8').trim().split('\n');
  const started = log.map((line) => JSON.parse(line) as { type?: string; ordinal?: number });
  assert.deepEqual(
    started.filter(({ type }) => type === 'exampleStarted').map(({ ordinal }) => ordinal),
    [2, 7],
  );
});

test('a chosen example that is not in the file is said to be missing', async () => {
  const run = ['run', '--spec', await specOf([await idOf(2), 'f'.repeat(64)]), '--out', out, '--json'];
  const { code, stderr } = await runCli(run);
  assert.notEqual(code, 0);
  assert.match(stderr, /1 of the chosen examples are no longer in/);
});
