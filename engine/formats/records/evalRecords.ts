// Owns reading Inspect's .eval: a ZIP with one entry a sample. Each sample becomes a record in the shape of a whole log with that one
// sample. An unfinished log has no header yet; its journal says what is needed.
import { type Entry, openPromise, type ZipFile } from 'yauzl';
import type { Source } from '../../domain/example';
import { throwIfCancelled, UserError } from '../../domain/failure';
import { isObject, type JsonObject } from '../parts/shape';
import type { ScanOptions } from './content';
import { parseJson } from './looseJson';
import type { RawRecord, RecordFile } from './recordFile';
import { longestRecord, tooLong } from './splitter';
import { unpack } from './unpack';

const sampleName = /^samples\/[^/]+\.json$/;
const headers = ['header.json', '_journal/start.json'];

/** @throws UserError when it is no ZIP, or a ZIP without samples */
export async function evalRecords(path: string): Promise<RecordFile> {
  const entries = await entriesOf(path);
  const samples = [...entries.keys()].filter((name) => sampleName.test(name));
  if (samples.length === 0) {
    throw new UserError(
      `${path}: this ZIP holds no samples of an Inspect log. Unpack it and open a file in it instead.`,
    );
  }
  const header = await readHeader(path, entries);
  const record = (zip: ZipFile, name: string): Promise<RawRecord> =>
    readSample(zip, entries.get(name)!, { path, header, line: samples.indexOf(name) + 1 });
  return {
    unit: 'entry',
    framing: 'values',
    async *scan(options: ScanOptions) {
      const zip = await openZip(path);
      try {
        for (const name of samples) {
          throwIfCancelled(options.signal);
          yield await record(zip, name);
          options.onBytes?.(entries.get(name)!.relativeOffsetOfLocalHeader);
        }
      } finally {
        zip.close();
      }
    },
    async at(source: Source) {
      if (source.kind !== 'entry' || !entries.has(source.entry))
        throw new UserError(`${path}: there is no such entry in it.`);
      const zip = await openZip(path);
      try {
        return await record(zip, source.entry);
      } finally {
        zip.close();
      }
    },
  };
}

async function openZip(path: string): Promise<ZipFile> {
  try {
    return await openPromise(path, { lazyEntries: true, autoClose: false });
  } catch (error) {
    throw new UserError(
      `${path}: the ZIP cannot be read (${error instanceof Error ? error.message : String(error)}). It may be cut off.`,
    );
  }
}

/** By name; of entries with one name the last counts, as a log that is written again appends. */
async function entriesOf(path: string): Promise<ReadonlyMap<string, Entry>> {
  const zip = await openZip(path);
  const entries = new Map<string, Entry>();
  try {
    for await (const entry of zip.eachEntry()) entries.set(entry.fileName, entry);
  } catch (error) {
    throw new UserError(
      `${path}: the ZIP's directory is damaged (${error instanceof Error ? error.message : String(error)}).`,
    );
  } finally {
    zip.close();
  }
  return entries;
}

async function readHeader(path: string, entries: ReadonlyMap<string, Entry>): Promise<JsonObject> {
  const entry = headers.map((name) => entries.get(name)).find((one) => one !== undefined);
  if (!entry) return {};
  const zip = await openZip(path);
  try {
    const header = parseJson(Buffer.from(await readEntry(zip, entry)).toString());
    return isObject(header) ? header : {};
  } catch {
    // A damaged header costs the model's name and its settings; the samples stand for themselves.
    return {};
  } finally {
    zip.close();
  }
}

async function readEntry(zip: ZipFile, entry: Entry): Promise<Uint8Array> {
  if (entry.compressedSize > longestRecord || entry.uncompressedSize > longestRecord) throw new UserError(tooLong);
  const stream = await zip.openReadStreamPromise(entry, { decodeFileData: false } as never);
  const pieces: Buffer[] = [];
  for await (const piece of stream) pieces.push(piece as Buffer);
  return unpack(Buffer.concat(pieces), entry.compressionMethod);
}

type Place = { readonly path: string; readonly header: JsonObject; readonly line: number };

async function readSample(zip: ZipFile, entry: Entry, { path, header, line }: Place): Promise<RawRecord> {
  const source: Source = { kind: 'entry', file: path, entry: entry.fileName, pointer: '' };
  try {
    const bytes = await readEntry(zip, entry);
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    const value = { version: 2, eval: {}, ...header, samples: [parseJson(text)] };
    return { source, line, bytes, text, value, problem: null };
  } catch (error) {
    const problem = `${entry.fileName}: ${error instanceof Error ? error.message : String(error)}`;
    return { source, line, bytes: new Uint8Array(), text: '', value: undefined, problem };
  }
}
