// A packed file is read at any place as if it lay unpacked, is unpacked no further than somebody reads, and leaves nothing behind.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { spooledContent } from '../../../engine/formats/records/spool';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'spool-'));
process.env.COUNTERTHOUGHT_CACHE = path.join(folder, 'cache');
after(() => fs.rmSync(folder, { recursive: true, force: true }));

const text = Buffer.from(Array.from({ length: 300_000 }, (_, n) => `line ${n} of many\n`).join(''));

function write(name: string, bytes: Uint8Array): string {
  const file = path.join(folder, name);
  fs.writeFileSync(file, bytes);
  return file;
}

async function all(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const read: Uint8Array[] = [];
  for await (const chunk of chunks) read.push(chunk);
  return Buffer.concat(read);
}

test('ranges and chunks are those of the unpacked bytes, whatever was read before', async () => {
  const members = Buffer.concat([gzipSync(text.subarray(0, 1_000_000)), gzipSync(text.subarray(1_000_000))]);
  const content = spooledContent(write('two-members.gz', members), 'gzip');
  assert.deepEqual(await content.range(3_000_000, 3_000_010), text.subarray(3_000_000, 3_000_010));
  assert.deepEqual(await content.range(5, 15), text.subarray(5, 15));
  assert.ok((await all(content.chunks(7, {}))).equals(text.subarray(7)));
  assert.equal(content.damage(), null);
  await assert.rejects(content.range(text.length - 1, text.length + 1), /unpacks to less/);
  content.close();
});

test('readers at the same time see the same bytes', async () => {
  const content = spooledContent(write('shared.gz', gzipSync(text)), 'gzip');
  const [a, b, c] = await Promise.all([
    all(content.chunks(0, {})),
    all(content.readAhead(0, {})),
    content.range(9, 12),
  ]);
  assert.ok(a.equals(text) && b.equals(text));
  assert.deepEqual(c, text.subarray(9, 12));
  content.close();
});

test('what was let go of while somebody reads is read to its end, and can be read anew', async () => {
  const content = spooledContent(write('closed.gz', gzipSync(text)), 'gzip');
  const chunks = content.chunks(0, {})[Symbol.asyncIterator]();
  const first = await chunks.next();
  content.close();
  let length = first.value.length;
  for (let next = await chunks.next(); !next.done; next = await chunks.next()) length += next.value.length;
  assert.equal(length, text.length);
  assert.deepEqual(await content.range(0, 4), text.subarray(0, 4));
  content.close();
  assert.deepEqual(fs.readdirSync(path.join(folder, 'cache', 'unpacked')), []);
});

test('a file that is cut off gives what can be unpacked, and says what is wrong', async () => {
  const packed = gzipSync(text);
  const content = spooledContent(write('cut.gz', packed.subarray(0, packed.length / 2)), 'gzip');
  const read = await all(content.chunks(0, {}));
  assert.ok(read.length > 0 && read.equals(text.subarray(0, read.length)));
  assert.match(content.damage() ?? '', /end of file/);
  content.close();
});

test('progress is told in bytes of the packed file', async () => {
  const file = write('progress.gz', gzipSync(text));
  let told = 0;
  for await (const _ of spooledContent(file, 'gzip').chunks(0, { onBytes: (bytes) => (told = bytes) }))
    assert.ok(told >= 0);
  assert.equal(told, fs.statSync(file).size);
});
