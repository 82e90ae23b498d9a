// A file is read as far as somebody asks and no further; several who ask share one pass; giving up leaves the others alone.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import type { Example } from '../../../engine/domain/example';
import { type BegunFile, beginTraceFile, type ExampleRange } from '../../../engine/service/traceFile';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'begun-'));
after(() => fs.rmSync(folder, { recursive: true, force: true }));

let written = 0;
function write(lines: readonly string[]): string {
  written += 1;
  const file = path.join(folder, `${written}.jsonl`);
  fs.writeFileSync(file, lines.map((line) => `${line}\n`).join(''));
  return file;
}

const filler = 'One step more. '.repeat(60);
const row = (thinking: string, answer = 'Answer: on'): string =>
  JSON.stringify({ prompt: 'Case?', thinking: `${thinking} ${filler}`, response: answer });
const rows = (count: number): readonly string[] => Array.from({ length: count }, (_, at) => row(`${at}`));

async function list(file: Pick<BegunFile, 'examples'>, range: ExampleRange): Promise<readonly Example[]> {
  const found: Example[] = [];
  for await (const example of file.examples(range)) found.push(example);
  return found;
}

test('the first examples come without reading the rest, and are those of the whole file', async () => {
  const path = write(rows(20_000));
  const file = await beginTraceFile(path);
  // What lies behind the beginning is gone before anybody looks at it.
  const bytes = fs.readFileSync(path);
  fs.writeFileSync(path, Buffer.concat([bytes.subarray(0, bytes.length / 2), Buffer.alloc(bytes.length / 2, ' ')]));
  const early = await list(file, { offset: 0, limit: 50 });
  assert.equal(early.length, 50);
  assert.deepEqual(
    early.map((example) => example.trace.reasoning.split(' ')[0]),
    Array.from({ length: 50 }, (_, at) => `${at}`),
  );
  const whole = await file.whole();
  assert.ok(whole.summary.examples < 20_000);
  assert.deepEqual(await list(whole, { offset: 0, limit: 50 }), early);
});

test('copies of a record get the same ids early and late', async () => {
  const path = write([...rows(3), row('0'), ...rows(3)]);
  const file = await beginTraceFile(path);
  const early = await list(file, { offset: 3, limit: 2 });
  const late = await list(await file.whole(), { offset: 3, limit: 2 });
  assert.deepEqual(
    early.map(({ id }) => id.slice(64)),
    ['-2', '-3'],
  );
  assert.deepEqual(late, early);
});

test('an example far behind waits until the pass has reached it', async () => {
  const file = await beginTraceFile(write(['{"prompt": "no reasoning here"}', 'broken', ...rows(9000)]));
  const [far] = await list(file, { offset: 8999, limit: 5 });
  assert.equal(far!.trace.reasoning.split(' ')[0], '8999');
  assert.ok(far!.source.kind === 'bytes' && far!.source.line === 9002);
  assert.deepEqual(await list(file, { offset: 9000, limit: 5 }), []);
  file.close();
});

test('who gives up does not stop the others, and the file can be asked again', async () => {
  const file = await beginTraceFile(write(rows(15_000)));
  const controller = new AbortController();
  const given = file.whole({ signal: controller.signal, onProgress: () => controller.abort() });
  const kept = file.whole();
  await assert.rejects(given, { name: 'CancelledError' });
  assert.equal((await kept).summary.examples, 15_000);

  const alone = await beginTraceFile(write(rows(15_000)));
  const stop = new AbortController();
  const first = alone.whole({ signal: stop.signal });
  setTimeout(() => stop.abort(), 5);
  await assert.rejects(first, { name: 'CancelledError' });
  const { summary } = await alone.whole();
  assert.equal(summary.examples, 15_000);
  assert.equal(summary.problems.length, 0);
});

test('two who want all of it at once drive one pass', async () => {
  const file = await beginTraceFile(write(rows(5000)));
  const [one, two] = await Promise.all([file.whole(), file.whole()]);
  assert.deepEqual(one.summary, two.summary);
  assert.equal(one.summary.examples, 5000);
});

test('an example is found again by its id, wherever its line went', async () => {
  const [one, two, three] = [row('one'), row('two'), row('three')] as const;
  const before = await list(await beginTraceFile(write([one, two, three])), { offset: 0, limit: 3 });
  const moved = await beginTraceFile(write([three, row('new'), one]));
  const [first, second, third] = before;
  for (const [example, line] of [
    [first, 3],
    [third, 1],
  ] as const) {
    const found = await moved.at(example!.source, example!.id);
    assert.deepEqual(found.trace, example!.trace);
    assert.ok(found.source.kind === 'bytes' && found.source.line === line);
    assert.deepEqual(await moved.at(null, example!.id), found);
  }
  await assert.rejects(moved.at(second!.source, second!.id), {
    name: 'UserError',
    message: /holds this example no more/,
  });
  const shorter = await beginTraceFile(write([one]));
  await assert.rejects(shorter.at(third!.source, third!.id), {
    name: 'UserError',
    message: /holds this example no more/,
  });
});

test('a line is shown by its number, damaged or not, before anything is parsed', async () => {
  const file = await beginTraceFile(write([row('a'), '{"broken": ', row('b')]));
  assert.match((await file.line(2)).problem ?? '', /JSON/);
  assert.equal(Buffer.from((await file.line(2)).bytes).toString(), '{"broken": ');
  assert.equal((await file.line(3)).problem, null);
  assert.equal((await file.lines())?.length, 3);
  await assert.rejects(file.line(4), { name: 'UserError', message: /no line 4/ });
});

test('the record of a line is found where records are not lines, too', async () => {
  const rows = ['question,reasoning,answer', '"one\ntwo",Because so.,yes', 'three,Because not.,no'];
  const file = path.join(folder, 'table.csv');
  fs.writeFileSync(file, `${rows.join('\n')}\n`);
  const begun = await beginTraceFile(file);
  assert.equal(Buffer.from((await begun.line(2)).bytes).toString(), rows[1]);
  assert.equal(Buffer.from((await begun.line(4)).bytes).toString(), rows[2]);
  await assert.rejects(begun.line(3), /no record begins on line 3/);
});
