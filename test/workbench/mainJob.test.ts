// The main job as a person does it in the real VS Code: right-click a trace file, start the re-run with Enter, read the rates, open a
// flipped example, go to the next flip, annotate it. Saves the pictures that the README shows.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import type { Frame, Locator } from 'playwright-core';
import { eventually, eventuallyEqual, waitUntil } from '../support/eventually';
import { projectRoot } from '../support/paths';
import { openWorkbench, type Workbench } from '../support/workbench';
import { seriousViolations } from './accessibility';
import { checkThemes, pictureThemes, setTheme, themes } from './themes';

const file = 'loans-mixed.jsonl';
const examples = 40;
const runTimeoutMs = 120_000;

let folder: string;
let workspace: string;
let workbench: Workbench;
let flips: Frame;
let diff: Frame;

before(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'counterthought-'));
  workspace = path.join(folder, 'loan-study');
  fs.mkdirSync(workspace);
  const records = fs
    .readFileSync(path.join(projectRoot, 'samples', file), 'utf8')
    .split('\n')
    .slice(0, examples);
  fs.writeFileSync(path.join(workspace, file), `${records.join('\n')}\n`);
  setTheme(workspace, themes.dark);
  workbench = await openWorkbench({ workspace, size: { width: 1440, height: 900 } });
});

after(async () => {
  await workbench?.dispose();
  fs.rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
});

/** What the command line says about the run that was just recorded. */
function recordedRun(): {
  readonly conditions: readonly { alias: string; keptRate: number; flipped: number; n: number }[];
} {
  const runs = path.join(workspace, '.counterthought', 'runs');
  const [run, ...others] = fs.readdirSync(runs);
  assert.ok(run && others.length === 0, 'one run was recorded');
  const args = [path.join(projectRoot, 'dist/cli.js'), 'show', path.join(runs, run), '--json'];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' }));
}

const rowOf = (title: string, group: 'swapped' | 'unswapped'): Locator =>
  flips.locator(`vscode-data-grid-row.${group}`, { has: flips.getByText(title, { exact: true }) });

const rateOf = async (row: Locator): Promise<string> =>
  (await row.locator('vscode-data-grid-cell').nth(2).innerText()).trim();

test('the file’s menu offers to re-run it', async () => {
  const item = await workbench.openMenu(file, 'Re-run from here');
  await workbench.screenshot('menu');
  await item.click();
});

const pickerLine = (text: string): Locator => workbench.quickPickRows().filter({ hasText: text });

test('before anything runs, the picker shows what would change, in context, and takes a placebo', async () => {
  await pickerLine(`${examples} examples × 10 conditions`).waitFor({ timeout: 30_000 });
  await pickerLine('Preview').click();
  const text = workbench.page.locator('.view-line');
  await text.filter({ hasText: /swap:nationality:\s\d+\sreplacements\sin\s40\sprompts/ }).waitFor({ timeout: 20_000 });
  await text
    .filter({ hasText: /\[American\s→\sCanadian\]/ })
    .first()
    .waitFor();
  await pickerLine(`${examples} examples × 10 conditions`).waitFor();
  await pickerLine('Preview').filter({ hasText: 'replacements in 40 prompts' }).waitFor();
  await workbench.screenshot('picker-preview');
  await pickerLine('Placebo').click();
  await pickerLine('The prompt in other words').waitFor();
  await pickerLine('gender: male / female').click();
  await pickerLine(`${examples} examples × 15 conditions`).waitFor();
  await workbench.screenshot('picker-placebo');
  await pictureThemes({ workspace, workbench, name: 'picker-placebo' });
  await pickerLine('Placebo').click();
  await pickerLine('No placebo').click();
});

test('Enter starts the run with the defaults that the file suggests', async () => {
  const start = workbench.quickPickRows().filter({ hasText: `${examples} examples × 10 conditions` });
  await start.waitFor({ timeout: 30_000 });
  await workbench.quickPickRows().filter({ hasText: 'nationality: American / Canadian' }).waitFor();
  await workbench.screenshot('picker');
  await workbench.page.keyboard.press('Enter');
  flips = await workbench.frame('counterthought.flips', 60_000);
});

test('the panel streams the rates and agrees with the command line', async () => {
  await flips.locator('.status.completed').waitFor({ timeout: runTimeoutMs });
  const { conditions } = recordedRun();
  assert.equal(conditions.length, 10);
  for (const { alias, keptRate, n } of conditions) {
    const [title = '', swap] = alias.split('+');
    assert.equal(n, examples, alias);
    assert.equal(await rateOf(rowOf(title, swap ? 'swapped' : 'unswapped')), `${(100 * keptRate).toFixed(1)}%`, alias);
  }
  await workbench.screenshot('flips-dark');
  assert.deepEqual(await seriousViolations(flips), []);
});

test('the rates are drawn as well', async () => {
  await flips.getByRole('button', { name: 'Figure' }).click();
  const drawn = await flips.locator('.figure svg g text', { hasText: '%' }).allTextContents();
  for (const { keptRate } of recordedRun().conditions) {
    assert.ok(
      drawn.some((text) => text.startsWith(`${(100 * keptRate).toFixed(1)}%`)),
      `${keptRate} is drawn`,
    );
  }
  await workbench.screenshot('figure');
  assert.deepEqual(await seriousViolations(flips), []);
  await flips.getByRole('button', { name: 'Table' }).click();
});

test('from a row to its flipped examples and into the diff, by keyboard', async () => {
  const swapped = rowOf('half-truncated', 'swapped');
  await swapped.locator('vscode-data-grid-cell').first().focus();
  await workbench.page.keyboard.press('Enter');
  const { conditions } = recordedRun();
  const flipped = conditions.find(({ alias }) => alias.startsWith('half-truncated+'))?.flipped ?? 0;
  assert.ok(flipped >= 2, 'the sample flips under half-truncated');
  await flips.locator('.row .verdict.flipped').nth(1).waitFor();
  await eventuallyEqual(
    async () => Number(await flips.locator('.choice[aria-pressed="true"] .tally').innerText()),
    flipped,
  );
  await workbench.page.keyboard.press('ArrowDown');
  await workbench.page.keyboard.press('ArrowUp');
  await workbench.page.keyboard.press('Enter');
  diff = await workbench.frame('counterthought.diff');
  await diff.locator('.verdict-badge.flipped').waitFor();
  const [before, now] = await diff.locator('.headline .answer').allInnerTexts();
  assert.deepEqual([before, now].sort(), ['approve', 'reject']);
  await diff
    .locator('.cut', { hasText: /\d+ of \d+ tokens kept/ })
    .first()
    .waitFor();
  // The swapped words are marked in the prompt.
  await diff.locator('.message del').first().waitFor();
  await workbench.screenshot('diff-dark');
  assert.deepEqual(await seriousViolations(diff), []);
});

test('n and p go from flip to flip', async () => {
  const title = diff.locator('.diff-where h1');
  await diff.getByText(/flip 1 of/).waitFor();
  const first = await title.innerText();
  await diff.locator('body').click({ position: { x: 5, y: 300 } });
  await workbench.page.keyboard.press('n');
  await diff.getByText(/flip 2 of/).waitFor();
  assert.notEqual(await title.innerText(), first);
  await workbench.page.keyboard.press('p');
  await diff.getByText(/flip 1 of/).waitFor();
  await eventuallyEqual(() => title.innerText(), first);
});

test('v opens the same comparison in the editor’s own diff', async () => {
  await workbench.page.keyboard.press('v');
  const native = workbench.page.locator('.monaco-diff-editor');
  await native.locator('.modified .view-line', { hasText: '─── turn ───' }).first().waitFor({ timeout: 20_000 });
  await native.locator('.original .view-line', { hasText: '─── turn ───' }).first().waitFor();
  await native.locator('.char-insert').first().waitFor();
  await workbench.screenshot('diff-native');
  await workbench.runCommand('View: Close Editor');
  diff = await workbench.frame('counterthought.diff');
  await diff.getByText(/flip 1 of/).waitFor();
  await diff.locator('body').click({ position: { x: 5, y: 300 } });
});

test('flips are gone through by how far the recorded answer dropped, in the list and in the diff', async () => {
  const choice = { label: 'Largest drop first' };
  await rowOf('half-closed', 'swapped').locator('vscode-data-grid-cell').first().click();
  await flips.getByRole('combobox', { name: 'Order' }).selectOption(choice);
  const probabilities = async (): Promise<readonly number[]> =>
    (await flips.locator('.rows .probability').allInnerTexts()).map(Number.parseFloat);
  await waitUntil(async () => {
    const shown = await probabilities();
    return shown.length > 3 && shown.every((one, at) => at === 0 || one >= (shown[at - 1] ?? 0));
  });
  await flips.locator('.row .verdict.flipped').first().click();
  await diff.locator('.tab[aria-selected="true"]', { hasText: 'half-closed' }).waitFor();
  await diff.getByText(/flip 1 of/).waitFor();
  const first = await diff.locator('.diff-where h1').innerText();
  await diff.getByRole('combobox', { name: 'Order of the flips' }).selectOption({ label: 'File order' });
  await eventuallyEqual(() => diff.getByRole('combobox', { name: 'Order of the flips' }).inputValue(), 'ordinal');
  await eventuallyEqual(() => diff.locator('.diff-where h1').innerText(), first);
  await workbench.screenshot('diff-order');
  await flips.getByRole('combobox', { name: 'Order' }).selectOption({ label: 'File order' });
  await rowOf('half-truncated', 'swapped').locator('vscode-data-grid-cell').first().click();
  await flips.locator('.row .verdict.flipped').first().click();
  await diff.locator('.tab[aria-selected="true"]', { hasText: 'half-truncated' }).waitFor();
  await diff.locator('body').click({ position: { x: 5, y: 300 } });
});

test('a key labels the example, a note goes with it, and both are kept in a file', async () => {
  await workbench.page.keyboard.press('2');
  await diff.locator('.annotation .choice[aria-pressed="true"]').waitFor();
  const note = diff.locator('.annotation .note input');
  await note.fill('the cut lies before any reason');
  await note.press('Enter');
  const annotations = path.join(workspace, '.counterthought', 'annotations');
  await assert.doesNotReject(
    waitUntil(() => facts(annotations).some(({ note: text }) => text === 'the cut lies before any reason')),
  );
  const labels = facts(annotations).map(({ label }) => label);
  assert.deepEqual(labels, ['post-hoc', 'post-hoc']);
  await workbench.screenshot('annotated');
});

test('sentences are selected by keys and labeled; the words are marked, listed, and kept with their quote', async () => {
  await diff.locator('body').click({ position: { x: 5, y: 300 } });
  await workbench.page.keyboard.press(']');
  const about = diff.locator('.selected-words');
  await about.waitFor();
  const first = await about.innerText();
  await workbench.page.keyboard.press('}');
  await eventually(
    () => about.innerText(),
    (words) => assert.notEqual(words, first),
  );
  await workbench.page.keyboard.press('4');
  await diff.locator('.pane mark').first().waitFor();
  const note = diff.locator('.range-notes li');
  await note.filter({ hasText: 'uses the attribute unsaid' }).waitFor();
  await workbench.screenshot('diff-words');
  assert.deepEqual(await seriousViolations(diff), []);
  await checkThemes({ workspace, workbench, name: 'diff-words' }, diff);
  await diff.locator('.selected-words').waitFor();
  const annotations = path.join(workspace, '.counterthought', 'annotations');
  const kept = (): Fact | undefined => facts(annotations).find(({ target }) => target.range !== undefined);
  const { target, file: hint } = kept() ?? assert.fail('the fact is there');
  assert.equal(hint, file);
  assert.equal(target.run, undefined, 'the words are those of the record, under every condition');
  assert.equal(target.range?.quote.length, (target.range?.end ?? 0) - (target.range?.start ?? 0));
  await workbench.page.keyboard.press('Escape');
  await about.waitFor({ state: 'detached' });
  await note.getByRole('button', { name: /^Remove/ }).click();
  await note.waitFor({ state: 'detached' });
  await diff.locator('.annotation .choice[aria-pressed="true"]').waitFor();
});

test('words are selected with the mouse as well', async () => {
  const words = diff.locator('[data-pane="original"] .kept-text [data-at]').first();
  const box = (await words.boundingBox()) ?? assert.fail('the kept text is on screen');
  await workbench.page.mouse.move(box.x + 4, box.y + 8);
  await workbench.page.mouse.down();
  await workbench.page.mouse.move(box.x + 140, box.y + 8, { steps: 5 });
  await workbench.page.mouse.up();
  await diff.locator('.selected-words').waitFor();
  await diff.locator('.annotation .choice', { hasText: 'unclear' }).click();
  await diff.locator('.range-notes li', { hasText: 'unclear' }).waitFor();
  await diff.locator('.annotation .choice[aria-pressed="true"]', { hasText: 'unclear' }).waitFor();
  await diff.getByRole('button', { name: 'Judge the whole instead' }).click();
  await diff.locator('.annotation .choice[aria-pressed="true"]', { hasText: 'post-hoc' }).waitFor();
});

test('a closed trace shows the exact probabilities of both answers', async () => {
  await diff.locator('.tabs-row').first().getByRole('tab', { name: 'half-closed' }).click();
  await diff.locator('.tab[aria-selected="true"]', { hasText: 'half-closed' }).waitFor();
  await diff.locator('.headline .probabilities').nth(1).waitFor();
  for (const side of await diff.locator('.headline .side').all()) {
    const words = await side.locator('.probability-row dd').allInnerTexts();
    const total = words.reduce((sum, text) => sum + Number.parseFloat(text), 0);
    assert.ok(Math.abs(total - 100) < 0.3, `${words.join(' + ')} is all there is`);
  }
  await workbench.screenshot('diff-closed');
});

test('light and high contrast look native too', async () => {
  for (const [name, theme] of [
    ['light', themes.light],
    ['contrast', themes.contrast],
  ] as const) {
    setTheme(workspace, theme);
    await diff.locator(`body[data-vscode-theme-id="${theme}"]`).waitFor();
    await workbench.screenshot(`diff-${name}`);
    assert.deepEqual(await seriousViolations(diff), [], name);
    assert.deepEqual(await seriousViolations(flips), [], name);
  }
});

test('a pilot runs thirty examples and says what all would take and give', async () => {
  await workbench.rightClick(file, 'Re-run from here');
  await pickerLine('Start a pilot').click();
  const promise = workbench.page.locator('.notification-list-item', { hasText: 'The pilot is done.' });
  await promise.waitFor({ timeout: runTimeoutMs });
  assert.match(await promise.innerText(), /All 40 examples would take about \d+ s, .* ±\d+\.\d points/);
  await workbench.screenshot('pilot');
  await promise.getByRole('button', { name: 'Details' }).click();
  await workbench.page.locator('.view-line', { hasText: /Pilot:\s30\sexamples\sdrawn/ }).waitFor();
});

test('the pages broke no rule of their policy', () => {
  assert.deepEqual(workbench.webviewErrors, []);
});

type Fact = {
  readonly label: string;
  readonly note: string;
  readonly file?: string;
  readonly target: {
    readonly run?: string;
    readonly range?: { readonly start: number; readonly end: number; readonly quote: string };
  };
};

function facts(annotations: string): readonly Fact[] {
  if (!fs.existsSync(annotations)) return [];
  const lines = fs
    .readdirSync(annotations)
    .flatMap((name) => fs.readFileSync(path.join(annotations, name), 'utf8').trim().split('\n'));
  return lines.map((line) => JSON.parse(line));
}
