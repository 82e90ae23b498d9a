// The committed tiny models, made again from their seeds by the real exporters, are the same; and the recorded greedy
// text of models is what float64 arithmetic says today.
import path from 'node:path';
import { test } from 'node:test';
import { projectRoot } from '../support/paths';
import { pythonEnvironment, runProgram } from '../support/pythonEnvironment';

const folder = path.join(projectRoot, 'test/support/python');
const inFolder = (name: string): string => path.join(folder, name);

/** The scripts exit with a list of differences, which `runProgram` throws. */
const checks = [
  {
    script: 'tiny_models.py',
    models: ['tiny-qwen2-gqa', 'tiny-qwen3-gqa', 'tiny-llama-int4'],
    needs: 'requirements-reference.txt',
  },
  { script: 'tiny_models.py', models: ['tiny-llama-plain'], needs: 'requirements-exporters.txt' },
  { script: 'exported_models.py', models: [], needs: 'requirements-exporters.txt' },
  { script: 'organism_reference.py', models: [], needs: 'requirements-reference.txt' },
] as const;

for (const { script, models, needs } of checks) {
  test(`what ${script} recorded is reproduced ${models.join(', ')}`.trim(), async () => {
    const python = await pythonEnvironment(inFolder(needs));
    runProgram(python, [inFolder(script), ...models, '--check']);
  });
}
