// A window without a folder, in the real VS Code: the panel says how to begin, and a run is recorded beside its file.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { projectRoot } from '../support/paths';
import { openWorkbench, type Workbench } from '../support/workbench';

const examples = 5;

let folder: string;
let workbench: Workbench;

before(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'counterthought-places-'));
  const records = fs.readFileSync(path.join(projectRoot, 'samples/loans-mixed.jsonl'), 'utf8').split('\n');
  fs.writeFileSync(path.join(folder, 'own.jsonl'), `${records.slice(0, examples).join('\n')}\n`);
  workbench = await openWorkbench({ workspace: null });
});

after(async () => {
  await workbench?.dispose();
  fs.rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
});

/** Names a file in VS Code's own dialog and starts the run that is offered. */
async function rerun(file: string): Promise<void> {
  const { page } = workbench;
  const input = page.locator('.quick-input-widget input').first();
  const title = page.locator('.quick-input-title', { hasText: 'Trace files to re-run' });
  await title.waitFor({ timeout: 30_000 });
  const start = workbench.quickPickRows().filter({ hasText: `${examples} examples × 10 conditions` });
  // The dialog writes its suggestion into the box some moments after it is there, over what was typed before: type again.
  for (let tries = 5; tries > 0 && !(await start.isVisible()); tries -= 1) {
    if (await title.isVisible()) {
      await input.fill(file);
      await page.keyboard.press('Enter');
    }
    await start.waitFor({ timeout: 10_000 }).catch(() => undefined);
  }
  await start.waitFor({ timeout: 30_000 });
  await page.keyboard.press('Enter');
}

test('without a folder the panel says how to begin, asks for a file, and records beside it', async () => {
  await workbench.runCommand('Counterthought: Show flip rates');
  const flips = await workbench.frame('counterthought.flips');
  await flips.locator('vscode-button', { hasText: 'Re-run a trace file' }).click();
  await rerun(path.join(folder, 'own.jsonl'));
  await flips.locator('.status.completed').waitFor({ timeout: 120_000 });
  await flips.locator('.facts', { hasText: `${examples} examples` }).waitFor();
  assert.equal(fs.readdirSync(path.join(folder, '.counterthought/runs')).length, 1);
  await workbench.screenshot('no-folder');
});

test('the pages broke no rule of their policy', () => {
  assert.deepEqual(workbench.webviewErrors, []);
});
