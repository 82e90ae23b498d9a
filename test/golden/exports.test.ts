// A recorded run written out from the command line in every form: a row a sample, read back with the reasoning that was run.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { exportFormats } from '../../engine/exports';
import { runCli, temporaryFolder } from '../support/cli';
import { projectRoot } from '../support/paths';

const folder = temporaryFolder();
const runs = path.join(folder, 'runs');
const conditions = ['frozen', 'half-truncated', 'half-closed'];
after(() => fs.rmSync(folder, { recursive: true, force: true }));

type Row = {
  readonly condition: string;
  readonly prompt: readonly { readonly role: string; readonly content: string }[];
  readonly reasoning: string;
  readonly answer_text: string;
  readonly kept_text: string;
  readonly continuation: string;
  readonly option: string | null;
  readonly kept: boolean | null;
  readonly probabilities: Readonly<Record<string, number>> | null;
};
let rows: readonly Row[] = [];

const exportTo = (to: string, out: string, ...more: readonly string[]) =>
  runCli(['export', '--runs', runs, '--to', to, '--out', out, ...more]);

before(async () => {
  const sample = path.join(projectRoot, 'samples/loans-mixed.jsonl');
  const options = ['--conditions', conditions.join(), '--swap', 'nationality=American:Canadian', '--limit', '3'];
  const { code, stderr } = await runCli(['run', sample, ...options, '--noise', '0', '--out', runs]);
  assert.equal(code, 0, stderr);
  const out = path.join(folder, 'first.jsonl');
  const written = await exportTo('jsonl', out);
  assert.equal(written.code, 0, written.stderr);
  rows = fs
    .readFileSync(out, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
});

test('a row a sample says what was kept, what was written and what came of it', () => {
  assert.equal(rows.length, 3 * 2 * conditions.length);
  for (const row of rows) {
    assert.ok(row.reasoning.startsWith(row.kept_text));
    if (row.condition.startsWith('half-truncated'))
      assert.ok(!row.kept_text.includes('</reasoning>') && row.continuation !== '');
    if (row.probabilities === null) assert.match(row.condition, /half-truncated/);
    else assert.ok(Object.values(row.probabilities).every((p) => p >= 0 && p <= 1));
    if (row.option !== null) assert.ok(row.answer_text.includes(row.option));
    assert.equal(typeof row.kept, row.option === null ? 'object' : 'boolean');
  }
  const nationality = (row: Row): string => /American|Canadian/.exec(row.prompt.at(-1)?.content ?? '')?.[0] ?? '';
  assert.notEqual(nationality(rows.find((row) => row.condition === 'frozen')!), '');
  assert.equal(
    new Set(
      rows
        .filter((row) => row.condition.startsWith('frozen'))
        .slice(0, 2)
        .map(nationality),
    ).size,
    2,
  );
});

for (const { id, extension } of exportFormats) {
  test(`${id} is read back with the same reasoning`, async () => {
    const out = path.join(folder, `out${extension ?? ''}-${id}`);
    const { code, stderr } = await exportTo(id, out);
    assert.equal(code, 0, stderr);
    const { stdout } = await runCli(['inspect', out, '--json']);
    const { examples } = JSON.parse(stdout);
    assert.equal(examples, id === 'thought-anchors' ? 3 : rows.length);
    const shown = await runCli(['inspect', out, '--json', '--example', '1']);
    const { reasoning } = JSON.parse(shown.stdout).example;
    if (id !== 'thought-anchors') assert.equal(reasoning, rows[1]?.reasoning);
  });
}

test('what is there is not written over, and wrong use is told', async () => {
  const out = path.join(folder, 'there.csv');
  fs.writeFileSync(out, 'mine');
  const refused = await exportTo('csv', out);
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /already.*--force/);
  assert.equal(fs.readFileSync(out, 'utf8'), 'mine');
  assert.equal((await exportTo('csv', out, '--force')).code, 0);
  assert.equal((await exportTo('word', out)).code, 2);
  assert.equal((await runCli(['export', '--runs', runs, '--to', 'csv'])).code, 2);
  assert.match((await exportTo('csv', path.join(folder, 'no', 'such.csv'))).stderr, /no such folder/);
});

test('a trace file is written out too', async () => {
  const out = path.join(folder, 'file.parquet');
  const file = path.join(projectRoot, 'test/fixtures/formats/chat.jsonl');
  const { code, stderr } = await runCli(['export', file, '--to', 'parquet', '--out', out]);
  assert.equal(code, 0, stderr);
  assert.match((await runCli(['inspect', out])).stdout, /examples with reasoning/);
});
