// Owns finding out by content how a file falls into records. Must not know formats.
import { open, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { UserError } from '../../domain/failure';
import { isAgentEvent, isSessionEvent } from '../agentLog';
import type { Head } from '../format';
import { isMessage, roleOf } from '../parts/dialect';
import { parsePythonLiteral } from '../parts/pythonLiteral';
import { isObject, member } from '../parts/shape';
import { isChunkList, isStreamEvent } from '../sse';
import { type ByteRecordsSpec, byteRecords } from './byteRecords';
import { type Content, fileContent } from './content';
import { csvOpening, csvRecords } from './csvRecords';
import { decodeLoosely, type Encoding, encodingOf } from './encoding';
import { evalRecords } from './evalRecords';
import { folderRecords, pairRecords, solutionRecords } from './folderRecords';
import { lineSplitter } from './lineSplitter';
import { parseJson } from './looseJson';
import { parquetRecords } from './parquetRecords';
import type { RawRecord, RecordFile } from './recordFile';
import { ByteWindow, longestRecord, type Splitter, tooLong } from './splitter';
import { spooledContent } from './spool';
import type { Packed } from './unpackedChunks';
import { valueSplitter } from './valueSplitter';
import { opensAsYaml, parseYaml, yamlSplitter } from './yamlSplitter';

export type OpenedRecords = { readonly head: Head; readonly records: RecordFile; readonly size: number };

const headSize = 64 * 1024;
const mostZeros = 0.01;

/** @throws UserError when the path leads to nothing that holds records */
export async function openRecords(path: string): Promise<OpenedRecords> {
  const found = await stat(path).catch(() => null);
  if (!found) throw new UserError(`${path}: there is no such file.`);
  const noHead: Head = { text: '', bytes: new Uint8Array(), name: basename(path) };
  if (found.isDirectory()) return { head: noHead, records: await folderRecords(path), size: 0 };
  if (found.size === 0) throw new UserError(`${path}: the file is empty.`);
  const bytes = await readHead(path);
  const binary = await openBinary(path, bytes);
  if (binary) return { head: { ...noHead, bytes }, records: binary, size: found.size };
  const packed = packingOf(bytes);
  if (packed !== null) return { ...(await openPacked(path, packed)), size: found.size };
  const pair = (await pairRecords(path)) ?? (await solutionRecords(path));
  if (pair) return { head: noHead, records: pair, size: found.size };
  return { ...openTextRecords(path, bytes, fileContent(path)), size: found.size };
}

/** Containers that say what they are in their first bytes. */
async function openBinary(path: string, bytes: Uint8Array): Promise<RecordFile | null> {
  const magic = Buffer.from(bytes.subarray(0, 4)).toString('latin1');
  if (magic === 'PK\x03\x04') return evalRecords(path);
  if (magic === 'PAR1') return parquetRecords(path);
  return null;
}

function packingOf(bytes: Uint8Array): Packed | null {
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) return 'gzip';
  return bytes[0] === 0x28 && bytes[1] === 0xb5 && bytes[2] === 0x2f && bytes[3] === 0xfd ? 'zstd' : null;
}

/** @throws UserError when not even its beginning can be unpacked, or is no text */
async function openPacked(path: string, packed: Packed): Promise<Omit<OpenedRecords, 'size'>> {
  const content = spooledContent(path, packed);
  for await (const chunk of content.chunks(0, {})) return openTextRecords(path, chunk.subarray(0, headSize), content);
  const damage = content.damage();
  content.close();
  if (damage === null) throw new UserError(`${path}: it unpacks to nothing.`);
  throw new UserError(
    `${path}: it cannot be unpacked here (${damage}). Unpack it with gunzip or unzstd and open what comes out.`,
  );
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
function openTextRecords(path: string, bytes: Uint8Array, content: Content): Omit<OpenedRecords, 'size'> {
  const encoding = encodingOf(bytes);
  if (encoding.unit === 1 && isBinary(bytes)) {
    throw new UserError(
      `${path}: this is a binary file. Trace files are text (JSON lines, JSON, CSV, …), .eval or .parquet.`,
    );
  }
  const head: Head = { text: decodeLoosely(bytes, encoding), bytes, name: basename(path) };
  if (bytes.length < headSize && head.text.trim() === '') {
    throw new UserError(`${path}: the file is empty but for white space.`);
  }
  return { head, records: openText({ path, content, encoding }, head) };
}

/** Texts of models may hold a zero byte here and there; what is no text is full of them, or no UTF-8. */
function isBinary(bytes: Uint8Array): boolean {
  if (!bytes.includes(0)) return false;
  const zeros = bytes.reduce((count, byte) => count + (byte === 0 ? 1 : 0), 0);
  return zeros > bytes.length * mostZeros || decodeLoosely(bytes, encodingOf(bytes)).slice(0, -4).includes('\ufffd');
}

type Framing = {
  unit: string;
  framing: 'values' | 'text';
  splitter: () => Splitter;
  parse: (text: string) => unknown;
} & Pick<ByteRecordsSpec, 'damaged' | 'byLine'>;

type TextFile = { readonly path: string; readonly content: Content; readonly encoding: Encoding };

function openText(file: TextFile, head: Head): RecordFile {
  const whole = head.bytes.length < headSize;
  const first = head.text.trimStart()[0] ?? '';
  const opening = first === '{' || first === '[' || looksLikeEvents(head.text) ? null : csvOpening(head.text, whole);
  if (opening) return csvRecords({ ...file, ...opening });
  return byteRecords({ ...file, ...framingOf(head, file.encoding) });
}

/** A stream's dump, or Harmony, has lines that could pass for cells. */
const looksLikeEvents = (text: string): boolean =>
  /^\s*(?:(?:event|data|id|retry)?:|<\|(?:start|channel|message)\|>)/.test(text);

function framingOf(head: Head, encoding: Encoding): Framing {
  const lines = head.text.split('\n');
  const whole = lines.length > 1 ? lines.slice(0, -1) : lines;
  const filled = whole.map((line) => line.trimEnd()).filter((line) => line.trim() !== '');
  const first = filled[0]?.trimStart() ?? '';
  const byLine = { unit: 'line', framing: 'values', splitter: () => lineSplitter(encoding) } as const;
  if (isRepr(first)) return { ...byLine, byLine: true, parse: parsePythonLiteral };
  if (first.startsWith('{') && (lines.length === 1 || holdsObjects(filled.slice(0, 20)))) {
    if (isStreamEvent(first)) return textFraming(encoding);
    return isSession(filled.slice(0, 20).map(parsedOrNull))
      ? { ...byLine, splitter: () => wholeSplitter(encoding), parse: parseLines, damaged: damagedLines }
      : { ...byLine, byLine: true, parse: parseJson };
  }
  if (isChunkList(head.text)) return textFraming(encoding);
  if (isReprList(first)) return { ...byLine, splitter: () => wholeSplitter(encoding), parse: parsePythonLiteral };
  if (first.startsWith('{') || first.startsWith('[')) {
    const elements = !holdsMessages(head.text);
    return { ...byLine, splitter: () => valueSplitter(encoding, elements), parse: parseJson };
  }
  if (encoding.unit === 1 && opensAsYaml(head.text, head.bytes.length < headSize))
    return { ...byLine, unit: 'document', splitter: () => yamlSplitter(encoding), parse: parseYaml };
  return textFraming(encoding);
}

/** Whether lines are events of one session, or the messages of one conversation: then each is nothing without those before it. */
function isSession(lines: readonly unknown[]): boolean {
  if (lines.some(isSessionEvent)) return true;
  const messages = lines.filter(
    (line) => isMessage(line) && !recordKeys.some((key) => member(line, key) !== undefined),
  );
  return messages.length >= 2 && messages.length > lines.length / 2 && messages.some((one) => roleOf(one) === 'user');
}

/** A line with these is a record of its own, whatever roles it names. */
const recordKeys = ['messages', 'choices', 'response', 'completion', 'question'];

const textFraming = (encoding: Encoding): Framing => ({
  unit: 'line',
  framing: 'text',
  splitter: () => wholeSplitter(encoding),
  parse: () => undefined,
});

function parsedOrNull(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return null;
  }
}

/** All lines of a session that can be read. */
const parseLines = (text: string): unknown =>
  text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map(parsedOrNull);

/** The other ones, with their numbers. */
const damagedLines = (text: string): RawRecord['damaged'] =>
  text
    .split('\n')
    .map((line, index) => ({ line: index + 1, reason: 'not valid JSON', text: line }))
    .filter(({ text: line }) => line.trim() !== '' && parsedOrNull(line) === null)
    .map(({ line, reason }) => ({ line, reason }));

/** Whether lines are objects by themselves; a first line that is none may be damaged, but does not go on in the next. */
const holdsObjects = ([first = '', ...rest]: readonly string[]): boolean =>
  isWholeObject(first) || (!/[{[,:]$/.test(first) && rest.some(isWholeObject));

/** A line that starts at the margin and is an object by itself. */
const isWholeObject = (line: string): boolean => line.startsWith('{') && isObject(parsedOrNull(line));

const isRepr = (line: string): boolean =>
  /^\{\s*(?:'|"[^"]*"\s*:\s*(?:'|None\b|True\b|False\b))/.test(line) && !isWholeObject(line);

const isReprList = (line: string): boolean => line.startsWith('[') && isRepr(line.slice(1).trimStart());

/** Whether a top-level array is itself one conversation: its first element is a message or an item of one. */
function holdsMessages(text: string): boolean {
  const encoding: Encoding = { name: 'utf-8', markLength: 0, unit: 1 };
  const [first] = valueSplitter(encoding, true).push(Buffer.from(text));
  const value = first && parsedOrNull(Buffer.from(first.bytes).toString());
  // Anthropic's replies have a role too, but are records, not messages of one conversation.
  const isReply = isObject(value) && value.type === 'message' && value.role === 'assistant';
  return (isMessage(value) && !isReply) || isAgentEvent(value) || (isObject(value) && value.type === 'reasoning');
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
