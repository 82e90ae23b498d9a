// Owns writing a ZIP of stored entries for the bench: no library here writes one. Must not know what the entries are.
import fs from 'node:fs';
import { crc32 } from 'node:zlib';

const date = 33;
const version = 20;

/** @param entries names and contents, one in memory at a time; fewer than 65,536 of them, in less than 4 GB */
export function writeStoredZip(file: string, entries: Iterable<readonly [name: string, content: Buffer]>): void {
  const handle = fs.openSync(file, 'w');
  const central: Buffer[] = [];
  let at = 0;
  const append = (bytes: Buffer): void => {
    fs.writeSync(handle, bytes);
    at += bytes.length;
  };
  for (const [name, content] of entries) {
    const common = commonHeader(name, content);
    central.push(centralHeader(common, name, at));
    append(Buffer.concat([signed(0x04034b50), common, Buffer.from(name)]));
    append(content);
  }
  const directory = Buffer.concat(central);
  const start = at;
  append(directory);
  append(endRecord(central.length, directory.length, start));
  fs.closeSync(handle);
}

function signed(signature: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(signature);
  return bytes;
}

/** What the local and the central header have in common. */
function commonHeader(name: string, content: Buffer): Buffer {
  const header = Buffer.alloc(26);
  header.writeUInt16LE(version, 0);
  header.writeUInt16LE(date, 8);
  header.writeUInt32LE(crc32(content), 10);
  header.writeUInt32LE(content.length, 14);
  header.writeUInt32LE(content.length, 18);
  header.writeUInt16LE(Buffer.byteLength(name), 22);
  return header;
}

function centralHeader(common: Buffer, name: string, offset: number): Buffer {
  const made = Buffer.alloc(2);
  made.writeUInt16LE(version);
  const rest = Buffer.alloc(14);
  rest.writeUInt32LE(offset, 10);
  return Buffer.concat([signed(0x02014b50), made, common, rest, Buffer.from(name)]);
}

function endRecord(count: number, length: number, start: number): Buffer {
  const end = Buffer.alloc(18);
  end.writeUInt16LE(count, 4);
  end.writeUInt16LE(count, 6);
  end.writeUInt32LE(length, 8);
  end.writeUInt32LE(start, 12);
  return Buffer.concat([signed(0x06054b50), end]);
}
