// The bytes of a record come back exactly: by its number among the examples, or by its line when it is too damaged to be one.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { runCli, temporaryFolder } from '../support/cli';

const folder = temporaryFolder();
after(() => fs.rmSync(folder, { recursive: true, force: true }));

const row = (thinking: string): string => `{"prompt": "p",  "thinking": "${thinking}", "response": "\\u00e4"}`;
const damaged = row('two').slice(0, 30);
const text = `${row('one')}\r\n\n${damaged}\n${row('three')}\n`;

function write(name: string, content: string | Uint8Array): string {
  const file = path.join(folder, name);
  fs.writeFileSync(file, content);
  return file;
}

test('--raw prints an example as it lies in the file, packed with gzip or not', async () => {
  for (const file of [write('rows.jsonl', text), write('rows.jsonl.gz', gzipSync(text))]) {
    const { code, stdout } = await runCli(['inspect', file, '--example', '1', '--raw']);
    assert.equal(code, 0);
    assert.equal(stdout, row('three'));
  }
});

test('--raw of an example that there is not says how many there are', async () => {
  const { code, stderr } = await runCli(['inspect', write('few.jsonl', text), '--example', '7', '--raw']);
  assert.equal(code, 1);
  assert.match(stderr, /has 2 examples, so there is no example 7/);
});

test('--line prints a line as it is, and what is wrong with it', async () => {
  const file = write('lines.jsonl', text);
  const bad = await runCli(['inspect', file, '--line', '3']);
  assert.equal(bad.code, 1);
  assert.equal(bad.stdout, damaged);
  assert.match(bad.stderr, /line 3: not valid JSON/);
  const good = await runCli(['inspect', file, '--line', '1']);
  assert.deepEqual([good.code, good.stdout, good.stderr], [0, row('one'), '']);
  const beyond = await runCli(['inspect', file, '--line', '5']);
  assert.equal(beyond.code, 1);
  assert.match(beyond.stderr, /there is no line 5; the file has 4 lines/);
});
