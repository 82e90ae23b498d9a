import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import type { AnnotationEvent } from '../../../engine/domain/annotation';
import { UserError } from '../../../engine/domain/failure';
import type { RunManifest } from '../../../engine/domain/run';
import { appendAnnotation } from '../../../engine/store/annotationLog';
import { inFolder } from '../../../engine/store/inFolder';
import { RunWriter } from '../../../engine/store/runLog';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'counterthought-folder-'));
after(() => fs.rmSync(folder, { recursive: true, force: true }));

// Tests may run as a user whom no permission holds back; a file in the way holds everybody.
fs.writeFileSync(path.join(folder, '.counterthought'), '');

const isCalm = (error: unknown): boolean =>
  error instanceof UserError && /Nothing can be recorded in .*a file is in the way\. Copy/.test(error.message);

test('a run and an annotation that have no place say so, and how to get one', () => {
  const dir = path.join(folder, '.counterthought', 'runs', 'one');
  assert.throws(() => RunWriter.create(dir, {} as RunManifest), isCalm);
  assert.throws(() => appendAnnotation(folder, { author: 'me' } as AnnotationEvent), isCalm);
});

test('what is no matter of the folder stays what it is', () => {
  const bug = new TypeError('odd');
  assert.throws(() => inFolder(folder, () => assert.fail(bug)), bug);
  assert.equal(
    inFolder(folder, () => 3),
    3,
  );
});
