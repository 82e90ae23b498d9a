// What trace files should not be but are: damaged, huge, hostile, in odd encodings. The good records open, bad ones are counted and named,
// nothing hangs, and where nothing is left a person is told why and what to do.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { deflateRawSync, gzipSync } from 'node:zlib';
import type { Example } from '../../engine/domain/example';
import { openTraceFile } from '../../engine/service/traceFile';
import { projectRoot } from '../support/paths';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'oddities-'));
after(() => fs.rmSync(folder, { recursive: true, force: true }));

let written = 0;
function write(content: string | Uint8Array, name = `${written}.jsonl`): string {
  written += 1;
  const file = path.join(folder, name);
  fs.writeFileSync(file, content);
  return file;
}

const row = (thinking: string, prompt = 'Case?'): string =>
  JSON.stringify({ prompt, thinking, response: 'Answer: on' });

async function examplesOf(file: string): Promise<readonly Example[]> {
  const found: Example[] = [];
  for await (const example of (await openTraceFile(file)).examples()) found.push(example);
  return found;
}

const reasoningOf = async (file: string): Promise<readonly string[]> =>
  (await examplesOf(file)).map((example) => example.trace.reasoning);

async function refuses(file: string, message: RegExp): Promise<void> {
  await assert.rejects(openTraceFile(file), (error: Error) => {
    assert.equal(error.name, 'UserError', error.stack);
    assert.match(error.message, message);
    assert.ok(error.message.startsWith(file), error.message);
    return true;
  });
}

test('a truncated last line is a problem with its line, the rest opens', async () => {
  const file = await openTraceFile(write(`${row('one')}\n${row('two')}\n${row('three').slice(0, 30)}`));
  assert.equal(file.summary.examples, 2);
  assert.deepEqual(
    file.summary.problems.map((problem) => problem.line),
    [3],
  );
  assert.match(file.summary.problems[0]!.reason, /JSON/);
});

test('invalid UTF-8 is refused record by record, never replaced', async () => {
  const bytes = Buffer.concat([
    Buffer.from(`${row('one')}\n`),
    Buffer.from(row('tw\u00e4'), 'latin1'),
    Buffer.from(`\n${row('three')}`),
  ]);
  const file = await openTraceFile(write(bytes));
  assert.equal(file.summary.examples, 2);
  assert.deepEqual(
    file.summary.problems.map((problem) => problem.line),
    [2],
  );
  assert.match(file.summary.problems[0]!.reason, /UTF-8/);
});

test('lone surrogates, controls and byte order marks inside a trace survive', async () => {
  const strange = 'a\ud800b\udc00c\u0000d\ufeffe\u2028f\r\n\t g ';
  assert.deepEqual(await reasoningOf(write(row(strange))), [strange]);
});

test('of duplicate keys the last counts, as everywhere in JavaScript', async () => {
  assert.deepEqual(
    await reasoningOf(write('{"prompt": "p", "thinking": "first", "thinking": "second", "response": "r"}')),
    ['second'],
  );
});

test('members named like parts of objects are only members', async () => {
  const line = '{"__proto__": {"thinking": "x"}, "constructor": 1, "prompt": "p", "thinking": "y", "response": "r"}';
  assert.deepEqual(await reasoningOf(write(line)), ['y']);
});

test('NaN and Infinity do not make a record bad, nor are they touched in strings', async () => {
  const line =
    '{"score": NaN, "low": -Infinity, "prompt": "p", "thinking": "NaN, Infinity, ]", "response": "r", "list": [1, NaN,],}';
  assert.deepEqual(await reasoningOf(write(line)), ['NaN, Infinity, ]']);
});

test('a record nested 100,000 deep is read or refused, in no time', async () => {
  const deep = `{"x": ${'['.repeat(100_000)}${']'.repeat(100_000)}, ${row('deep').slice(1)}`;
  const file = await openTraceFile(write(`${row('one')}\n${deep}\n${'['.repeat(100_000)}`));
  assert.ok(file.summary.examples >= 1);
  assert.equal(file.summary.examples + file.summary.problems.length, 3);
});

test('a Python literal nested too deep is a problem, not a crash', async () => {
  const good = { prompt: "[{'role': 'user', 'content': 'p'}]", response: '<reasoning>r</reasoning>a' };
  const bad = { ...good, prompt: `[{'role': ${'['.repeat(50_000)}` };
  const file = await openTraceFile(write(`${JSON.stringify(good)}\n${JSON.stringify(bad)}\n`));
  assert.equal(file.summary.examples, 1);
  assert.match(file.summary.problems[0]!.reason, /nested deeper/);
});

test('a line of 5 MB opens, exactly', async () => {
  const long = 'Step by step. '.repeat(400_000);
  const [first, second] = await reasoningOf(write(`${row(long)}\n${row('short')}\n`));
  assert.equal(first, long);
  assert.equal(second, 'short');
});

test('a line of 100 MB opens, exactly, and the next one too', async () => {
  const [first, second] = await reasoningOf(write(`${row('x'.repeat(100_000_000))}\n${row('short')}\n`));
  assert.equal(first?.length, 100_000_000);
  assert.equal(second, 'short');
});

test('texts made to keep patterns busy are read in no time', async () => {
  const busy = [
    '<think '.repeat(50_000),
    '<'.repeat(250_000),
    ' '.repeat(250_000),
    '<think>'.repeat(20_000) + '</think>'.repeat(20_000),
    '[INST] '.repeat(100_000),
    '<|im_start|>user\n'.repeat(50_000),
    'Thought: '.repeat(100_000),
    '{"reasoning": "'.repeat(50_000),
    '['.repeat(500_000),
    '\\"'.repeat(300_000),
  ];
  const startedAt = performance.now();
  for (const text of busy) {
    const line = JSON.stringify({ prompt: text, response: text, other: [text] });
    const file = await openTraceFile(write(`${row('one')}\n${line}\n`));
    assert.ok(file.summary.examples >= 1);
  }
  const took = performance.now() - startedAt;
  assert.ok(took < 30_000, `${took} ms`);
});

test('strings that hold strings that hold strings are looked into only so far', async () => {
  let inside: unknown = { prompt: 'p', thinking: 'deep down.', response: 'r' };
  for (let depth = 0; depth < 16; depth += 1) inside = { inner: JSON.stringify(inside) };
  await refuses(write(JSON.stringify(inside)), /no reasoning was found/);
});

test('YAML: doubled keys, deep nesting, references without end, and a damaged item', async () => {
  const good = '- prompt: p\n  reasoning: it is so.\n  answer: r\n';
  const twice = '- prompt: p\n  reasoning: first.\n  reasoning: second.\n  answer: r\n';
  assert.deepEqual(await reasoningOf(write(`${good}${twice}`, 'twice.yaml')), ['it is so.', 'second.']);
  const deep = `- prompt: ${'['.repeat(100_000)}\n`;
  const laughs = `- a: &a [x, x]\n${'bcdefghijklm'
    .split('')
    .map((name, at) => `  ${name}: &${name} [${Array(9).fill(`*${'abcdefghijkl'[at]}`).join()}]`)
    .join('\n')}\n`;
  const damaged = '- prompt: "p\n  reasoning: open\n';
  const file = await openTraceFile(write(`${good}${deep}${laughs}${good}${damaged}`, 'odd.yaml'));
  assert.equal(file.summary.examples, 2);
  assert.deepEqual(
    file.summary.problems.map(({ line }) => line),
    [4, 5, 21],
  );
});

test('columns of one name, ragged rows and a zero byte: a table opens all the same', async () => {
  const long = 'so too. '.repeat(50);
  const rows = [
    'prompt,reasoning,answer,answer',
    'p,so it is.,a,b',
    'p,short',
    `"p\0q",${long},a,b`,
    'p,and this.,a,b',
  ];
  const file = await openTraceFile(write(rows.join('\n'), 'odd.csv'));
  assert.equal(file.summary.examples, 3);
  assert.equal(file.summary.problems.length, 1);
  assert.match(file.summary.problems[0]!.reason, /2 cells, the header 4/);
});

test('records across the borders of chunks are whole, with the right lines', async () => {
  const long = 'x'.repeat(700_000);
  const lines = [row(`${long}1`), '', row(`${long}2`), row('3'), row(`${long}4`)];
  for (const text of [lines.join('\n'), `[${lines.filter((line) => line !== '').join(',\n')}]`]) {
    const examples = await examplesOf(write(text));
    assert.deepEqual(
      examples.map((example) => example.trace.reasoning.slice(-1)),
      ['1', '2', '3', '4'],
    );
    assert.deepEqual(
      examples.map(
        (example) => example.source.kind === 'bytes' && text.slice(example.source.start, example.source.end),
      ),
      lines.filter((line) => line !== ''),
    );
  }
});

test('equal records get ids of their own', async () => {
  const ids = (await examplesOf(write(`${row('same')}\n${row('same')}\n${row('same')}\n`))).map((example) =>
    String(example.id),
  );
  assert.deepEqual(
    ids.map((id) => id.slice(64)),
    ['', '-2', '-3'],
  );
  assert.match(ids[0]!, /^[0-9a-f]{64}$/);
});

test('an id depends on the record, not on where it stands', async () => {
  const [alone] = await examplesOf(write(row('same')));
  const later = await examplesOf(write(`${row('other')}\n${row('same')}\n`));
  assert.equal(later[1]!.id, alone!.id);
});

test('a file that changed since it was opened says so instead of showing something else', async () => {
  const name = write(`${row('one')}\n${row('two')}\n`);
  const file = await openTraceFile(name);
  const [, second] = await examplesOf(name);
  fs.writeFileSync(name, `${row('eno')}\n${row('owt')}\n`);
  await assert.rejects(file.at(second!.source, second!.id), /was changed/);
  fs.writeFileSync(name, '{}');
  await assert.rejects(file.at(second!.source, second!.id), /shorter/);
});

test('the hash is that of the bytes', async () => {
  const file = await openTraceFile(write('{"prompt":"p","thinking":"t","response":"r"}'));
  assert.equal(await file.sha256(), createHash('sha256').update(fs.readFileSync(file.path)).digest('hex'));
});

test('opening stops when it is cancelled', async () => {
  const controller = new AbortController();
  const opening = openTraceFile(write(`${row('one')}\n`.repeat(50_000)), {
    signal: controller.signal,
    onProgress: () => controller.abort(),
  });
  await assert.rejects(opening, { name: 'CancelledError' });
});

test('progress reaches the size of the file', async () => {
  const file = write(`${row('one')}\n`.repeat(30_000));
  let last = 0;
  await openTraceFile(file, { onProgress: ({ bytes }) => (last = bytes) });
  assert.equal(last, fs.statSync(file).size);
});

test('what is no trace file is refused in words', async () => {
  await refuses(path.join(folder, 'nowhere.jsonl'), /no such file/);
  await refuses(write(''), /empty/);
  await refuses(write(Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 0, 1, 2])), /binary/);
  await refuses(write('{"a": 1, "b": 2}\n{"a": 2, "b": 3}\n'), /fields a, b/);
  await refuses(
    write('{"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}]}'),
    /none has reasoning/,
  );
  await refuses(write('Just some prose.'), /none has reasoning/);
  await refuses(write('   \n\n '), /white space/);
  await refuses(write('{"broken": \n{"more": '), /JSON/);
  fs.mkdirSync(path.join(folder, 'empty'));
  await refuses(path.join(folder, 'empty'), /folder/);
  await refuses(write(Buffer.from([0x1f, 0x8b, 8, 0, 0, 0])), /unpack/);
  await refuses(write(Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, 0])), /unpack/);
  await refuses(write(gzipSync(Buffer.from([1, 0, 2]))), /binary/);
});

test('compressed files open as what they unpack to', async () => {
  const rows = `\ufeff${row('one')}\r\n${row('tw\u00f6')}\r\n`;
  assert.deepEqual(await reasoningOf(write(gzipSync(rows), 'rows.jsonl.gz')), ['one', 'tw\u00f6']);
  const csv = 'prompt,cot,answer\n"a\nb",c,d\n';
  assert.deepEqual(await reasoningOf(write(gzipSync(csv), 'rows.csv.gz')), ['c']);
});

test('of a packed file that is cut off the whole records open, the rest is a problem', async () => {
  const rows = Array.from({ length: 5000 }, (_, n) => row(`number ${Math.imul(n, 2654435761)}`)).join('\n');
  const packed = gzipSync(rows);
  const file = await openTraceFile(write(packed.subarray(0, packed.length / 2), 'cut.jsonl.gz'));
  assert.ok(file.summary.examples > 1000);
  assert.equal(file.summary.problems.length, 1);
  assert.match(file.summary.problems[0]!.reason, /damaged from here on/);
  assert.equal(file.summary.problems[0]!.line, file.summary.examples + 1);
});

test('little Zstandard that unpacks to very much is one problem, and takes no memory', async () => {
  // Blocks of one repeated byte: four bytes for 128 KiB each.
  const block = Buffer.from([0x02, 0x00, 0x10, 0x20]);
  const head = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x58]);
  const bomb = Buffer.concat([head, ...Array.from({ length: 4000 }, () => block), Buffer.from([0x01, 0x00, 0x00])]);
  const before = process.memoryUsage().rss;
  await refuses(write(bomb, 'bomb.zst'), /white space|longer than 256 MiB|none has reasoning/);
  assert.ok(process.memoryUsage().rss - before < 400 * 1024 * 1024);
});

test('damaged containers are refused in words', async () => {
  const fixtures = path.join(projectRoot, 'test/fixtures/formats');
  const zip = fs.readFileSync(path.join(fixtures, 'inspect.eval'));
  const table = fs.readFileSync(path.join(fixtures, 'fields.parquet'));
  await refuses(write(zip.subarray(0, zip.length - 100), 'cut.eval'), /ZIP/);
  await refuses(write(table.subarray(0, table.length - 20), 'cut.parquet'), /Parquet/);
  await refuses(write(zipOf('notes.txt', Buffer.from('x')), 'notes.zip'), /no samples/);
});

test('a ZIP64, as logs of more than 65,535 samples are, is read like any other', async () => {
  const message = {
    role: 'assistant',
    content: [
      { type: 'reasoning', reasoning: 'one' },
      { type: 'text', text: 'a' },
    ],
  };
  const sample = { id: 1, epoch: 1, messages: [{ role: 'user', content: 'q' }, message] };
  const zip = zipOf('samples/1_epoch_1.json', Buffer.from(JSON.stringify(sample)));
  assert.deepEqual(await reasoningOf(write(withZip64Directory(zip), 'large.eval')), ['one']);
});

test('an entry of a ZIP that is damaged is a problem, the rest opens', async () => {
  const zip = Buffer.from(fs.readFileSync(path.join(projectRoot, 'test/fixtures/formats/inspect.eval')));
  const entry = zip.indexOf('samples/2_epoch_1.json');
  zip.fill(0xff, entry + 40, entry + 60);
  const file = await openTraceFile(write(zip, 'damaged.eval'));
  assert.equal(file.summary.examples, 2);
  assert.match(file.summary.problems[0]!.reason, /samples\/2_epoch_1\.json/);
});

test('an entry of a ZIP that points outside is a problem, and is written nowhere', async () => {
  const sample = { id: 1, epoch: 1, messages: [{ role: 'user', content: 'q' }] };
  const name = 'samples/../../outside.json';
  const file = write(zipOf(name, Buffer.from(JSON.stringify(sample))), 'outside.eval');
  await refuses(file, /no samples|invalid relative path/);
  assert.ok(!fs.existsSync(path.join(folder, '..', 'outside.json')));
});

test('an entry that unpacks beyond all measure is refused, without unpacking it', async () => {
  const bomb = deflateRawSync(Buffer.alloc(300 * 1024 * 1024));
  const before = process.memoryUsage().rss;
  await refuses(write(zipOf('samples/1_epoch_1.json', bomb, 8), 'bomb.eval'), /longer than 256 MiB/);
  assert.ok(process.memoryUsage().rss - before < 700 * 1024 * 1024);
});

/** A ZIP of one entry; what it unpacks to is understated. */
function zipOf(name: string, bytes: Uint8Array, method = 0): Uint8Array {
  const header = (signature: number, rest: readonly number[]): Buffer => {
    const head = Buffer.alloc(4 + rest.length * 2);
    head.writeUInt32LE(signature);
    rest.forEach((value, index) => void head.writeUInt16LE(value, 4 + index * 2));
    return head;
  };
  const wide = (value: number): readonly number[] => [value & 0xffff, value >>> 16];
  const common = [
    20,
    0,
    method,
    0,
    33,
    0,
    0,
    ...wide(bytes.length),
    ...wide(method === 0 ? bytes.length : 1000),
    name.length,
    0,
  ];
  const local = Buffer.concat([header(0x04034b50, common), Buffer.from(name), bytes]);
  const central = Buffer.concat([header(0x02014b50, [20, ...common, 0, 0, 0, 0, 0, 0, 0]), Buffer.from(name)]);
  return Buffer.concat([
    local,
    central,
    header(0x06054b50, [0, 0, 1, 1, ...wide(central.length), ...wide(local.length), 0]),
  ]);
}

/** The same with the place of its directory in the 64-bit record alone (APPNOTE 4.3.14 to 4.3.16). */
function withZip64Directory(zip: Uint8Array): Uint8Array {
  const end = Buffer.from(zip.subarray(-22));
  const record = Buffer.alloc(56);
  record.writeUInt32LE(0x06064b50);
  record.writeBigUInt64LE(44n, 4);
  record.writeUInt16LE(45, 12);
  record.writeUInt16LE(45, 14);
  const directory = [end.readUInt16LE(8), end.readUInt16LE(10), end.readUInt32LE(12), end.readUInt32LE(16)];
  directory.forEach((value, index) => void record.writeBigUInt64LE(BigInt(value), 24 + index * 8));
  const locator = Buffer.alloc(20);
  locator.writeUInt32LE(0x07064b50);
  locator.writeBigUInt64LE(BigInt(zip.length - end.length), 8);
  locator.writeUInt32LE(1, 16);
  end.fill(0xff, 8, 20);
  return Buffer.concat([zip.subarray(0, -22), record, locator, end]);
}
