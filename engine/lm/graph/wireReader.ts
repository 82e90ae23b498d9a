// Owns reading protobuf's wire format in place: fields of a message as byte ranges, nothing decoded that nobody asked for, so that
// gigabytes of weights inside an ONNX file are stepped over and never read. Must not know what the fields mean.
import fs from 'node:fs';

/** Bytes that may be larger than memory. */
export type ByteSource = { readonly size: number; readonly read: (start: number, length: number) => Uint8Array };

/** One field of a message. `from`: its tag; `start`, `end`: its payload; `value`: the number, for varints. */
export type WireField = {
  readonly number: number;
  readonly wire: number;
  readonly from: number;
  readonly start: number;
  readonly end: number;
  readonly value: number;
};

/** A file or message whose bytes are not what they should be. */
export class CorruptBytesError extends Error {
  override readonly name = 'CorruptBytesError';
}

const windowBytes = 1 << 16;

export function openFileSource(file: string): ByteSource & { readonly close: () => void } {
  const descriptor = fs.openSync(file, 'r');
  const size = fs.fstatSync(descriptor).size;
  let window = new Uint8Array(0);
  let windowStart = 0;
  const load = (start: number, length: number): void => {
    window = new Uint8Array(Math.min(Math.max(length, windowBytes), size - start));
    windowStart = start;
    const count = fs.readSync(descriptor, window, 0, window.length, start);
    if (count < window.length) throw new CorruptBytesError('the file ends too early');
  };
  const read = (start: number, length: number): Uint8Array => {
    if (start + length > size) throw new CorruptBytesError('the file ends too early');
    if (start < windowStart || start + length > windowStart + window.length) load(start, length);
    return window.subarray(start - windowStart, start - windowStart + length);
  };
  return { size, read, close: () => fs.closeSync(descriptor) };
}

/** Bytes that are in memory already. */
export function bytesSource(bytes: Uint8Array): ByteSource {
  const read = (start: number, length: number): Uint8Array => {
    if (start + length > bytes.length) throw new CorruptBytesError('the bytes end too early');
    return bytes.subarray(start, start + length);
  };
  return { size: bytes.length, read };
}

/** Calls `visit` for each field of the message in [start, end). @throws CorruptBytesError */
export function forEachField(
  source: ByteSource,
  { start, end }: { readonly start: number; readonly end: number },
  visit: (field: WireField) => void,
): void {
  let at = start;
  while (at < end) {
    const tag = readVarint(source, at, end);
    const field = { ...readField(source, tag, end), from: at };
    if (field.end > end) throw new CorruptBytesError('a field reaches beyond its message');
    visit(field);
    at = field.end;
  }
}

export function readText(source: ByteSource, field: WireField): string {
  return new TextDecoder().decode(source.read(field.start, field.end - field.start));
}

type Varint = { readonly value: number; readonly end: number };

function readField(source: ByteSource, tag: Varint, end: number): Omit<WireField, 'from'> {
  const number = Math.floor(tag.value / 8);
  const wire = tag.value % 8;
  if (number === 0) throw new CorruptBytesError('a field has no number');
  if (wire === 0) {
    const varint = readVarint(source, tag.end, end);
    return { number, wire, start: tag.end, end: varint.end, value: varint.value };
  }
  if (wire === 1) return { number, wire, start: tag.end, end: tag.end + 8, value: 0 };
  if (wire === 5) return { number, wire, start: tag.end, end: tag.end + 4, value: 0 };
  if (wire !== 2) throw new CorruptBytesError(`a field has the unknown wire type ${wire}`);
  const length = readVarint(source, tag.end, end);
  return { number, wire, start: length.end, end: length.end + length.value, value: 0 };
}

/** Numbers beyond 2^53 lose their low digits; negative ones (64 bits) come out huge. Neither occurs where we look. */
function readVarint(source: ByteSource, start: number, end: number): Varint {
  const bytes = source.read(start, Math.min(10, end - start));
  let value = 0;
  let scale = 1;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i]!;
    value += (byte & 127) * scale;
    if (byte < 128) return { value, end: start + i + 1 };
    scale *= 128;
  }
  throw new CorruptBytesError('a number has no end');
}
