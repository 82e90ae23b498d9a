// Owns annotations as files for others: CSV for spreadsheets and statistics, facts as JSON lines for another workspace.
import fs from 'node:fs';
import type { Annotation } from '../domain/annotation';
import { UserError } from '../domain/failure';
import { csvOf } from '../report/csv';

const header = [
  'example',
  'run',
  'condition',
  'sample',
  'start',
  'end',
  'quote',
  'label',
  'note',
  'author',
  'at',
  'rubric',
  'id',
  'file',
];

/** @throws UserError when it cannot be written. */
export function exportAnnotations(annotations: readonly Annotation[], out: string): { readonly written: number } {
  const isFacts = out.endsWith('.jsonl');
  const content = isFacts
    ? annotations.map((one) => `${JSON.stringify(one)}\n`).join('')
    : csvOf(header, annotations.map(cells));
  try {
    fs.writeFileSync(out, content);
  } catch (error) {
    throw new UserError(`${out} cannot be written (${(error as NodeJS.ErrnoException).code ?? 'unknown reason'}).`);
  }
  return { written: annotations.length };
}

const cells = ({ target, label, note, author, at, rubric, id, file }: Annotation) => [
  ...[target.example, target.run, target.condition, target.sample],
  ...[target.range?.start, target.range?.end, target.range?.quote],
  ...[label, note, author, at, rubric, id, file],
];
