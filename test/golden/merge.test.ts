// Parts of a run put together where records stand twice in the files: each place counts once, as in the run without parts.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import type { RunManifest } from '../../engine/domain/run';
import { jsonLines, type RunObject, runCli, temporaryFolder } from '../support/cli';
import { projectRoot } from '../support/paths';

const folder = temporaryFolder();
after(() => fs.rmSync(folder, { recursive: true, force: true }));

const sample = path.join(projectRoot, 'samples', 'loans-mixed.jsonl');
const twice = path.join(folder, 'twice.jsonl');
const lines = fs.readFileSync(sample, 'utf8').split('\n').slice(0, 3);
fs.writeFileSync(path.join(folder, 'once.jsonl'), `${lines.join('\n')}\n`);
// The second file repeats the first two records of the first: at places 3 and 4 of five.
fs.writeFileSync(twice, `${lines.slice(0, 2).join('\n')}\n`);

async function run(out: string, ...more: readonly string[]): Promise<RunObject> {
  const files = [path.join(folder, 'once.jsonl'), twice];
  const args = ['run', ...files, '--conditions', 'frozen', '--noise', '0', '--json', '--out', out];
  const [object] = jsonLines<RunObject>(await runCli([...args, ...more]));
  assert.ok(object);
  return object;
}

async function merged(out: string, dirs: readonly string[]): Promise<RunObject> {
  const [object] = jsonLines<RunObject>(await runCli(['merge', ...dirs, '--json', '--out', out]));
  assert.ok(object);
  return object;
}

const rateOf = ({ conditions }: RunObject): readonly unknown[] =>
  conditions.map(({ alias, n, kept }) => [alias, n, kept]);

describe('the parts of a run over files that hold a record twice', () => {
  const out = path.join(folder, 'runs');

  it('are the whole run when merged, in parts that have both places, and in parts that have one each', async () => {
    const whole = await run(out);
    assert.deepEqual([whole.status, whole.examples], ['completed', 5]);
    for (const of of [2, 3]) {
      const parts: string[] = [];
      for (let part = 1; part <= of; part += 1) parts.push((await run(out, '--shard', `${part}/${of}`)).dir);
      const one = await merged(out, parts);
      assert.deepEqual([one.status, one.examples, rateOf(one)], ['completed', 5, rateOf(whole)], `${of} parts`);
      const again = await merged(out, [one.dir, ...parts]);
      assert.deepEqual([again.status, again.examples], ['completed', 5], `${of} parts and what they made`);
    }
  });

  it('lack what a missing part has, which resuming adds; a complete run says that nothing is left', async () => {
    const parts = [(await run(out, '--shard', '1/3')).dir, (await run(out, '--shard', '2/3')).dir];
    const partial = await merged(out, [...parts, parts[0]!]);
    assert.equal(partial.status, 'cancelled');
    assert.equal(partial.examples, 4);
    const [resumed] = jsonLines<RunObject>(await runCli(['resume', partial.dir, '--json', '--out', out]));
    assert.deepEqual([resumed?.status, resumed?.conditions[0]?.n], ['completed', 3]);
    const log = fs.readFileSync(path.join(partial.dir, 'events.jsonl'), 'utf8');
    const nothing = await runCli(['resume', partial.dir, '--out', out]);
    assert.match(nothing.stderr, /run is complete; there is nothing left to run/);
    assert.equal(nothing.code, 0);
    assert.equal(fs.readFileSync(path.join(partial.dir, 'events.jsonl'), 'utf8'), log);
  });

  it('run an example after a kill whose second place was skipped while the first was run', async () => {
    const { dir, conditions } = await run(out);
    const log = path.join(dir, 'events.jsonl');
    const events = fs.readFileSync(log, 'utf8').trimEnd().split('\n');
    const skipped = events.find((line) => line.includes('"type":"exampleSkipped"'));
    assert.ok(skipped);
    const { example } = JSON.parse(skipped) as { readonly example: string };
    const isCut = (line: string): boolean =>
      line.includes('"type":"runFinished"') || (line.includes(example) && !line.includes('"type":"exampleSkipped"'));
    fs.writeFileSync(log, `${events.filter((line) => !isCut(line)).join('\n')}\n`);
    const [resumed] = jsonLines<RunObject>(await runCli(['resume', dir, '--json', '--out', out]));
    assert.deepEqual([resumed?.status, resumed?.conditions[0]?.n], ['completed', conditions[0]?.n]);

    // A log of a version that told conditions apart otherwise.
    const [manifest = ''] = events;
    const id = (JSON.parse(manifest) as { readonly manifest: RunManifest }).manifest.conditions[0]?.id ?? '';
    fs.writeFileSync(log, `${manifest.replaceAll(id, 'f'.repeat(id.length))}\n`);
    const refused = await runCli(['resume', dir, '--out', out]);
    assert.match(refused.stderr, /cannot go on: the way in which conditions are told apart has changed since it began/);
  });
});
