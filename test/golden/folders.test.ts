// Folders on the command line: which files in them are traces, and a run of all of them; what a run would take before it is made.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import { jsonLines, type RunObject, runCli, temporaryFolder } from '../support/cli';
import { projectRoot } from '../support/paths';

const folder = temporaryFolder();
after(() => fs.rmSync(folder, { recursive: true, force: true }));

const lines = fs.readFileSync(path.join(projectRoot, 'samples', 'loans-mixed.jsonl'), 'utf8').split('\n');
const write = (name: string, text: string): void => {
  const file = path.join(folder, name);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, text);
};
write('traces/a.jsonl', lines.slice(0, 3).join('\n'));
write('traces/deep/b.jsonl', lines.slice(3, 5).join('\n'));
write('traces/settings.json', '{"theme": "dark"}');
write('traces/notes.md', 'nothing');
write('traces/.hidden/c.jsonl', lines.slice(5, 7).join('\n'));
write('none/notes.md', 'nothing');
const traces = path.join(folder, 'traces');

describe('a folder', () => {
  it('is inspected file by file', async () => {
    const { stdout, code } = await runCli(['inspect', traces]);
    assert.equal(code, 0);
    assert.match(stdout, /2 of 3 files that look like traces/);
    assert.match(stdout, /a\.jsonl: .+\n.*deep.b\.jsonl: .+\n.*settings\.json: /);
    assert.doesNotMatch(stdout, /hidden/);
    const empty = await runCli(['inspect', path.join(folder, 'none')]);
    assert.match(empty.stderr, /none: no trace files are in this folder/);
    assert.equal(empty.code, 1);
  });

  it('is run as the files in it that hold traces; the others are named', async () => {
    const args = [
      'run',
      traces,
      '--conditions',
      'frozen',
      '--noise',
      '0',
      '--json',
      '--out',
      path.join(folder, 'runs'),
    ];
    const result = await runCli(args);
    const [run] = jsonLines<RunObject>(result);
    assert.equal(run?.conditions[0]?.n, 5);
    assert.match(result.stderr, /Left out: .*settings\.json/);
  });
});

describe('a dry run of a model that is here', () => {
  const args = ['run', path.join(traces, 'a.jsonl'), '--swap', 'nationality=American:Canadian', '--dry-run'];

  it('counts answers and tokens, tells the time, and runs nothing', async () => {
    const out = path.join(folder, 'dry');
    const { stdout, code } = await runCli([...args, '--out', out]);
    assert.equal(code, 0);
    assert.match(
      stdout,
      /^3 examples × 10 conditions: 30 answers\nabout [\d,]+ tokens to read.*\nabout \d+ s on this machine/,
    );
    assert.equal(fs.existsSync(out), false);
    const [counted] = jsonLines<{ tokensRead: number; tokensAsked: number }>(await runCli([...args, '--json']));
    assert.ok(counted && counted.tokensRead > 200 && counted.tokensAsked > 2 * counted.tokensRead);
  });

  it('takes no prices', async () => {
    const { stderr, code } = await runCli([...args, '--price-in', '1']);
    assert.match(stderr, /prices of a --server/);
    assert.equal(code, 2);
  });
});
