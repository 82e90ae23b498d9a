// Owns the files of annotations: one append-only file per author and session, so that merging is concatenation.
import fs from 'node:fs';
import path from 'node:path';
import * as v from 'valibot';
import { type Annotation, type AnnotationEvent, foldAnnotations } from '../domain/annotation';
import { UserError } from '../domain/failure';
import { inFolder } from './inFolder';
import { appendLine, readLines } from './jsonLines';

const folder = (root: string): string => path.join(root, '.counterthought', 'annotations');
const session = `${new Date().toISOString().replace(/[-:]|\..*/g, '')}-${process.pid}`;

/** Letters that every file system takes. */
const safeName = (author: string): string => author.replace(/[^\p{L}\p{N}._-]+/gu, '_').slice(0, 60) || 'someone';

/** @throws UserError where the folder cannot be written */
export function appendAnnotation(root: string, event: AnnotationEvent): void {
  const file = path.join(folder(root), `${safeName(event.author)}-${session}.jsonl`);
  inFolder(folder(root), () => {
    fs.mkdirSync(folder(root), { recursive: true });
    const handle = fs.openSync(file, 'a');
    try {
      appendLine(handle, event);
    } finally {
      fs.closeSync(handle);
    }
  });
}

/** What stands after all files' facts, in the order of their time. */
export const readAnnotations = (root: string): readonly Annotation[] =>
  foldAnnotations(allEvents(root).sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0)));

/** Lines that are torn or not ours are passed over. */
function allEvents(root: string): AnnotationEvent[] {
  const dir = folder(root);
  if (!fs.existsSync(dir)) return [];
  const events: AnnotationEvent[] = [];
  for (const name of fs.readdirSync(dir).filter((entry) => entry.endsWith('.jsonl'))) {
    readLines(path.join(dir, name), { from: 0 }, ({ text }) => {
      const event = parse(text);
      if (event) events.push(event);
    });
  }
  return events;
}

/**
 * Adds the facts of a file, under their own authors; facts that are here already are known.
 * @throws UserError when it cannot be read.
 */
export function importAnnotations(
  root: string,
  file: string,
): { readonly added: number; readonly known: number; readonly bad: number } {
  const keyOf = ({ id, at, type }: AnnotationEvent): string => `${id} ${at} ${type}`;
  const here = new Set(allEvents(root).map(keyOf));
  let [added, known, bad] = [0, 0, 0];
  const take = (text: string): void => {
    if (text.trim() === '') return;
    const event = parse(text);
    if (!event) bad += 1;
    else if (here.has(keyOf(event))) known += 1;
    else {
      here.add(keyOf(event));
      appendAnnotation(root, event);
      added += 1;
    }
  };
  try {
    for (const line of fs.readFileSync(file, 'utf8').split('\n')) take(line);
  } catch (error) {
    throw new UserError(`${file} cannot be imported: ${error instanceof Error ? error.message : String(error)}`);
  }
  return { added, known, bad };
}

const text = v.string();
const offset = v.pipe(v.number(), v.integer(), v.minValue(0));
const fact = { v: v.literal(1), id: text, at: text, author: text };
const target = v.object({
  example: text,
  run: v.exactOptional(text),
  condition: v.exactOptional(text),
  sample: v.exactOptional(offset),
  range: v.exactOptional(v.object({ start: offset, end: offset, quote: text })),
});
const eventSchema = v.variant('type', [
  v.object({
    ...fact,
    type: v.literal('annotated'),
    rubric: text,
    target,
    label: v.nullable(text),
    note: text,
    file: v.exactOptional(text),
  }),
  v.object({ ...fact, type: v.literal('retracted') }),
]);

function parse(line: string): AnnotationEvent | null {
  try {
    const parsed = v.safeParse(eventSchema, JSON.parse(line));
    return parsed.success ? (parsed.output as AnnotationEvent) : null;
  } catch {
    return null;
  }
}
