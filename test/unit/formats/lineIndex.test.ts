// The scan for lines finds the same lines as the splitter that reads them, and any of them can be read by its number.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { fileContent } from '../../../engine/formats/records/content';
import { encodingOf } from '../../../engine/formats/records/encoding';
import { indexLines, type LineIndex } from '../../../engine/formats/records/lineIndex';
import { lineSplitter } from '../../../engine/formats/records/lineSplitter';
import { openRecords } from '../../../engine/formats/records/openRecords';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'lines-'));
after(() => fs.rmSync(folder, { recursive: true, force: true }));

let written = 0;
function write(content: string | Uint8Array): string {
  written += 1;
  const file = path.join(folder, `${written}.jsonl`);
  fs.writeFileSync(file, content);
  return file;
}

const row = (thinking: string): string => JSON.stringify({ prompt: 'p', thinking, response: 'r' });

function linesOf(index: LineIndex): readonly (readonly [start: number, end: number])[] {
  return Array.from({ length: index.length }, (_, at) => {
    const { start, end } = index.range(at + 1)!;
    return [start, end] as const;
  });
}

for (const [name, text, count] of [
  ['no line feed at the end', '{"a":1}\n{"b":2}', 2],
  ['a line feed at the end', '{"a":1}\n{"b":2}\n', 2],
  ['blank lines, and carriage returns', '{"a":1}\r\n\n \r\n{"b":2}\r\n\n', 5],
  ['a byte order mark', '\ufeff{"a":1}\n{"ä":2}\n', 2],
  ['a line longer than what is read at once', `{"a":1}\n{"b":"${'x'.repeat(5_000_000)}"}\n{"c":3}`, 3],
  ['more lines than a block holds', '{}\n'.repeat(70_000), 70_000],
] as const) {
  test(`finds the lines of a file with ${name}`, async () => {
    const file = write(text);
    const bytes = fs.readFileSync(file);
    const encoding = encodingOf(bytes);
    let position = 0;
    const index = await indexLines(fileContent(file), encoding.markLength, { onBytes: (at) => (position = at) });
    assert.equal(index.length, count);
    assert.equal(position, bytes.length);
    const splitter = lineSplitter(encoding);
    const slices = [...splitter.push(bytes.subarray(encoding.markLength)), ...splitter.end()];
    const lines = linesOf(index);
    for (const slice of slices) {
      const [start, end] = lines[slice.line - 1]!;
      assert.equal(start, slice.start);
      assert.ok(end === slice.end || (end === slice.end + 1 && bytes[slice.end] === 13));
    }
    for (const [start, end] of lines) assert.ok(bytes.subarray(start, end).indexOf(10) < 0);
    assert.equal(index.range(0), null);
    assert.equal(index.range(count + 1), null);
  });
}

test('a record is read by the number of its line, as the scan of all records reads it', async () => {
  const { records } = await openRecords(write(`\ufeff${row('one')}\r\n\n${row('two')}\n{"broken": \n${row('three')}`));
  assert.ok(records.lines);
  const index = await records.lines.index({});
  for await (const record of records.scan({})) {
    const again = await records.lines.at(index, record.line);
    assert.deepEqual({ ...again, bytes: [...again.bytes] }, { ...record, bytes: [...record.bytes] });
  }
  await assert.rejects(records.lines.at(index, 9), { name: 'UserError', message: /no line 9; the file has 5 lines/ });
});

test('where records are no lines, there is no index of lines', async () => {
  for (const text of [`[${row('one')},\n${row('two')}]`, 'prompt,thinking,response\np,t,r\n']) {
    assert.equal((await openRecords(write(text))).records.lines, undefined);
  }
  const utf16 = Buffer.from(`\ufeff${row('one')}\n${row('\u0a0a')}\n`, 'utf16le');
  assert.equal((await openRecords(write(utf16))).records.lines, undefined);
});

test('the scan stops when it is cancelled', async () => {
  const controller = new AbortController();
  const scan = indexLines(fileContent(write('x'.repeat(9_000_000))), 0, {
    signal: controller.signal,
    onBytes: () => controller.abort(),
  });
  await assert.rejects(scan, { name: 'CancelledError' });
});
