// Owns the branded identifiers that cross files, logs and processes. Must not know how any of them is computed
// beyond its text form: hashing needs Node and lives with those who read files (engine/formats) or plan (engine/service).

declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: Name };

/** sha256 of (record bytes, turn), hexadecimal, with `-2`, `-3`, … for duplicates. */
export type ExampleId = Branded<'ExampleId'>;
/** First 16 hexadecimal digits of the sha256 of the condition's canonical JSON. */
export type ConditionId = Branded<'ConditionId'>;
/** UTC time and random digits, sortable by time: `20260102-030405-1a2b3c`. */
export type RunId = Branded<'RunId'>;

export const exampleId = (text: string): ExampleId => text as ExampleId;
export const conditionId = (text: string): ConditionId => text as ConditionId;
export const runId = (text: string): RunId => text as RunId;

/**
 * JSON with object keys sorted and `undefined` members dropped: equal values give equal text, so that a hash of it is an identity.
 */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item)).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null';
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`);
  return `{${members.join(',')}}`;
}
