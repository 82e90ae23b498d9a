// The recorded ids and offsets are what the reference implementation of tokenizers says today.
import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { projectRoot } from '../support/paths';
import { pythonEnvironment, runProgram } from '../support/pythonEnvironment';

const folder = path.join(projectRoot, 'test/support/python');

test('the recorded ids and offsets of tokenizers are reproduced', async () => {
  const python = await pythonEnvironment(path.join(folder, 'requirements-tokenizers.txt'));
  const fixtures = path.join(projectRoot, 'test/fixtures/tokenizers');
  const said = runProgram(python, [path.join(folder, 'tokenizer_reference.py'), fixtures, '--check']);
  assert.match(said, /^12 tokenizers agree/);
});
