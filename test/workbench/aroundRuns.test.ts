// What a person does around recorded runs in the real VS Code: groups, figures with their numbers, definitions, two runs compared.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import type { Frame } from 'playwright-core';
import { runCli } from '../support/cli';
import { eventuallyEqual } from '../support/eventually';
import { projectRoot } from '../support/paths';
import { openWorkbench, type Workbench } from '../support/workbench';
import { seriousViolations } from './accessibility';
import { checkThemes, pictureThemes, setTheme, themes } from './themes';

const examples = 60;

let workspace: string;
let workbench: Workbench;
let flips: Frame;

const swap = ['--swap', 'nationality=American:Canadian'];

async function record(...args: readonly string[]): Promise<void> {
  const { code, stderr } = await runCli(['run', path.join(workspace, 'loans.jsonl'), ...swap, ...args], workspace);
  assert.equal(code, 0, stderr);
}

before(async () => {
  workspace = fs.mkdtempSync(path.join(os.tmpdir(), 'counterthought-around-'));
  const records = fs.readFileSync(path.join(projectRoot, 'samples/loans-mixed.jsonl'), 'utf8').split('\n');
  fs.writeFileSync(path.join(workspace, 'loans.jsonl'), `${records.slice(0, examples).join('\n')}\n`);
  await record('--conditions', 'frozen,half-truncated', '--noise', '6');
  const curve = ['0', '0.25', '0.5', '1'].map((share) => `keep=${share}:closed`).join(',');
  await record('--conditions', `frozen,half-truncated,${curve}`, '--noise', '6');
  setTheme(workspace, themes.dark);
  workbench = await openWorkbench({ workspace, size: { width: 1440, height: 900 } });
  await workbench.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await workbench.runCommand('Counterthought: Show flip rates');
  flips = await workbench.frame('counterthought.flips', 60_000);
  await flips.locator('.rates .selected').waitFor();
});

after(async () => {
  await workbench?.dispose();
  fs.rmSync(workspace, { recursive: true, force: true, maxRetries: 10 });
});

const press = (key: string): Promise<void> => workbench.page.keyboard.press(key);
const view = (name: string) => flips.locator('.segments').getByRole('button', { name, exact: true });

test('a heading says by Enter what its number is, Escape gives the focus back', async () => {
  const heading = flips.locator('.rates [data-column="interval"]');
  await heading.focus();
  await press('Enter');
  const definition = flips.locator('.definition');
  await definition.getByText('Source:').waitFor();
  await eventuallyEqual(() => definition.evaluate((element) => element === document.activeElement), true);
  await workbench.screenshot('definition');
  assert.deepEqual(await seriousViolations(flips), []);
  await press('Escape');
  await definition.waitFor({ state: 'detached' });
  await eventuallyEqual(() => heading.evaluate((element) => element === document.activeElement), true);
});

test('a count opens the examples behind it', async () => {
  const row = flips.locator('vscode-data-grid-row.swapped', {
    has: flips.getByText('half-truncated', { exact: true }),
  });
  const kept = row.locator('[data-show="kept"]');
  const count = (await kept.innerText()).trim();
  await kept.click();
  const pressed = flips.locator('.filters .choice[aria-pressed="true"]');
  await pressed.filter({ hasText: 'Kept' }).waitFor();
  await eventuallyEqual(async () => (await pressed.locator('.tally').innerText()).trim(), count);
});

test('the examples are grouped by what they recorded; a group’s row lists its own', async () => {
  await flips.getByRole('combobox', { name: 'Group by' }).selectOption({ label: 'By recorded answer' });
  const groups = flips.locator('.rates .value-group');
  await groups.nth(1).waitFor();
  const sizes = (await groups.allInnerTexts()).map((text) => Number(/· (\d+) example/.exec(text)?.[1]));
  assert.equal(
    sizes.reduce((sum, size) => sum + size, 0),
    examples,
  );
  const row = flips.locator('.rates [data-group="reject"].swapped').first();
  await row.locator('vscode-data-grid-cell').first().click();
  await flips.locator('.filters .choice', { hasText: 'All' }).click();
  await flips.locator('.rows .row').first().waitFor();
  const answers = await flips.locator('.rows .answers').allInnerTexts();
  assert.ok(answers.length > 3 && answers.every((text) => text.startsWith('reject')), answers.join());
  await workbench.screenshot('groups');
  assert.deepEqual(await seriousViolations(flips), []);
  await flips.getByRole('combobox', { name: 'Group by' }).selectOption({ label: 'All examples' });
  await groups.first().waitFor({ state: 'detached' });
});

test('the curve is drawn, has its numbers, and can be taken along', async () => {
  await view('Curve').click();
  await flips.locator('.figure svg.dose-response').waitFor();
  await flips.locator('.figure-numbers summary').click();
  await flips.locator('.figure-numbers tbody tr').nth(3).waitFor();
  await flips.getByRole('button', { name: 'Copy CSV' }).click();
  await workbench.page.locator('.statusbar-item', { hasText: 'Copied: CSV' }).waitFor();
  const copied = await workbench.page.evaluate(() => navigator.clipboard.readText());
  assert.match(copied, /^curve,close,readout,prompt_edit,keep,kept_rate/);
  await workbench.screenshot('curve');
  assert.deepEqual(await seriousViolations(flips), []);
});

test('a figure is saved as PDF where the person says', async () => {
  await flips.getByRole('button', { name: 'Save PDF…' }).click();
  const input = workbench.page.locator('.quick-input-widget input');
  await input.waitFor();
  const file = path.join(workspace, 'curve.pdf');
  // The dialog writes its suggestion into the box some moments after it is there, over what was typed before.
  for (let tries = 0; tries < 50 && !(await input.inputValue()).endsWith('.pdf'); tries += 1) {
    await workbench.page.waitForTimeout(100);
  }
  await input.fill(file);
  await press('Enter');
  await workbench.page.locator('.notification-list-item-message', { hasText: 'curve.pdf' }).waitFor();
  assert.equal(fs.readFileSync(file).subarray(0, 5).toString(), '%PDF-');
});

test('two runs are compared side by side, paired on their examples', async () => {
  await view('Compare').click();
  const rows = flips.locator('.report-table tbody tr');
  await rows.first().waitFor();
  await eventuallyEqual(() => rows.count(), 4);
  for (const row of await rows.all())
    await eventuallyEqual(async () => (await row.locator('td').nth(4).innerText()).trim(), String(examples));
  await workbench.screenshot('compare');
  assert.deepEqual(await seriousViolations(flips), []);
  await checkThemes({ workspace, workbench, name: 'compare' }, flips);
  await view('Table').click();
});

test('light and high contrast look native too', async () => {
  await view('Curve').click();
  for (const [name, theme] of [
    ['light', themes.light],
    ['contrast', themes.contrast],
  ] as const) {
    setTheme(workspace, theme);
    await flips.locator(`body[data-vscode-theme-id="${theme}"]`).waitFor();
    await workbench.screenshot(`curve-${name}`);
    assert.deepEqual(await seriousViolations(flips), [], name);
  }
  setTheme(workspace, themes.dark);
  await view('Table').click();
});

const treeRow = (text: string | RegExp) => workbench.page.locator('.pane-body .monaco-list-row', { hasText: text });
const inputBox = () => workbench.page.locator('.quick-input-widget input').first();
const runFolders = (): readonly string[] => fs.readdirSync(path.join(workspace, '.counterthought/runs'));

async function chooseFirstRun(command: string): Promise<void> {
  await workbench.runCommand(`Counterthought: ${command}`);
  await workbench.page.getByPlaceholder('Which run?').waitFor();
  await workbench
    .quickPickRows()
    .filter({ hasText: 'loans.jsonl' })
    .or(workbench.quickPickRows().filter({ hasText: '#' }))
    .first()
    .waitFor();
  await press('Enter');
}

test('the activity bar lists runs and trace files; a run is named and tagged by keyboard', async () => {
  await workbench.page.locator('.activitybar').getByRole('tab', { name: 'Counterthought' }).click();
  await treeRow('60 examples').nth(1).waitFor();
  await treeRow('loans.jsonl').first().waitFor();
  await chooseFirstRun('Rename a run');
  await workbench.page.getByText('Name of the run; empty', { exact: false }).waitFor();
  await inputBox().fill('with the curve');
  await press('Enter');
  await treeRow('with the curve').waitFor();
  await chooseFirstRun('Tag a run');
  await workbench.page.getByText('Tags, with commas between', { exact: false }).waitFor();
  await inputBox().fill('paper, seed 1, paper');
  await press('Enter');
  await treeRow('#paper · #seed 1').waitFor();
  await flips.locator('vscode-option', { hasText: 'with the curve #paper' }).waitFor({ state: 'attached' });
  await workbench.screenshot('tree');
  await pictureThemes({ workspace, workbench, name: 'tree' });
});

type Fact = {
  readonly type: string;
  readonly id: string;
  readonly label: string;
  readonly target: { readonly example: string };
};

const annotationFolder = (): string => path.join(workspace, '.counterthought/annotations');

function facts(): readonly Fact[] {
  const files = fs.readdirSync(annotationFolder()).map((name) => path.join(annotationFolder(), name));
  return files.flatMap((file) => fs.readFileSync(file, 'utf8').trim().split('\n')).map((line) => JSON.parse(line));
}

test('fifty examples are annotated blind with fifty times two keys', async () => {
  await chooseFirstRun('Review examples');
  for (const question of ['Examples under which condition?', 'Which examples?']) {
    await workbench.page.getByPlaceholder(question).waitFor();
    await press('Enter');
  }
  await workbench.page.getByPlaceholder('How are they shown?').waitFor();
  await press('ArrowDown');
  await press('Enter');
  const diff = await workbench.frame('counterthought.diff');
  await diff.getByText('blind, 1 of 50 to review').waitFor();
  await diff.locator('.panes.blind .pane').nth(1).waitFor();
  assert.equal(await diff.locator('.tabs, .headline, del, ins').count(), 0, 'nothing tells the sides apart');
  assert.deepEqual(await seriousViolations(diff), []);
  await workbench.screenshot('blind');
  await checkThemes({ workspace, workbench, name: 'blind' }, diff);
  await diff.locator('.diff-where').click();
  for (let done = 1; done <= 50; done += 1) {
    // The same label twice in a row, too: it must not count as taken back.
    await press(done % 3 === 0 ? '1' : '2');
    await press('n');
    if (done < 50) await diff.getByText(`blind, ${done + 1} of 50 to review`).waitFor();
  }
  await diff.getByText('The queue ends here.').waitFor({ state: 'attached' });
  for (let tries = 0; tries < 100 && facts().length < 50; tries += 1) await workbench.page.waitForTimeout(100);
  assert.equal(facts().length, 50);
  assert.equal(new Set(facts().map(({ target }) => target.example)).size, 50);
});

test('annotators’ agreement stands with the labels; the last annotation is undone by u', async () => {
  const others = facts().map((fact, at) => ({
    ...fact,
    id: `zoe-${at}`,
    author: 'zoe',
    label: at < 40 ? fact.label : 'unclear',
  }));
  const lines = others.map((fact) => `${JSON.stringify(fact)}\n`);
  fs.writeFileSync(path.join(annotationFolder(), 'zoe.jsonl'), lines.join(''));
  await press('u');
  const diff = await workbench.frame('counterthought.diff');
  await diff.getByText('The last annotation was undone').waitFor({ state: 'attached' });
  assert.equal(facts().filter(({ type }) => type === 'retracted').length, 1);
  await workbench.page.locator('.pane-header', { hasText: 'Annotations' }).click();
  await treeRow('zoe agree')
    .filter({ hasText: /κ 0\.\d\d \[0\.\d\d, 0\.\d\d\], 82% of 49 alike/ })
    .waitFor();
  await treeRow('unclear').waitFor();
  await workbench.screenshot('annotations');
});

test('the samples are copied into the folder and opened as traces', async () => {
  await workbench.runCommand('Counterthought: Open the samples');
  const traces = await workbench.frame('counterthought.traces');
  await traces.locator('.row').first().waitFor();
  const [own, shipped] = [workspace, path.join(projectRoot, 'samples')].map((dir) =>
    path.join(dir, 'loans-mixed.jsonl'),
  );
  assert.deepEqual(fs.readFileSync(own!), fs.readFileSync(shipped!));
});

test('the walkthrough is found and its first step does what it says', async () => {
  await workbench.runCommand('Welcome: Open Walkthrough...');
  await workbench.quickPickRows().filter({ hasText: 'Does the answer follow from the reasoning?' }).click();
  await workbench.page.locator('.getting-started-step', { hasText: 'Open reasoning traces' }).waitFor();
  await workbench.screenshot('walkthrough');
  await workbench.runCommand('View: Close All Editors');
});

test('a run’s spec opens as a file to edit, save and run again', async () => {
  await treeRow('with the curve').hover();
  await treeRow('with the curve').getByRole('button', { name: "Open a run's spec" }).click();
  await workbench.page.locator('.tab', { hasText: '.cot.json' }).waitFor();
  await workbench.page.locator('.view-line', { hasText: '"conditions"' }).first().waitFor();
  await workbench.runCommand('View: Revert and Close Editor');
  const [folder = ''] = runFolders();
  const spec = JSON.parse(
    fs.readFileSync(path.join(workspace, '.counterthought/runs', folder, 'spec.cot.json'), 'utf8'),
  );
  fs.writeFileSync(path.join(workspace, 'again.cot.json'), JSON.stringify({ ...spec, limit: 3 }));
  await workbench.openFile('again.cot.json');
  await workbench.runCommand('Counterthought: Run this spec');
  await treeRow('3 examples').waitFor({ timeout: 60_000 });
  assert.equal(runFolders().length, 3);
});

test('a run that is deleted while it is shown leaves a calm sentence', async () => {
  await workbench.runCommand('Counterthought: Show flip rates');
  flips = await workbench.frame('counterthought.flips');
  await flips.locator('.facts', { hasText: '3 examples' }).waitFor();
  await chooseFirstRun('Delete a run');
  const dialog = workbench.page.locator('.monaco-dialog-box');
  await dialog.getByRole('button', { name: 'Move to Trash' }).click();
  await dialog.getByRole('button', { name: 'Delete Permanently' }).click();
  await flips.getByText('This run was deleted.').waitFor();
  assert.equal(runFolders().length, 2);
  await workbench.screenshot('deleted');
  assert.deepEqual(await seriousViolations(flips), []);
});

test('the pages broke no rule of their policy', () => {
  assert.deepEqual(workbench.webviewErrors, []);
});
