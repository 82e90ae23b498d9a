// A file of a shape that nobody knows, opened and re-run from the command line: a person says where its fields are.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, test } from 'node:test';
import { runCli, temporaryFolder } from '../support/cli';
import { projectRoot } from '../support/paths';

const folder = temporaryFolder();
after(() => fs.rmSync(folder, { recursive: true, force: true }));

function write(name: string, content: unknown): string {
  const file = path.join(folder, name);
  fs.writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
}

const study = {
  study: 's',
  items: [1, 2].map((n) => ({ q: `P${n}?`, log: [{ why: `because ${n}.\n` }], out: { said: `Answer: ${n}` } })),
};
const inline = 'prompt=items[].q,reasoning=items[].log[0].why,answer=items[].out.said';

async function reasonings(file: string, map: string): Promise<readonly unknown[]> {
  const shown = await Promise.all(
    [0, 1].map((k) => runCli(['inspect', file, '--map', map, '--json', '--example', String(k)])),
  );
  return shown.map(({ code, stdout, stderr }) => {
    assert.equal(code, 0, stderr);
    const { example } = JSON.parse(stdout);
    return [example.messages, example.reasoning, example.answerText];
  });
}

const wanted = [1, 2].map((n) => [[{ role: 'user', content: `P${n}?` }], `because ${n}.\n`, `Answer: ${n}`]);

test('a mapping, inline or in a file, reads what no format knows, every item of a list too', async () => {
  const file = write('study.json', study);
  assert.equal((await runCli(['inspect', file])).code, 1);
  assert.deepEqual(await reasonings(file, inline), wanted);
  const map = { prompt: 'items[].q', reasoning: 'items[].log.0.why', answer: 'items[].out.said' };
  assert.deepEqual(await reasonings(file, write('map.json', map)), wanted);
});

test('a mapping may name the tags of a turn', async () => {
  const rows = [1, 2].map((n) => JSON.stringify({ q: `P${n}?`, t: `<<a>>because ${n}.\n<</a>>Answer: ${n}` }));
  const file = write('tags.jsonl', rows.join('\n'));
  assert.deepEqual(await reasonings(file, 'prompt=q,reasoning=t,answer=t,open=<<a>>,close=<</a>>'), wanted);
});

test('--fields lists what a mapping may point at', async () => {
  const { code, stdout, stderr } = await runCli(['inspect', write('fields.json', study), '--fields']);
  assert.equal(code, 0);
  assert.match(stdout, /items\.0\.log\.0\.why +text +11 {2}"because 1\.\\n"/);
  assert.match(stderr, /steps\[\]\.text instead of steps\.0\.text/);
});

test('a wrong mapping is wrong use, or names its file', async () => {
  const file = write('wrong.json', study);
  const bad = await runCli(['inspect', file, '--map', 'prompt=q']);
  assert.equal(bad.code, 2);
  assert.match(bad.stderr, /lacks "reasoning"/);
  const missing = await runCli(['inspect', file, '--map', path.join(folder, 'none.json')]);
  assert.equal(missing.code, 1);
  assert.match(missing.stderr, /none\.json/);
});

test('a run keeps the mapping that it was started with', async () => {
  const sample = fs.readFileSync(path.join(projectRoot, 'samples/loans-mixed.jsonl'), 'utf8').split('\n', 3);
  const rows = sample.map((line) => ({ what: JSON.parse(line) }));
  const file = write('wrapped.jsonl', rows.map((row) => JSON.stringify(row)).join('\n'));
  const out = path.join(folder, 'runs');
  const map = 'prompt=what.prompt,reasoning=what.response,answer=what.response';
  const options = ['--map', map, '--model', 'bundled', '--conditions', 'frozen', '--limit', '2', '--noise', '0'];
  const { code, stderr } = await runCli(['run', file, ...options, '--out', out]);
  assert.equal(code, 0, stderr);
  const [run = ''] = fs.readdirSync(out);
  const [manifest] = fs.readFileSync(path.join(out, run, 'events.jsonl'), 'utf8').split('\n', 1);
  assert.deepEqual(JSON.parse(manifest ?? '').manifest.spec.mapping, {
    prompt: 'what.prompt',
    reasoning: 'what.response',
    answer: 'what.response',
  });
});
