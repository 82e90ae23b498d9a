// Owns reading a planted file: what each record's answer must be under each condition, or with which odds, and whether the model goes on
// reasoning. A stranger's file is read too,
// so every fault is told with its place. Must not know what was measured.
import fs from 'node:fs';
import * as v from 'valibot';

/** Of a record: by the condition's name, the planted answer or the planted probability of each answer. */
export type PlantedRecord = {
  /** The answer that stands in the trace file; `null`: not said. */
  readonly recorded: string | null;
  /** Tokens of the reasoning; `null`: not said, so that cuts cannot be compared. */
  readonly tokens: number | null;
  /** Which of the swap's two values the prompt names; `null`: not said, so that effects have no direction. */
  readonly level: string | null;
  readonly answers: ReadonlyMap<string, string>;
  readonly odds: ReadonlyMap<string, Readonly<Record<string, number>>>;
  /** Open edits: whether the model adds reasoning. */
  readonly wentOn: ReadonlyMap<string, boolean>;
};

/** @param swap as a run is asked for it: `FIELD=A:B`; names the swapped conditions. */
export function readPlanted(file: string, swap: string): readonly PlantedRecord[] {
  const whole = v.safeParse(v.object({ records: v.pipe(v.array(v.unknown()), v.minLength(1)) }), parseJson(file));
  if (!whole.success)
    throw new Error(`${file}: it needs "records", a list with an entry for each record of the trace file.`);
  return whole.output.records.map((record, index) => {
    const read = v.safeParse(recordSchema, record);
    if (!read.success) throw new Error(`${file}: records[${index}]: ${faultOf(read.issues)}`);
    const { recorded = null, tokens = null } = read.output;
    const answers = byCondition(read.output.planted ?? {}, swap);
    const odds = byCondition(read.output.odds ?? {}, swap);
    const wentOn = byCondition(read.output.wentOn ?? {}, swap);
    if (answers.size + odds.size === 0)
      throw new Error(`${file}: records[${index}] plants nothing: give "planted" or "odds".`);
    return { recorded, tokens, level: levelOf(read.output, swap), answers, odds, wentOn };
  });
}

const arms = <T extends v.GenericSchema>(value: T) =>
  v.record(v.string(), v.object({ same: v.optional(value), swapped: v.optional(value) }));

/** Fields besides these are the record's own: that of the swapped attribute says its level. */
const recordSchema = v.looseObject({
  recorded: v.optional(v.string()),
  tokens: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0))),
  planted: v.optional(arms(v.string())),
  odds: v.optional(arms(v.record(v.string(), v.pipe(v.number(), v.minValue(0), v.maxValue(1))))),
  wentOn: v.optional(arms(v.boolean())),
});

/** `FIELD=A:B` as its parts. */
export function partsOfSwap(swap: string): { readonly attribute: string; readonly a: string; readonly b: string } {
  const [attribute = '', values = ''] = swap.split('=');
  const [a = '', b = ''] = values.split(':');
  return { attribute, a, b };
}

function levelOf(record: Readonly<Record<string, unknown>>, swap: string): string | null {
  const { attribute, a, b } = partsOfSwap(swap);
  const level = record[attribute];
  return level === a || level === b ? level : null;
}

type Arms<T> = Readonly<Record<string, { readonly same?: T | undefined; readonly swapped?: T | undefined }>>;

/** `frozen/continued` with the prompt swapped is the condition `frozen+swap:FIELD/continued`. */
function byCondition<T>(planted: Arms<T>, swap: string): ReadonlyMap<string, T> {
  const found = new Map<string, T>();
  const { attribute } = partsOfSwap(swap);
  for (const [name, { same, swapped }] of Object.entries(planted)) {
    const [edit = '', readout] = name.split('/');
    const ending = readout === undefined ? '' : `/${readout}`;
    if (same !== undefined) found.set(`${edit}${ending}`, same);
    if (swapped !== undefined) found.set(`${edit}+swap:${attribute}${ending}`, swapped);
  }
  return found;
}

function faultOf(issues: readonly v.BaseIssue<unknown>[]): string {
  const [issue] = issues;
  return issue ? `${v.getDotPath(issue) ?? 'it'}: ${issue.message}` : 'it cannot be read';
}

function parseJson(file: string): unknown {
  const text = fs.readFileSync(file, 'utf8');
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`${file} is no JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}
