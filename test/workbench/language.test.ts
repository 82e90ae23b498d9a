// The main views in an invented language, in the real VS Code: wherever a word is still English, it is data, what the engine said, or a mistake.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import type { Locator } from 'playwright-core';
import { runCli } from '../support/cli';
import { projectRoot } from '../support/paths';
import { pseudo, pseudoExtension, pseudoLocale } from '../support/pseudoLocale';
import { openWorkbench, type Workbench } from '../support/workbench';

const file = 'loans.jsonl';
const examples = 12;

let folder: string;
let workspace: string;
let workbench: Workbench;

before(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'counterthought-language-'));
  workspace = path.join(folder, 'study');
  fs.mkdirSync(workspace);
  const extension = pseudoExtension(path.join(folder, 'extension'));
  workbench = await openWorkbench({ workspace, extension, locale: pseudoLocale, size: { width: 1440, height: 900 } });
});

after(async () => {
  await workbench?.dispose();
  fs.rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
});

/** Words of the data, of the engine (which speaks English), the same in every language, or of VS Code itself. */
const kept = [
  /Counterthought|counterthought\/[\w-]+|study|loans\.jsonl|\.jsonl|JSON Lines|JSON|Inspect|Parquet|Hugging Face|Ctrl|Alt|Enter|Shift|Welcome|Text field/g,
  /Evaluation rows with a Python-printed prompt \(rl_loans\)|“tag”|line 1/g,
  /frozen|half-truncated|tag-stripped|half-closed|free|nationality|American|Canadian|approve|reject|swap/g,
  /Wilson|exact McNemar|McNemar|Holm|Benjamini|Hochberg|follows its reasoning|post-hoc|contradicts its reasoning|uses the attribute unsaid|unclear/g,
  /recorded answer|recorded|right answer|predicted|correct|Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec/g,
];

/** What is English of what an element shows and reads out; `data` selects what is not ours to translate. */
async function english(root: Locator, data = ':not(*)'): Promise<readonly string[]> {
  const shown = await root.evaluate((element, selector) => {
    const texts: string[] = [];
    for (const one of [element, ...element.querySelectorAll('*')]) {
      if (one.closest(`${selector}, script, style`) !== null) continue;
      for (const name of ['aria-label', 'title', 'placeholder']) texts.push(one.getAttribute(name) ?? '');
      for (const node of one.childNodes) if (node.nodeType === Node.TEXT_NODE) texts.push(node.textContent ?? '');
    }
    return texts;
  }, data);
  const isEnglish = (text: string): boolean => {
    const own = kept.reduce((rest, pattern) => rest.replace(pattern, ' '), text);
    return own.split(/[^\p{L}\p{M}\d]+/u).some((word) => /^[A-Za-z]{3,}$/.test(word));
  };
  return [...new Set(shown.map((text) => text.trim()).filter(isEnglish))];
}

const command = (title: string): Promise<void> => workbench.runCommand(`Counterthought: ${pseudo(title)}`);
const said = (text: string): Locator => workbench.page.getByText(pseudo(text));

test('what stands where there is nothing yet', async () => {
  await workbench.runCommand('View: Show Counterthought');
  await said('Re-run a trace file').first().waitFor({ timeout: 60_000 });
  const sidebar = workbench.page.locator('.part.sidebar');
  for (const part of ['.pane-header .title', '.welcome-view-content']) {
    for (const one of await sidebar.locator(`${part}:visible`).all()) assert.deepEqual(await english(one), []);
  }
  await command('Show flip rates');
  const flips = await workbench.frame('counterthought.flips', 60_000);
  await flips.locator('.empty h2').waitFor();
  await workbench.screenshot('language-empty');
  assert.deepEqual(await english(flips.locator('body')), []);
});

test('the flip rates of a run, and the trees', async () => {
  const records = fs.readFileSync(path.join(projectRoot, 'samples/loans-mixed.jsonl'), 'utf8').split('\n');
  fs.writeFileSync(path.join(workspace, file), `${records.slice(0, examples).join('\n')}\n`);
  const swap = ['--swap', 'nationality=American:Canadian', '--conditions', 'frozen,half-truncated', '--noise', '2'];
  const { code, stderr } = await runCli(['run', path.join(workspace, file), ...swap], workspace);
  assert.equal(code, 0, stderr);
  await workbench.open();
  await command('Show flip rates');
  const flips = await workbench.frame('counterthought.flips', 60_000);
  await flips.locator('.rates .selected').waitFor({ timeout: 30_000 });
  await flips.locator('.row .answers').first().waitFor();
  await workbench.screenshot('language-flips');
  assert.deepEqual(await english(flips.locator('body'), '.row .title, .caveats, .caveat-mark'), []);
  await workbench.runCommand('View: Show Counterthought');
  const run = workbench.page.locator('.part.sidebar .monaco-list-row', { hasText: 'loans.jsonl ·' }).first();
  await run.waitFor();
  assert.deepEqual(await english(run, '.actions'), []);
});

test('the diff of an example', async () => {
  const flips = await workbench.frame('counterthought.flips');
  await flips.locator('.row').first().click();
  const diff = await workbench.frame('counterthought.diff');
  await diff.locator('.headline .answer').first().waitFor();
  await workbench.screenshot('language-diff');
  assert.deepEqual(await english(diff.locator('body'), '.model-text, h1, .message .role, [aria-live]'), []);
});

test('a file opened as traces', async () => {
  await workbench.runCommand('View: Show Explorer');
  await workbench.rightClick(file, pseudo('Open as traces'));
  const traces = await workbench.frame('counterthought.traces', 60_000);
  await traces.locator('.reading .steps').waitFor();
  await workbench.screenshot('language-traces');
  assert.deepEqual(
    await english(traces.locator('body'), '.model-text, .steps, .row .title, .role, .fields dt, .fields dd, optgroup'),
    [],
  );
});

test('the questions before a run', async () => {
  await workbench.rightClick(file, pseudo('Re-run from here'));
  await workbench
    .quickPickRows()
    .filter({ hasText: pseudo('Model') })
    .first()
    .waitFor({ timeout: 60_000 });
  await workbench.screenshot('language-picker');
  for (const part of ['.label-name', '.label-description', '.quick-input-list-entry-detail']) {
    for (const one of await workbench.quickPickRows().locator(`${part}:visible`).all())
      assert.deepEqual(await english(one), []);
  }
  await workbench.page.keyboard.press('Escape');
});

test('the commands, and the settings', async () => {
  await workbench.page.keyboard.press('F1');
  const input = workbench.page.locator('.quick-input-widget input').first();
  await input.fill('>Counterthought: ');
  await workbench.quickPickRows().filter({ hasText: 'Counterthought: ' }).nth(5).waitFor();
  // The second line of a row is what the command is called in English: VS Code finds it by that, too.
  const own = workbench.quickPickRows().locator('.quick-input-list-row:first-child .label-name:visible');
  const titles = await own.allInnerTexts();
  assert.ok(titles.length > 5);
  assert.deepEqual(
    titles.filter((title) => /[A-Za-z]{3,}/.test(title.replace('Counterthought: ', ''))),
    [],
  );
  await workbench.page.keyboard.press('Escape');
});
