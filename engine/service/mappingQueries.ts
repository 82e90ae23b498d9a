// Owns what a person is told while they map a file's fields: the fields with examples, the mapping that stands, and what another would read.
// Must not know how they are asked.
import { readFile } from 'node:fs/promises';
import { UserError } from '../domain/failure';
import { type FieldMapping, type FileFields, type MappingTrial, mappingSuffix } from '../domain/fieldMapping';
import { fieldSamples } from '../formats/fieldSamples';
import { mappedFormat, parseMapping } from '../formats/mapping';
import { parseJson } from '../formats/records/looseJson';
import { openRecords } from '../formats/records/openRecords';
import type { RawRecord } from '../formats/records/recordFile';
import { readTurns } from './readTurns';

const mostRecords = 50;
const mostBytes = 16 * 1024 * 1024;

/** @throws UserError when the file has no records with fields */
export async function fieldsOfFile(path: string): Promise<FileFields> {
  const records = await firstRecords(path);
  const fields = fieldSamples(records.map(({ value }) => value));
  if (fields.length === 0) throw new UserError(`${path}: its records have no fields to choose from.`);
  return { records: records.length, fields, mapping: await standingMapping(path) };
}

/** @throws UserError as {@link fieldsOfFile} */
export async function tryMapping(path: string, mapping: FieldMapping): Promise<MappingTrial> {
  const format = mappedFormat(parseMapping(mapping));
  const records = await firstRecords(path);
  let read = 0;
  let problem: string | null = null;
  for (const record of records) {
    const turns = readTurns(record, format);
    if ('problem' in turns) problem ??= turns.problem;
    else if (turns.length === 0) problem ??= `the field "${mapping.reasoning}" is empty`;
    else read += 1;
  }
  return { records: records.length, read, problem };
}

/** Those that can be read. */
async function firstRecords(path: string): Promise<readonly RawRecord[]> {
  const { records: file } = await openRecords(path);
  if (file.framing === 'text')
    throw new UserError(`${path}: this is running text, so it has no fields. Mark its reasoning with <think></think>.`);
  const records: RawRecord[] = [];
  let bytes = 0;
  try {
    for await (const record of file.scan({})) {
      if (record.problem === null) records.push(record);
      bytes += record.bytes.length;
      if (records.length >= mostRecords || bytes >= mostBytes) break;
    }
  } finally {
    file.close?.();
  }
  return records;
}

async function standingMapping(path: string): Promise<FieldMapping | null> {
  try {
    return parseMapping(parseJson(await readFile(`${path}${mappingSuffix}`, 'utf8')));
  } catch {
    return null;
  }
}
