import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { it } from 'node:test';
import { readRunFacts, writeRunFacts } from '../../../engine/store/runFacts';

it('a name and tags stand beside a run; none and damaged ones count as none', () => {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'counterthought-'));
  const none = { name: null, tags: [] };
  assert.deepEqual(readRunFacts(dir), none);
  writeRunFacts(dir, { name: 'before training', tags: ['paper', 'seed 1'] });
  assert.deepEqual(readRunFacts(dir), { name: 'before training', tags: ['paper', 'seed 1'] });
  assert.deepEqual(fs.readdirSync(dir), ['facts.json']);
  fs.writeFileSync(path.join(dir, 'facts.json'), '{"v":1,"name":3}');
  assert.deepEqual(readRunFacts(dir), none);
  fs.writeFileSync(path.join(dir, 'facts.json'), '{"v":1,');
  assert.deepEqual(readRunFacts(dir), none);
  fs.rmSync(dir, { recursive: true });
});
