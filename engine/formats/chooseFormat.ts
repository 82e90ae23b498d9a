// Owns the choice of a format by content: each looks at the first records, and the one that recognizes most wins.
import { UserError } from '../domain/failure';
import type { Format, Head } from './format';
import { formats } from './index';
import type { RecordFile } from './recordFile';
import { isObject } from './shape';

/** Logs may start with records of other kinds (a session's header), so that the first record alone is not asked. */
const recordsAsked = 16;

/** @throws UserError when no format knows the records, naming the fields that they have */
export async function chooseFormat(records: RecordFile, head: Head, path: string): Promise<Format> {
  const asked: unknown[] = [];
  let problem: string | null = null;
  for await (const record of records.scan({})) {
    if (record.problem === null) asked.push(record.value);
    else problem ??= `line ${record.line}: ${record.problem}`;
    if (asked.length >= recordsAsked) break;
  }
  if (asked.length === 0) throw new UserError(`${path}: no record could be read. ${problem ?? 'There is none'}.`);
  let best: { readonly format: Format; readonly score: number } | null = null;
  for (const format of formats) {
    if (format.framing !== records.framing) continue;
    const score = asked.reduce((sum: number, value) => sum + format.recognizes(value, head), 0);
    if (score > (best?.score ?? 0)) best = { format, score };
  }
  if (best) return best.format;
  throw new UserError(`${path}: ${unknown(asked[0])}`);
}

function unknown(record: unknown): string {
  const keys = isObject(record) ? Object.keys(record).slice(0, 12) : [];
  const seen = keys.length > 0 ? `its records have the fields ${keys.join(', ')}` : 'it holds no records';
  return (
    `this is no trace format that is known: ${seen}. Write JSON lines with "messages" (role, content) whose assistant turns keep their ` +
    'reasoning in reasoning_content or between <think></think>.'
  );
}
