// The readable trace as a person uses it in the real VS Code: opened from the explorer, its two decision curves in the margin, its outline
// and the way back to the record.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { projectRoot } from '../support/paths';
import { openWorkbench, type Workbench } from '../support/workbench';
import { setTheme, themes } from './themes';

const file = 'loans-mixed.jsonl';

let folder: string;
let workspace: string;
let workbench: Workbench;

before(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'counterthought-trace-'));
  workspace = path.join(folder, 'loan-study');
  fs.mkdirSync(workspace);
  fs.copyFileSync(path.join(projectRoot, 'samples', file), path.join(workspace, file));
  setTheme(workspace, themes.dark);
  workbench = await openWorkbench({ workspace, size: { width: 1440, height: 900 } });
});

after(async () => {
  await workbench?.dispose();
  fs.rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
});

test('the file’s menu opens an example as a text document', async () => {
  await workbench.rightClick(file, 'Open the readable trace');
  await workbench.quickPickRows().first().waitFor({ timeout: 30_000 });
  await workbench.page.locator('.quick-input-widget input').fill('4');
  await workbench.quickPickRows().first().click();
  await workbench.page.locator('.view-line', { hasText: '─── reasoning ───' }).waitFor({ timeout: 30_000 });
  await workbench.page.waitForTimeout(6000);
  await workbench.screenshot('trace-dark');
});
