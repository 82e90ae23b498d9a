// Owns how a file's bytes are text: UTF-8, or UTF-16 where a byte order mark or its zero bytes say so. Must not know what the text means.
import { UserError } from '../../domain/failure';

export type Encoding = {
  readonly name: 'utf-8' | 'utf-16le' | 'utf-16be';
  /** Bytes of the mark at the file's start. */
  readonly markLength: number;
  /** Bytes of a code unit. */
  readonly unit: 1 | 2;
};

export function encodingOf(bytes: Uint8Array): Encoding {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return { name: 'utf-16le', markLength: 2, unit: 2 };
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return { name: 'utf-16be', markLength: 2, unit: 2 };
  const half = halfZero(bytes);
  if (half !== null) return { name: half, markLength: 0, unit: 2 };
  const marked = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  return { name: 'utf-8', markLength: marked ? 3 : 0, unit: 1 };
}

const sampled = 4096;

/** Mostly Western text in UTF-16 without a mark: every second byte is zero, and hardly any other. */
function halfZero(bytes: Uint8Array): Encoding['name'] | null {
  const head = bytes.subarray(0, sampled);
  const zeros = [0, 0];
  for (let at = 0; at < head.length; at += 1) if (head[at] === 0) zeros[at % 2]! += 1;
  const [even = 0, odd = 0] = zeros;
  const many = head.length * 0.4;
  if (head.length < 16 || Math.max(even, odd) < many || Math.min(even, odd) > head.length * 0.02) return null;
  return odd > even ? 'utf-16le' : 'utf-16be';
}

/**
 * The exact text.
 * @throws UserError where the bytes are not valid: a replaced character would not be the model's text.
 */
export function decode(bytes: Uint8Array, encoding: Encoding): string {
  try {
    return new TextDecoder(encoding.name, { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new UserError(`not valid ${encoding.name.toUpperCase()}: convert the file to UTF-8`);
  }
}

/** The text as far as it is valid, for looking at a head that may end inside a character. */
export const decodeLoosely = (bytes: Uint8Array, encoding: Encoding): string =>
  new TextDecoder(encoding.name).decode(bytes);

/** Reads one code unit; ASCII is the same in all three encodings. */
export function unitReader(encoding: Encoding): (bytes: Uint8Array, at: number) => number {
  if (encoding.name === 'utf-8') return (bytes, at) => bytes[at]!;
  if (encoding.name === 'utf-16le') return (bytes, at) => bytes[at]! | (bytes[at + 1]! << 8);
  return (bytes, at) => (bytes[at]! << 8) | bytes[at + 1]!;
}
