// Owns the files of annotations: one append-only file per author and session, so that merging is concatenation.
import fs from 'node:fs';
import path from 'node:path';
import { type Annotation, type AnnotationEvent, foldAnnotations } from '../domain/annotation';
import { readLines } from './jsonLines';

const folder = (root: string): string => path.join(root, '.counterthought', 'annotations');
const session = `${new Date().toISOString().replace(/[-:]|\..*/g, '')}-${process.pid}`;

/** Letters that every file system takes. */
const safeName = (author: string): string => author.replace(/[^\p{L}\p{N}._-]+/gu, '_').slice(0, 60) || 'someone';

export function appendAnnotation(root: string, event: AnnotationEvent): void {
  fs.mkdirSync(folder(root), { recursive: true });
  const file = path.join(folder(root), `${safeName(event.author)}-${session}.jsonl`);
  fs.appendFileSync(file, `${JSON.stringify(event)}\n`);
}

/** What stands after all files' facts, in the order of their time. Lines that are torn or not ours are passed over. */
export function readAnnotations(root: string): readonly Annotation[] {
  const dir = folder(root);
  if (!fs.existsSync(dir)) return [];
  const events: AnnotationEvent[] = [];
  for (const name of fs.readdirSync(dir).filter((entry) => entry.endsWith('.jsonl'))) {
    readLines(path.join(dir, name), 0, ({ text }) => {
      const event = parse(text);
      if (event) events.push(event);
    });
  }
  return foldAnnotations(events.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0)));
}

function parse(text: string): AnnotationEvent | null {
  try {
    const value = JSON.parse(text) as AnnotationEvent;
    return value.type === 'annotated' || value.type === 'retracted' ? value : null;
  } catch {
    return null;
  }
}
