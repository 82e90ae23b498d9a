// Owns finding out by content how a file falls into records. Must not know formats.
import { open, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { UserError } from '../domain/failure';
import { byteRecords } from './byteRecords';
import { decodeLoosely, type Encoding, encodingOf } from './encoding';
import type { Head } from './format';
import { lineSplitter } from './lineSplitter';
import { parseJson } from './looseJson';
import { isMessage } from './message';
import { parsePythonLiteral } from './pythonLiteral';
import type { RecordFile } from './recordFile';
import { isObject } from './shape';
import { ByteWindow, longestRecord, type Splitter, tooLong } from './splitter';
import { valueSplitter } from './valueSplitter';

export type OpenedRecords = { readonly head: Head; readonly records: RecordFile; readonly size: number };

const headSize = 64 * 1024;

/** @throws UserError when the path leads to nothing that holds records */
export async function openRecords(path: string): Promise<OpenedRecords> {
  const found = await stat(path).catch(() => null);
  if (!found) throw new UserError(`${path}: there is no such file.`);
  if (found.isDirectory())
    throw new UserError(`${path}: this folder holds no traces that are known. Open a file in it instead.`);
  if (found.size === 0) throw new UserError(`${path}: the file is empty.`);
  return { ...openTextRecords(path, await readHead(path)), size: found.size };
}

async function readHead(path: string): Promise<Uint8Array> {
  const file = await open(path, 'r').catch((error: NodeJS.ErrnoException) => {
    throw new UserError(`${path}: it cannot be read (${error.code ?? error.message}).`);
  });
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(headSize), 0, headSize, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/** @throws UserError for bytes that are no text */
function openTextRecords(path: string, bytes: Uint8Array): Omit<OpenedRecords, 'size'> {
  const encoding = encodingOf(bytes);
  if (encoding.unit === 1 && bytes.includes(0)) {
    throw new UserError(
      `${path}: this is a binary file. Trace files are text (JSON lines, JSON, CSV, …), .eval or .parquet.`,
    );
  }
  const head: Head = { text: decodeLoosely(bytes, encoding), bytes, name: basename(path) };
  return { head, records: byteRecords({ path, encoding, ...framingOf(head, encoding) }) };
}

type Framing = { unit: string; framing: 'values' | 'text'; splitter: () => Splitter; parse: (text: string) => unknown };

function framingOf(head: Head, encoding: Encoding): Framing {
  const lines = head.text.split('\n');
  const whole = lines.length > 1 ? lines.slice(0, -1) : lines;
  const filled = whole.map((line) => line.trimEnd()).filter((line) => line.trim() !== '');
  const first = filled[0]?.trimStart() ?? '';
  if (isRepr(first))
    return { unit: 'line', framing: 'values', splitter: () => lineSplitter(encoding), parse: parsePythonLiteral };
  const jsonLines: Framing = {
    unit: 'line',
    framing: 'values',
    splitter: () => lineSplitter(encoding),
    parse: parseJson,
  };
  if (first.startsWith('{') && (lines.length === 1 || filled.slice(0, 20).some(isWholeObject))) return jsonLines;
  if (first.startsWith('{') || first.startsWith('[')) {
    const elements = !holdsMessages(head.text);
    return { unit: 'line', framing: 'values', splitter: () => valueSplitter(encoding, elements), parse: parseJson };
  }
  return { unit: 'line', framing: 'text', splitter: () => wholeSplitter(encoding), parse: () => undefined };
}

/** A line that starts at the margin and is an object by itself. */
function isWholeObject(line: string): boolean {
  if (!line.startsWith('{')) return false;
  try {
    return isObject(parseJson(line));
  } catch {
    return false;
  }
}

const isRepr = (line: string): boolean =>
  /^\{\s*(?:'|"[^"]*"\s*:\s*(?:'|None\b|True\b|False\b))/.test(line) && !isWholeObject(line);

/** Whether a top-level array is itself one conversation. */
function holdsMessages(text: string): boolean {
  const [first] = [...valueSplitterOver(text)];
  if (first === undefined) return false;
  try {
    return isMessage(parseJson(first));
  } catch {
    return false;
  }
}

function* valueSplitterOver(text: string): Generator<string> {
  const encoding: Encoding = { name: 'utf-8', markLength: 0, unit: 1 };
  for (const slice of valueSplitter(encoding, true).push(Buffer.from(text))) yield Buffer.from(slice.bytes).toString();
}

/** The whole file as one record. */
function wholeSplitter(encoding: Encoding): Splitter {
  const start = encoding.markLength;
  const window = new ByteWindow(start);
  return {
    push(chunk) {
      if (window.end - start <= longestRecord) window.append(chunk);
      return [];
    },
    end() {
      const long = window.end - start > longestRecord;
      const bytes = long ? new Uint8Array() : window.slice(start, window.end);
      return window.end === start ? [] : [{ start, end: window.end, line: 1, bytes, problem: long ? tooLong : null }];
    },
  };
}
