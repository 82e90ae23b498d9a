// Owns splitting bytes at line feeds (a carriage return before one belongs to it). Blank lines are no records, but count as lines.
import type { Encoding } from './encoding';
import { unitReader } from './encoding';
import { ByteWindow, longestRecord, type Slice, type Splitter, tooLong } from './splitter';

const lineFeed = 10;
const carriageReturn = 13;

export function lineSplitter(encoding: Encoding): Splitter {
  const { unit } = encoding;
  const read = unitReader(encoding);
  const window = new ByteWindow(encoding.markLength);
  let start = encoding.markLength;
  let line = 1;

  const record = (end: number): readonly Slice[] => {
    const here = { start, end, line };
    if (end - start > longestRecord) return [{ ...here, bytes: new Uint8Array(), problem: tooLong }];
    let bytes = window.slice(start, end);
    const last = bytes.length - unit;
    if (last >= 0 && read(bytes, last) === carriageReturn) bytes = bytes.subarray(0, last);
    return isBlank(bytes) ? [] : [{ ...here, end: start + bytes.length, bytes, problem: null }];
  };

  return {
    push(chunk) {
      const slices: Slice[] = [];
      const chunkStart = window.end;
      window.append(chunk);
      for (let at = nextFeed(chunk, 0, encoding); at >= 0; at = nextFeed(chunk, at + unit, encoding)) {
        slices.push(...record(chunkStart + at));
        start = chunkStart + at + unit;
        line += 1;
      }
      window.drop(window.end - start > longestRecord ? window.end : start);
      return slices;
    },
    end: () => (start < window.end ? record(window.end) : []),
  };
}

function nextFeed(chunk: Uint8Array, from: number, encoding: Encoding): number {
  if (encoding.unit === 1) return chunk.indexOf(lineFeed, from);
  const read = unitReader(encoding);
  for (let at = from; at + 1 < chunk.length; at += 2) if (read(chunk, at) === lineFeed) return at;
  return -1;
}

/** Only white space (and, in UTF-16, its zero bytes). */
function isBlank(bytes: Uint8Array): boolean {
  for (const byte of bytes) if (byte > 32 || (byte !== 0 && byte !== 32 && (byte < 9 || byte > 13))) return false;
  return true;
}
