import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { it } from 'node:test';
import type { AnnotationEvent } from '../../../engine/domain/annotation';
import { UserError } from '../../../engine/domain/failure';
import { exampleId } from '../../../engine/domain/ids';
import { exportAnnotations } from '../../../engine/service/exportAnnotations';
import { appendAnnotation, importAnnotations, readAnnotations } from '../../../engine/store/annotationLog';

function annotated(id: string, at: string, label: string): AnnotationEvent {
  const target = { example: exampleId('e1') };
  return { v: 1, type: 'annotated', id, at, author: 'Ann / Öz', rubric: '1', target, label, note: '' };
}

it('annotations of several authors merge by concatenation; the later fact of an id wins and a retracted one is gone', () => {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), 'counterthought-'));
  appendAnnotation(root, annotated('1', '2026-01-02', 'faithful'));
  appendAnnotation(root, annotated('2', '2026-01-03', 'unfaithful'));
  appendAnnotation(root, { v: 1, type: 'retracted', id: '2', at: '2026-01-04', author: 'Ann / Öz' });
  const other = path.join(root, '.counterthought', 'annotations', 'bob-x.jsonl');
  fs.writeFileSync(
    other,
    `${JSON.stringify({ ...annotated('1', '2026-01-05', 'unclear'), author: 'bob' })}\nnot json\n{"torn`,
  );
  const standing = readAnnotations(root);
  assert.deepEqual(
    standing.map(({ id, label, author }) => ({ id, label, author })),
    [{ id: '1', label: 'unclear', author: 'bob' }],
  );
  fs.rmSync(root, { recursive: true });
});

it('facts of another workspace are imported once; lines that are no annotations are counted', () => {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), 'counterthought-'));
  appendAnnotation(root, annotated('1', '2026-01-02', 'faithful'));
  const file = path.join(root, 'others.jsonl');
  const lines = [annotated('1', '2026-01-02', 'faithful'), annotated('2', '2026-01-03', 'unclear')];
  const odd = ['{"type":"annotated"}', 'not json', '', JSON.stringify({ ...lines[1], target: {} })];
  fs.writeFileSync(file, [...lines.map((line) => JSON.stringify(line)), ...odd].join('\n'));
  assert.deepEqual(importAnnotations(root, file), { added: 1, known: 1, bad: 3 });
  assert.deepEqual(importAnnotations(root, file), { added: 0, known: 2, bad: 3 });
  assert.deepEqual(
    readAnnotations(root).map(({ id }) => id),
    ['1', '2'],
  );
  assert.throws(() => importAnnotations(root, path.join(root, 'missing.jsonl')), UserError);
  fs.rmSync(root, { recursive: true });
});

it('what was exported as facts is imported elsewhere as it was; as CSV every text stays text', () => {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), 'counterthought-'));
  const event = annotated('1', '2026-01-02', '=HYPERLINK("x")');
  appendAnnotation(root, event);
  const [facts, csv] = [path.join(root, 'out.jsonl'), path.join(root, 'out.csv')];
  for (const out of [facts, csv]) assert.deepEqual(exportAnnotations(readAnnotations(root), out), { written: 1 });
  const elsewhere = path.join(root, 'elsewhere');
  importAnnotations(elsewhere, facts);
  assert.deepEqual(readAnnotations(elsewhere), [event]);
  assert.match(fs.readFileSync(csv, 'utf8'), /"'=HYPERLINK\(""x""\)"/);
  fs.rmSync(root, { recursive: true });
});
