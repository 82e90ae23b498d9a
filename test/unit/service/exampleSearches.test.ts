// Searching, filtering and ordering the examples of a file, and what can be listed while a search goes on.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { CancelledError, UserError } from '../../../engine/domain/failure';
import { type ExampleQuery, wholeFile } from '../../../engine/domain/traceList';
import { ExampleSearches } from '../../../engine/service/exampleSearches';
import { listExamples, summarizeFile } from '../../../engine/service/fileQueries';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'searches-'));
after(() => fs.rmSync(folder, { recursive: true, force: true }));

type Row = { readonly prompt: string; readonly thinking: string; readonly response: string; readonly level?: unknown };
let written = 0;
function write(rows: readonly (Row | string)[]): string {
  written += 1;
  const file = path.join(folder, `${written}.jsonl`);
  fs.writeFileSync(file, rows.map((row) => `${typeof row === 'string' ? row : JSON.stringify(row)}\n`).join(''));
  return file;
}

const colors = ['red', 'green', 'blue'];
const row = (at: number): Row => ({
  prompt: `Case ${at} (50% off?) [${colors[at % 3]}]`,
  thinking: `Step ${'x'.repeat((at * 7) % 30)} of Straße ${at}.`,
  response: at % 10 === 9 ? '(hm)' : `Answer: ${at % 2 === 0 ? 'Yes' : 'No'}`,
  level: at % 4,
});
const rows = Array.from({ length: 60 }, (_, at) => row(at));
const file = write([...rows.slice(0, 20), '{"prompt": broken', ...rows.slice(20)]);

async function places(query: Partial<ExampleQuery>, searches = new ExampleSearches()): Promise<readonly number[]> {
  const asked = { ...wholeFile, ...query };
  const { found } = await searches.find(file, asked, {});
  const listed = await searches.list(file, asked, { offset: 0, limit: 200 });
  assert.equal(listed.length, found);
  return listed.map(({ index }) => index);
}

const where = (holds: (row: Row, at: number) => boolean): readonly number[] =>
  rows.flatMap((one, at) => (holds(one, at) ? [at] : []));

test('words are found whatever their case, as they are and not as a pattern, where one asks', async () => {
  assert.deepEqual(
    await places({ words: '(50% OFF?) [Red]' }),
    where((_, at) => at % 3 === 0),
  );
  assert.deepEqual(await places({ words: 'straße 7.' }), [7]);
  assert.deepEqual(await places({ words: 'straße', place: 'prompt' }), []);
  assert.deepEqual(
    await places({ words: 'level: 3', place: 'fields' }),
    where(({ level }) => level === 3),
  );
  assert.deepEqual(
    await places({ words: '(hm)', place: 'answer' }),
    where((_, at) => at % 10 === 9),
  );
});

test('filters by answer, field and flaw hold together', async () => {
  const answers = (option: string) => ({ by: 'answer', option }) as const;
  const { answer } = await summarizeFile(file, {});
  const [most] = answer.tally;
  assert.equal(most?.option, 'Yes');
  assert.equal((await places({ filters: [answers('Yes')] })).length, most.n);
  const unanswered = await places({ filters: [{ by: 'flaw', flaw: 'unanswered' }] });
  assert.deepEqual(
    unanswered,
    where(({ response }) => response === '(hm)'),
  );
  const both = await places({ filters: [answers('Yes'), { by: 'field', name: 'level', value: 2 }] });
  assert.deepEqual(
    both,
    where(({ level, response }) => level === 2 && response === 'Answer: Yes'),
  );
});

test('an order sorts what was found; equal ones stay in the order of the file', async () => {
  const byLevel = await places({ order: { by: 'field', name: 'level', descending: false } });
  assert.deepEqual(
    byLevel,
    [0, 1, 2, 3].flatMap((level) => where((one) => one.level === level)),
  );
  const longest = await places({ words: 'red', order: { by: 'length', descending: true } });
  const lengths = longest.map((at) => rows[at]!.thinking.length);
  assert.deepEqual(
    lengths,
    [...lengths].sort((a, b) => b - a),
  );
  assert.deepEqual(
    await places({ order: { by: 'file', descending: true } }),
    rows.map((_, at) => 59 - at),
  );
});

test('facets count what filters then find, and damaged lines are named', async () => {
  const { fields, problems, problemCount, examples } = await summarizeFile(file, {});
  assert.equal(examples, 60);
  assert.equal(problemCount, 1);
  assert.equal(problems[0]?.line, 21);
  const level = fields.find(({ name }) => name === 'level')!;
  assert.deepEqual(
    level.values.map(({ value, n }) => [value, n]),
    [
      [0, 15],
      [1, 15],
      [2, 15],
      [3, 15],
    ],
  );
});

test('a search can be given up, listed as far as it came, and taken up again', async () => {
  const filler = 'and so it goes on and on. '.repeat(400);
  const long = write(Array.from({ length: 3000 }, (_, at) => ({ ...row(at), thinking: `${filler} ${at}` })));
  const searches = new ExampleSearches();
  const query = { ...wholeFile, words: 'goes on' };
  const controller = new AbortController();
  const onProgress = ({ found }: { readonly found: number }): void => {
    if (found > 0) controller.abort();
  };
  await assert.rejects(searches.find(long, query, { signal: controller.signal, onProgress }), CancelledError);
  const early = await searches.list(long, query, { offset: 0, limit: 3 });
  assert.deepEqual(
    early.map(({ index }) => index),
    [0, 1, 2],
  );
  assert.deepEqual(early, await listExamples(long, { offset: 0, limit: 3 }));
  assert.equal((await searches.find(long, query, {})).found, 3000);
});

test('a search that nobody made, or made of another content, is not listed', async () => {
  const searches = new ExampleSearches();
  const changing = write(rows.slice(0, 3));
  const page = { offset: 0, limit: 10 };
  await assert.rejects(searches.list(changing, wholeFile, page), UserError);
  await searches.find(changing, wholeFile, {});
  assert.equal((await searches.list(changing, wholeFile, page)).length, 3);
  fs.appendFileSync(changing, `${JSON.stringify(row(3))}\n`);
  await assert.rejects(searches.list(changing, wholeFile, page), UserError);
});
