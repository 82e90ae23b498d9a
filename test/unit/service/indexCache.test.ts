// What a long file holds is kept on disk, and believed only for the very same file.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, beforeEach, test } from 'node:test';
import type { Example } from '../../../engine/domain/example';
import { openTraceFile, type TraceFile } from '../../../engine/service/traceFile';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'kept-'));
const cache = path.join(folder, 'cache');
process.env.COUNTERTHOUGHT_CACHE = cache;
after(() => fs.rmSync(folder, { recursive: true, force: true }));
beforeEach(() => fs.rmSync(cache, { recursive: true, force: true }));

const row = (at: number, answer: string): string =>
  JSON.stringify({
    prompt: 'Case?',
    thinking: `${at} ${'x'.repeat(1500)}`,
    response: `Answer: ${answer}`,
    model: 'm',
  });
const lines = (answer: string): string[] => Array.from({ length: 3500 }, (_, at) => `${row(at % 3400, answer)}\n`);

function write(name: string, text: string): string {
  const file = path.join(folder, name);
  fs.writeFileSync(file, text);
  return file;
}

/** The file, and whether it had to be read to its end. */
async function open(file: string, answer = 'auto'): Promise<readonly [TraceFile, wasRead: boolean]> {
  let wasRead = false;
  const onProgress = (): void => {
    wasRead = true;
  };
  return [await openTraceFile(file, { answer, onProgress }), wasRead];
}

async function all(file: TraceFile): Promise<readonly Example[]> {
  const found: Example[] = [];
  for await (const example of file.examples()) found.push(example);
  return found;
}

const keptFiles = (): readonly string[] => fs.readdirSync(path.join(cache, 'index'));

test('the second opening reads nothing and finds the same', async () => {
  const file = write('same.jsonl', `${lines('on').join('')}broken\n`);
  const [first, firstRead] = await open(file);
  const [second, secondRead] = await open(file);
  assert.deepEqual([firstRead, secondRead], [true, false]);
  assert.equal(first.summary.examples, 3500);
  assert.equal(first.summary.problems.length, 1);
  assert.deepEqual(second.summary, first.summary);
  const examples = await all(second);
  assert.equal(examples.at(-1)!.id.slice(64), '-2');
  assert.deepEqual(examples, await all(first));
  assert.equal(keptFiles().length, 1);
});

test('another way to read answers is another summary', async () => {
  const file = write('ways.jsonl', lines('on').join(''));
  await open(file);
  const [other, wasRead] = await open(file, 'pattern:Answer: (o)');
  assert.equal(wasRead, true);
  assert.deepEqual(other.summary.answer.options, ['o']);
  const [again, againRead] = await open(file, 'pattern:Answer: (o)');
  assert.equal(againRead, false);
  assert.deepEqual((await all(again))[0], (await all(other))[0]);
});

test('a file that changed is read again', async () => {
  const file = write('changed.jsonl', lines('on').join(''));
  const { mtime, atime } = fs.statSync(file);
  await open(file);
  // Same size and, for the last case, the same time too.
  write('changed.jsonl', lines('no').join(''));
  assert.deepEqual((await open(file))[0].summary.answer.options, ['no']);
  fs.utimesSync(file, atime, mtime);
  const known = await open(file);
  assert.deepEqual(known[0].summary.answer.options, ['no']);
  write('changed.jsonl', lines('on').join(''));
  fs.utimesSync(file, atime, mtime);
  const [changed, wasRead] = await open(file);
  assert.equal(wasRead, true);
  assert.deepEqual(changed.summary.answer.options, ['on']);
});

test('a mapping beside the file makes what was kept without it worthless', async () => {
  const file = write('mapped.jsonl', lines('on').join(''));
  await open(file);
  write('mapped.jsonl.fields.json', JSON.stringify({ prompt: 'prompt', reasoning: 'response', answer: 'model' }));
  const [mapped, wasRead] = await open(file);
  assert.equal(wasRead, true);
  assert.equal((await all(mapped))[0]!.trace.reasoning, 'Answer: on');
});

test('a damaged cache is as good as none, and made anew', async () => {
  const file = write('damaged.jsonl', lines('on').join(''));
  const [first] = await open(file);
  const kept = path.join(cache, 'index', keptFiles()[0]!);
  const good = fs.readFileSync(kept);
  const flipped = Buffer.from(good);
  flipped[good.length - 5000]! ^= 1;
  for (const bytes of [flipped, good.subarray(0, good.length / 2), Buffer.alloc(0), Buffer.from('nonsense\n')]) {
    fs.writeFileSync(kept, bytes);
    const [again, wasRead] = await open(file);
    assert.equal(wasRead, true);
    assert.deepEqual(again.summary, first.summary);
    assert.deepEqual(fs.readFileSync(kept), good);
  }
});

test('where nothing can be kept, files open all the same', async () => {
  fs.writeFileSync(cache, 'a file in the way');
  const [file, wasRead] = await open(write('nowhere.jsonl', lines('on').join('')));
  assert.equal(wasRead, true);
  assert.equal(file.summary.examples, 3500);
});

test('of small files nothing is kept', async () => {
  await open(write('small.jsonl', lines('on').slice(0, 10).join('')));
  assert.equal(fs.existsSync(cache), false);
});
