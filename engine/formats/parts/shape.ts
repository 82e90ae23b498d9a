// Owns looking into parsed values of unknown shape, one question a function. Must not know any format.

export type JsonObject = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The member, own properties only; `undefined` when the value is no object. */
export const member = (value: unknown, key: string): unknown =>
  isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;

/** The value at a path of keys and indexes. */
export function at(value: unknown, ...path: readonly (string | number)[]): unknown {
  let here = value;
  for (const step of path) {
    here = typeof step === 'number' ? (Array.isArray(here) ? here[step] : undefined) : member(here, step);
  }
  return here;
}

export const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);

/** The first of the members that is a string. */
export function firstText(value: unknown, keys: readonly string[]): string | null {
  for (const key of keys) {
    const found = member(value, key);
    if (typeof found === 'string') return found;
  }
  return null;
}

export const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

const longestField = 200;
const mostFields = 60;

/** The record's short scalar members, for grouping and filters. */
export function shortFields(
  value: unknown,
  except: readonly string[] = [],
): Record<string, string | number | boolean | null> {
  const fields: [string, string | number | boolean | null][] = [];
  if (!isObject(value)) return {};
  for (const [key, field] of Object.entries(value)) {
    if (except.includes(key) || fields.length >= mostFields) continue;
    if (field === null || typeof field === 'boolean') fields.push([key, field]);
    else if (typeof field === 'number') fields.push([key, Number.isFinite(field) ? field : String(field)]);
    else if (typeof field === 'string' && field.length <= longestField) fields.push([key, field]);
  }
  return Object.fromEntries(fields);
}

/** How the answer was drawn, where settings beside it say so. */
export function samplingOf(...settings: readonly unknown[]): 'greedy' | 'sampled' | 'unknown' {
  for (const one of settings) {
    const doSample = member(one, 'do_sample');
    if (doSample === false) return 'greedy';
    const temperature = member(one, 'temperature');
    if (typeof temperature === 'number') return temperature === 0 ? 'greedy' : 'sampled';
    if (doSample === true) return 'sampled';
  }
  return 'unknown';
}
