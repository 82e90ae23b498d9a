// A folder that the person has not said they trust: its traces can be read, searched and mapped, and nothing in it can be made to run.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { projectRoot } from '../support/paths';
import { openWorkbench, type Workbench } from '../support/workbench';

let workspace: string;
let workbench: Workbench;

before(async () => {
  workspace = fs.mkdtempSync(path.join(os.tmpdir(), 'counterthought-untrusted-'));
  fs.copyFileSync(path.join(projectRoot, 'samples/chat.jsonl'), path.join(workspace, 'chat.jsonl'));
  const settings = { 'security.workspace.trust.startupPrompt': 'never' };
  workbench = await openWorkbench({ workspace, trust: 'asked', settings });
});

after(async () => {
  await workbench?.dispose();
  fs.rmSync(workspace, { recursive: true, force: true, maxRetries: 10 });
});

test('traces are shown in an untrusted folder, and cannot be re-run', async () => {
  await workbench.rightClick('chat.jsonl', 'Open as traces');
  const frame = await workbench.frame('counterthought.traces');
  await frame.locator('.reading .trace-step').first().waitFor();
  assert.equal(await frame.getByRole('button', { name: /^Re-run from here/ }).isDisabled(), true);
  assert.equal(await frame.getByRole('button', { name: /^Re-run all/ }).isDisabled(), true);
  await workbench.screenshot('traces-untrusted');
  assert.deepEqual(workbench.webviewErrors, []);
});
