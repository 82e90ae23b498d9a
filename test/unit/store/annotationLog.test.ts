import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { it } from 'node:test';
import type { AnnotationEvent } from '../../../engine/domain/annotation';
import { exampleId } from '../../../engine/domain/ids';
import { appendAnnotation, readAnnotations } from '../../../engine/store/annotationLog';

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
