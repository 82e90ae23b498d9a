// The recorded statistics are what statsmodels, scipy and numpy say today, computed afresh in an environment of their own.
import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { projectRoot } from '../support/paths';
import { pythonEnvironment, runProgram } from '../support/pythonEnvironment';

const folder = path.join(projectRoot, 'test/support/python');

test('the statistics’ reference values are reproduced', async () => {
  const python = await pythonEnvironment(path.join(folder, 'requirements-statistics.txt'));
  const said = runProgram(python, [path.join(folder, 'statisticsReference.py'), '--check']);
  assert.match(said, /^reference\.json agrees with/);
});
