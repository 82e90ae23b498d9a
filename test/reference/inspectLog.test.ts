// What is written as an Inspect log opens with Inspect's own package, and its samples say what ours do.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, test } from 'node:test';
import type { Example } from '../../engine/domain/example';
import { inspectExport } from '../../engine/exports/inspectExport';
import { exportedExamples } from '../../engine/service/exportItems';
import { beginTraceFile } from '../../engine/service/traceFile';
import { temporaryFolder } from '../support/cli';
import { projectRoot } from '../support/paths';
import { pythonEnvironment, runProgram } from '../support/pythonEnvironment';

const folder = path.join(projectRoot, 'test/support/python');
const scratch = temporaryFolder();
after(() => fs.rmSync(scratch, { recursive: true, force: true }));

test('Inspect reads the log that is written of a trace file', async () => {
  const file = await beginTraceFile(path.join(projectRoot, 'test/fixtures/formats/rl_loans.jsonl'));
  const out = path.join(scratch, 'log.json');
  const items = exportedExamples(file, { signal: new AbortController().signal });
  await inspectExport.write({ items, out, name: 'rl_loans', forSpreadsheet: false });
  const python = await pythonEnvironment(path.join(folder, 'requirements-inspect.txt'));
  const log = JSON.parse(runProgram(python, [path.join(folder, 'inspect_reference.py'), out]));
  const examples: Example[] = [];
  for await (const example of file.examples()) examples.push(example);
  assert.equal(log.status, 'success');
  assert.deepEqual(
    log.samples.map(({ id, roles, blocks, scores }: Readonly<Record<string, unknown>>) => ({
      id,
      roles,
      blocks,
      scores,
    })),
    examples.map(({ id, messages, trace }) => ({
      id,
      roles: [...messages.map(({ role }) => role), 'assistant'],
      blocks: [
        ['reasoning', trace.reasoning],
        ['text', trace.answerText],
      ],
      scores: { recorded: 'C' },
    })),
  );
});
