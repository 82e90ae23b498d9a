// Owns what the fields of a file's first records are, at any depth, so that a person can point at them. Must not know mappings' meaning.
import type { FieldKind, FieldSample } from '../domain/fieldMapping';
import { isMessage } from './parts/dialect';
import { isObject } from './parts/shape';

const deepest = 6;
const mostFields = 200;
/** Of a list of objects, so many from its start are looked into. */
const positionsShown = 3;
const sampleChars = 160;

type Seen = { readonly kind: FieldKind; sample: string; chars: number; records: number };

/** In the order in which they are met; a path is what a mapping takes. */
export function fieldSamples(records: readonly unknown[]): readonly FieldSample[] {
  const fields = new Map<string, Seen>();
  for (const record of records) visit(record, '', { fields, depth: deepest });
  return [...fields].map(([path, { kind, sample, chars, records: n }]) => ({
    path,
    kind,
    sample,
    meanChars: Math.round(chars / n),
    records: n,
  }));
}

type Walk = { readonly fields: Map<string, Seen>; readonly depth: number };

function visit(value: unknown, path: string, walk: Walk): void {
  const kind = kindOf(value);
  if (kind !== null && path !== '') note(walk.fields, { path, kind, text: textOf(value) });
  else if (walk.depth > 0) for (const [name, item] of membersOf(value)) visit(item, within(path, name), deeper(walk));
}

const within = (path: string, name: string): string => (path === '' ? name : `${path}.${name}`);
const deeper = ({ fields, depth }: Walk): Walk => ({ fields, depth: depth - 1 });

function membersOf(value: unknown): readonly (readonly [string, unknown])[] {
  if (Array.isArray(value)) return value.slice(0, positionsShown).map((item, index) => [String(index), item]);
  return isObject(value) ? Object.entries(value) : [];
}

/** `null`: it holds other fields, or nothing. */
function kindOf(value: unknown): FieldKind | null {
  if (typeof value === 'string') return 'text';
  if (typeof value === 'number') return 'number';
  if (typeof value === 'boolean') return 'boolean';
  if (!Array.isArray(value) || value.length === 0) return null;
  if (value.every(isMessage)) return 'messages';
  return value.every((item) => typeof item === 'string') ? 'texts' : null;
}

function textOf(value: unknown): string {
  if (!Array.isArray(value)) return String(value);
  return value
    .map((item) => (isObject(item) ? `${item.role ?? item.from ?? ''}: ${item.content ?? item.value ?? ''}` : item))
    .join(' ');
}

function note(
  fields: Walk['fields'],
  met: { readonly path: string; readonly kind: FieldKind; readonly text: string },
): void {
  const seen = fields.get(met.path) ?? { kind: met.kind, sample: '', chars: 0, records: 0 };
  if (!fields.has(met.path) && fields.size >= mostFields) return;
  fields.set(met.path, seen);
  seen.records += 1;
  seen.chars += met.text.length;
  if (seen.sample.trim() === '') seen.sample = met.text.slice(0, sampleChars);
}
