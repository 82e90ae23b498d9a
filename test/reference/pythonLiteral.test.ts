// The recorded Python literals are what a real Python reads in them today.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { projectRoot } from '../support/paths';
import { pythonEnvironment, runProgram } from '../support/pythonEnvironment';

const folder = path.join(projectRoot, 'test/support/python');

test('the Python literals’ reference values are reproduced', async () => {
  const python = await pythonEnvironment(path.join(folder, 'requirements-statistics.txt'));
  const said = JSON.parse(runProgram(python, ['-W', 'ignore', path.join(folder, 'literal_reference.py')]));
  const recorded = fs.readFileSync(path.join(projectRoot, 'test/fixtures/python/literals.json'), 'utf8');
  assert.deepEqual(said, JSON.parse(recorded));
});
