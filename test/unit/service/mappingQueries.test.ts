// What a person is shown while they point at the fields of a file, and told about the mapping that comes of it.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { UserError } from '../../../engine/domain/failure';
import { fieldsOfFile, tryMapping } from '../../../engine/service/mappingQueries';
import { openTraceFile } from '../../../engine/service/traceFile';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'fields-'));
after(() => fs.rmSync(folder, { recursive: true, force: true }));

const file = path.join(folder, 'odd.jsonl');
const rows = [
  { q: { words: 'Up?' }, log: [{ note: '' }], out: 'up', meta: { level: 'easy' }, n: 1 },
  {
    q: { words: 'Down?' },
    log: [{ note: 'Let me see. Down.' }],
    out: 'down',
    meta: { level: 'hard' },
    tags: ['a', 'b'],
  },
  { q: { words: 'Left?' }, log: [], out: 'left' },
];
fs.writeFileSync(file, rows.map((row) => JSON.stringify(row)).join('\n'));

test('every field at any depth is listed with an example that is not empty', async () => {
  const { records, fields, mapping } = await fieldsOfFile(file);
  assert.equal(records, 3);
  assert.equal(mapping, null);
  const brief = fields.map(({ path: name, kind, sample, records: n }) => [name, kind, sample, n]);
  assert.deepEqual(brief, [
    ['q.words', 'text', 'Up?', 3],
    ['log.0.note', 'text', 'Let me see. Down.', 2],
    ['out', 'text', 'up', 3],
    ['meta.level', 'text', 'easy', 2],
    ['n', 'number', '1', 1],
    ['tags', 'texts', 'a b', 1],
  ]);
});

test('a trial says how many records a mapping reads, and why not the others', async () => {
  const trial = await tryMapping(file, { prompt: 'q.words', reasoning: 'log.0.note', answer: 'out' });
  assert.deepEqual([trial.records, trial.read], [3, 1]);
  assert.match(trial.problem ?? '', /log\.0\.note.*empty/);
  assert.equal((await tryMapping(file, { prompt: 'q', reasoning: 'out', answer: 'q.words' })).read, 3);
});

test('the mapping that stands beside the file is told, and its label is a field of the examples', async () => {
  const mapping = { prompt: 'q.words', reasoning: 'log.0.note', answer: 'out', label: 'meta.level' };
  fs.writeFileSync(`${file}.fields.json`, JSON.stringify(mapping));
  assert.deepEqual((await fieldsOfFile(file)).mapping, mapping);
  const { summary } = await openTraceFile(file);
  assert.deepEqual(summary.fields.find(({ name }) => name === 'label')?.values, [{ value: 'hard', n: 1 }]);
});

test('running text has no fields, and says so', async () => {
  const text = path.join(folder, 'a.txt');
  fs.writeFileSync(text, 'Just words.\nAnd more of them.\n');
  await assert.rejects(fieldsOfFile(text), UserError);
});
