// Owns which short fields the records of a file have and which values they take, counted up to a bound. Must not know files or formats.
import type { FieldFacet, FieldValue } from '../domain/traceList';

const mostFields = 60;
const mostCounted = 200;
const mostTold = 40;

export class FieldSurvey {
  readonly #fields = new Map<string, { readonly counts: Map<FieldValue, number>; more: boolean }>();

  add(fields: Readonly<Record<string, FieldValue>>): void {
    for (const name of Object.keys(fields)) {
      const field = this.#fields.get(name) ?? this.#begin(name);
      const value = fields[name] ?? null;
      const n = field?.counts.get(value);
      if (!field) continue;
      if (n === undefined && field.counts.size >= mostCounted) field.more = true;
      else field.counts.set(value, (n ?? 0) + 1);
    }
  }

  facets(): readonly FieldFacet[] {
    return [...this.#fields].map(([name, { counts, more }]) => {
      const values = [...counts].sort((a, b) => b[1] - a[1]).map(([value, n]) => ({ value, n }));
      return { name, values: values.slice(0, mostTold), more: more || values.length > mostTold };
    });
  }

  #begin(name: string): { counts: Map<FieldValue, number>; more: boolean } | undefined {
    if (this.#fields.size >= mostFields) return undefined;
    const field = { counts: new Map<FieldValue, number>(), more: false };
    this.#fields.set(name, field);
    return field;
  }
}
