// What goes wrong in the real VS Code, and how a person gets on: traces of another model, a file that holds none, an engine that is
// killed in the middle of a run, a window that is reloaded.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import type { Frame } from 'playwright-core';
import { eventuallyEqual } from '../support/eventually';
import { enginePids } from '../support/ownProcesses';
import { projectRoot } from '../support/paths';
import { openWorkbench, type Workbench } from '../support/workbench';
import { setTheme, themes } from './themes';

const examples = 60;

let workspace: string;
let workbench: Workbench;

before(async () => {
  workspace = fs.mkdtempSync(path.join(os.tmpdir(), 'counterthought-survival-'));
  const records = fs
    .readFileSync(path.join(projectRoot, 'samples/loans-mixed.jsonl'), 'utf8')
    .split('\n')
    .slice(0, examples);
  fs.writeFileSync(path.join(workspace, 'own.jsonl'), `${records.join('\n')}\n`);
  fs.writeFileSync(path.join(workspace, 'foreign.jsonl'), `${foreignRecords().join('\n')}\n`);
  fs.writeFileSync(path.join(workspace, 'plain.jsonl'), '{"question":"2+2?","answer":"4"}\n');
  fs.writeFileSync(path.join(workspace, 'empty.jsonl'), '');
  setTheme(workspace, themes.dark);
  workbench = await openWorkbench({ workspace, size: { width: 1280, height: 800 } });
});

after(async () => {
  await workbench?.dispose();
  fs.rmSync(workspace, { recursive: true, force: true, maxRetries: 10 });
});

/** Traces by a model that is not ours, in the inline form. */
function foreignRecords(): readonly string[] {
  return ['A', 'B', 'A'].map((letter) =>
    JSON.stringify({
      model: 'somebody/else-7b',
      messages: [
        { role: 'user', content: 'Is the sky blue? A) yes B) no' },
        { role: 'assistant', content: `<think>\nLet me look at it for a while.\n</think>\n\nThe answer is ${letter}.` },
      ],
    }),
  );
}

const rows = (text: string | RegExp) => workbench.quickPickRows().filter({ hasText: text });
const toast = (text: RegExp) =>
  workbench.page.locator('.notifications-toasts .notification-list-item').filter({ hasText: text });
const dismiss = async (): Promise<void> => {
  await workbench.page.keyboard.press('Escape');
  await workbench.page.keyboard.press('Escape');
};

test('an empty panel says what this is and how to begin', async () => {
  await workbench.runCommand('Counterthought: Show flip rates');
  const flips = await workbench.frame('counterthought.flips');
  await flips.getByText('Re-run from here').waitFor();
  await flips.locator('vscode-button', { hasText: 'Re-run a trace file' }).waitFor();
  await workbench.screenshot('empty-panel');
  await flips.locator('vscode-button', { hasText: 'Re-run a trace file' }).click();
  await rows('foreign.jsonl').waitFor();
  await dismiss();
});

test('a file without reasoning, and an empty one, say so and how to get on', async () => {
  for (const file of ['plain.jsonl', 'empty.jsonl']) {
    const answer = toast(new RegExp(`${file.replace('.', '\\.')}.*(reasoning|empty)`, 'i'));
    // The workbench swallows a click on a menu while it is still clearing notifications: as a person would, click again.
    for (let tries = 3; (await answer.count()) === 0 && tries > 0; tries -= 1) {
      await workbench.rightClick(file, 'Re-run from here');
      await answer.waitFor({ timeout: 10_000 }).catch(() => undefined);
    }
    await answer.waitFor({ timeout: 1_000 });
    for (const text of await workbench.notifications()) assert.doesNotMatch(text, /bug|undefined|null/i, file);
    await workbench.runCommand('Notifications: Clear All Notifications');
  }
});

test('traces of another model never default to the bundled one', async () => {
  await workbench.rightClick('foreign.jsonl', 'Re-run from here');
  await rows('Choose the model').waitFor({ timeout: 30_000 });
  assert.equal(await rows(/^Start/).count(), 0);
  await rows('somebody/else-7b').waitFor();
  await rows('Choose the model').click();
  await rows('cross-model').waitFor();
  await workbench.screenshot('cross-model');
  await dismiss();
});

/** The engine's process of this very window: other windows may run engines of their own. */
function enginePid(): number {
  const [pid = 0, ...others] = enginePids();
  assert.ok(pid > 0 && others.length === 0, 'this window runs one engine');
  return pid;
}

let flips: Frame;

test('an engine that is killed is explained; what was recorded is kept, resumed, cancelled, resumed', async () => {
  await workbench.rightClick('own.jsonl', 'Re-run from here');
  await rows(`${examples} examples`).waitFor({ timeout: 30_000 });
  await workbench.page.keyboard.press('Enter');
  flips = await workbench.frame('counterthought.flips', 60_000);
  await flips.getByText(/running · [1-9]\d* of 60/).waitFor({ timeout: 60_000 });
  process.kill(enginePid(), 'SIGKILL');
  await toast(/engine was killed.*can be resumed/).waitFor({ timeout: 15_000 });
  await flips.locator('.status.interrupted').waitFor({ timeout: 15_000 });
  await workbench.screenshot('interrupted');
  await workbench.runCommand('Notifications: Clear All Notifications');
  await flips.locator('vscode-button', { hasText: 'Resume' }).click();
  await flips.locator('vscode-button', { hasText: 'Pause' }).click();
  await flips.locator('.status.cancelled').waitFor({ timeout: 15_000 });
  await flips.locator('vscode-button', { hasText: 'Resume' }).click();
  await flips.locator('.status.completed').waitFor({ timeout: 120_000 });
  await flips.locator('.facts', { hasText: '60 examples' }).waitFor();
});

test('reloading the window loses nothing', async () => {
  await workbench.runCommand('Notifications: Clear All Notifications');
  const rates = await flips.locator('vscode-data-grid-row[data-condition]').allInnerTexts();
  await flips.locator('.row').first().click();
  const diff = await workbench.frame('counterthought.diff');
  const title = await diff.locator('.diff-where h1').innerText();
  const reloaded = workbench.page.waitForEvent('domcontentloaded');
  await workbench.runCommand('Developer: Reload Window');
  await reloaded;
  const restored = await workbench.frame('counterthought.diff', 60_000);
  await restored.locator('.diff-where h1').waitFor({ timeout: 30_000 });
  await eventuallyEqual(() => restored.locator('.diff-where h1').innerText(), title);
  const panel = await workbench.frame('counterthought.flips', 30_000);
  await panel.locator('.status.completed').waitFor({ timeout: 30_000 });
  await eventuallyEqual(() => panel.locator('vscode-data-grid-row[data-condition]').allInnerTexts(), rates);
});

/** Waits until a webview shows a page with this heading. */
async function headingShown(words: string): Promise<void> {
  const deadline = Date.now() + 15_000;
  while (Date.now() < deadline) {
    for (const frame of workbench.page.frames()) {
      const shown = await frame
        .locator('h1', { hasText: words })
        .isVisible()
        .catch(() => false);
      if (shown) return;
    }
    await workbench.page.waitForTimeout(100);
  }
  throw new Error(`No page with the heading “${words}”.`);
}

test('several samples of a few examples are asked for in the picker and shown as tabs', async () => {
  const { keyboard } = workbench.page;
  await workbench.rightClick('own.jsonl', 'Re-run from here');
  for (const [line, answer] of [
    ['1 per example, greedy', '3'],
    [`all ${examples}`, '4'],
  ] as const) {
    await rows(line).first().click();
    // The question comes in the list's place: what is typed before it is there searches the list.
    await rows(line).first().waitFor({ state: 'hidden' });
    await workbench.page.locator('.quick-input-widget input').fill(answer);
    await keyboard.press('Enter');
  }
  await rows('4 examples × 10 conditions').waitFor();
  await rows('3 per example').waitFor();
  await rows('4 examples × 10 conditions').click();
  const panel = await workbench.frame('counterthought.flips');
  await panel.locator('.facts', { hasText: /^\s*4 examples/ }).waitFor({ timeout: 60_000 });
  await panel.locator('.status.completed').waitFor({ timeout: 60_000 });
  // A forced answer is exact, so samples differ only where text is continued.
  await panel.locator('vscode-data-grid-row.swapped', { hasText: 'tag-stripped' }).click();
  await panel.getByRole('button', { name: /^All/ }).click();
  await panel.locator('.row').first().click();
  const diff = await workbench.frame('counterthought.diff');
  await diff.locator('.samples button').nth(2).click();
  await diff.locator('.samples button[aria-pressed="true"]', { hasText: '3:' }).waitFor();
  await workbench.screenshot('samples');
});

test('the report and the spec of the run open in the editor', async () => {
  const panel = await workbench.frame('counterthought.flips');
  await panel.locator('vscode-button', { hasText: 'Report' }).click();
  await headingShown('own.jsonl');
  await workbench.screenshot('report');
  await panel.locator('vscode-button', { hasText: 'Spec' }).click();
  await workbench.page.locator('.monaco-editor .view-line', { hasText: '"conditions"' }).waitFor({ timeout: 20_000 });
});

test('the pages broke no rule of their policy', () => {
  assert.deepEqual(workbench.webviewErrors, []);
});
