// Owns the choice of a format by content: each looks at the first records, and of those that find reasoning in most of them
// the one that recognizes most wins.
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { type Fix, UserError } from '../domain/failure';
import { type FieldMapping, mappingSuffix } from '../domain/fieldMapping';
import type { Format, Head } from './format';
import { formats } from './index';
import { mappedFormat, parseMapping } from './mapping';
import { isObject } from './parts/shape';
import { parseJson } from './records/looseJson';
import type { RawRecord, RecordFile } from './records/recordFile';

/** Logs may start with records of other kinds (a session's header), so that the first record alone is not asked. */
const recordsAsked = 16;
/** Of long records fewer do: nobody waits for hundreds of megabytes before the first example shows. */
const bytesAsked = 16 * 1024 * 1024;

export type ChosenFile = { readonly path: string; readonly mapping?: FieldMapping };

/**
 * The format by content; a mapping that somebody gives, or else the one beside the file, comes before all.
 * @throws UserError when no format knows the records, naming the fields that they have
 */
export async function chooseFormat(records: RecordFile, head: Head, at: ChosenFile): Promise<Format> {
  const { path } = at;
  const mapping = at.mapping ?? (await readMapping(`${path}${mappingSuffix}`));
  if (mapping && records.framing === 'values') return mappedFormat(mapping);
  const asked: RawRecord[] = [];
  let problem: string | null = null;
  let bytes = 0;
  for await (const record of records.scan({})) {
    if (record.problem === null) asked.push(record);
    else problem ??= `line ${record.line}: ${record.problem}`;
    bytes += record.bytes.length;
    if (asked.length >= recordsAsked || (asked.length > 0 && bytes >= bytesAsked)) break;
  }
  if (asked.length === 0) throw new UserError(`${path}: no record could be read. ${problem ?? 'There is none'}.`);
  const scored = formats
    .filter((format) => format.framing === records.framing)
    .map((format) => ({
      format,
      score: asked.reduce((sum: number, one) => sum + format.recognizes(one.value, head), 0),
    }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score);
  const found = scored.map(({ format }) => asked.filter((one) => findsReasoning(format, one)).length);
  const enough = Math.max(...found) / 2;
  const best = scored.find((_, index) => found[index]! > 0 && found[index]! >= enough) ?? scored[0];
  if (best) return best.format;
  const first = asked[0]?.value;
  const isMappable = records.framing === 'values' && isObject(first);
  throw new UserError(
    `${path}: ${unknown(first, `${basename(path)}${mappingSuffix}`)}`,
    isMappable ? chooseFieldsFix(path) : undefined,
  );
}

/** A format that knows the envelope is not always the one that knows what lies in it. */
function findsReasoning(format: Format, { value, text }: RawRecord): boolean {
  try {
    return format.read(value, text).length > 0;
  } catch (error) {
    if (error instanceof UserError) return false;
    throw error;
  }
}

/** The editor's way out for a file whose fields nobody knows. */
export const chooseFieldsFix = (path: string): Fix => ({
  label: 'Choose its fields',
  command: 'counterthought.chooseFields',
  argument: path,
});

function unknown(record: unknown, mappingName: string): string {
  const keys = isObject(record) ? Object.keys(record).slice(0, 12) : [];
  if (keys.length === 0) return 'this is no trace format that is known: it holds no records with fields.';
  return (
    `no reasoning was found in its records, which have the fields ${keys.join(', ')}. If one of them holds it, say so in a file ` +
    `${mappingName} beside it: {"prompt": "…", "reasoning": "…", "answer": "…"}, each the name of a field.`
  );
}

/** `null` when there is no such file. */
async function readMapping(file: string): Promise<FieldMapping | null> {
  const content = await readFile(file, 'utf8').catch(() => null);
  if (content === null) return null;
  try {
    return parseMapping(parseJson(content));
  } catch (error) {
    throw new UserError(`${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
