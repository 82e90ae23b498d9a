// The readable trace as a person uses it in the real VS Code: opened from the explorer, its two decision curves in the margin, the outline and
// the way back to the record; re-run from a step by mouse and from the cursor by keyboard; edited copies whose probability follows the keys.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import type { Locator } from 'playwright-core';
import { eventually, eventuallyEqual } from '../support/eventually';
import { projectRoot } from '../support/paths';
import { openWorkbench, type Workbench } from '../support/workbench';
import { pictureThemes, setTheme, themes } from './themes';

const file = 'loans-mixed.jsonl';
/** Its answer is the prompt's until this step of the trace takes over. */
const chosen = 44;
const decisive = 'So far the file points to a no from me.';
/** Its last step decides alone, so that its words are what the probability hangs on. */
const edited = 4;
const verdict = 'Overall, I would reject this loan.';

let folder: string;
let workspace: string;
let workbench: Workbench;

before(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'counterthought-trace-'));
  workspace = path.join(folder, 'loan-study');
  fs.mkdirSync(workspace);
  fs.copyFileSync(path.join(projectRoot, 'samples', file), path.join(workspace, file));
  fs.writeFileSync(path.join(workspace, 'hostile.jsonl'), `${hostileRecords().join('\n')}\n`);
  setTheme(workspace, themes.dark);
  workbench = await openWorkbench({ workspace, size: { width: 1440, height: 900 } });
});

after(async () => {
  await workbench?.dispose();
  fs.rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
});

/** Terminal codes, markup, right-to-left and ideographic text; a very long trace. */
function hostileRecords(): readonly string[] {
  const traces = [
    '\u001b[31mRed\u001b[0m\u0000 <script>alert(1)</script> ![x](y). זה נכון. これは一つ。 [link](command:x)',
    'One more thing is considered here. '.repeat(6000),
  ];
  return traces.map((trace, i) =>
    JSON.stringify({
      model: 'somebody/else-7b',
      messages: [
        { role: 'user', content: `Question ${i}\r\nA) yes B) no` },
        { role: 'assistant', content: `<think>\n${trace}\n</think>\n\nThe answer is ${i % 2 ? 'A' : 'B'}.` },
      ],
    }),
  );
}

const line = (text: string | RegExp) => workbench.page.locator('.view-line:visible', { hasText: text });
const lens = (text: string | RegExp) => workbench.page.locator('.codelens-decoration a:visible', { hasText: text });
const press = (key: string): Promise<void> => workbench.page.keyboard.press(key);
/** Waits for a mark that the editor draws behind a text; marks are no text of their own. */
async function marked(words: string): Promise<void> {
  const isDrawn = (wanted: string): boolean =>
    [...document.querySelectorAll('.view-line span')].some((element) =>
      getComputedStyle(element, '::after').content.includes(wanted),
    );
  await workbench.page.waitForFunction(isDrawn, words, { timeout: 30_000 });
}

const settle = (): Promise<void> => workbench.page.waitForTimeout(600);

/** Again as long as it has not happened: the workbench swallows a click or a key while it is still busy, and a person would repeat it. */
async function until(shown: Locator, act: () => Promise<void>): Promise<void> {
  for (let tries = 3; tries > 1; tries -= 1) {
    await act();
    const happened = await shown.waitFor({ timeout: 10_000 }).then(
      () => true,
      () => false,
    );
    if (happened) return;
  }
  await act();
  await shown.waitFor({ timeout: 20_000 });
}

const quickRow = (text: string | RegExp) => workbench.quickPickRows().filter({ hasText: text });

async function openExample(name: string, number: number): Promise<void> {
  const input = workbench.page.locator('.quick-input-widget input[placeholder^="Which"]');
  await until(input, () => workbench.rightClick(name, 'Read one trace'));
  await input.fill(String(number));
  const label = workbench.page.locator('.label-name').getByText(String(number), { exact: true });
  await workbench.quickPickRows().filter({ has: label }).first().click();
}

test('the file’s menu opens an example as text, and its two curves stream into the margin', async () => {
  await openExample(file, chosen);
  await line('─── reasoning ───').waitFor({ timeout: 30_000 });
  await line(/●\s\d.*%\s+◆\s\d.*%/)
    .nth(8)
    .waitFor({ timeout: 30_000 });
  await marked('● decided by the prompt alone');
  await marked('◆ decided here');
  await lens(/Probability of “(approve|reject)” after each step/).waitFor();
  await settle();
  await workbench.screenshot('trace-dark');
});

test('the numbers, their gap and their counts are a hover away, by keyboard too', async () => {
  await line(decisive).click();
  await press('Control+K');
  await press('Control+I');
  const hover = workbench.page.locator('.monaco-hover', { hasText: 'If it had to answer after step' });
  await hover.waitFor({ timeout: 10_000 });
  const words = (await hover.innerText()).replace(/\s+/g, ' ');
  assert.match(words, /Gap: -?[\d.]+ points/);
  assert.match(words, /\d+ of \d+ tokens of the reasoning kept/);
  assert.match(words, /no sampling error/);
  await workbench.screenshot('trace-hover');
  await press('Escape');
});

test('the outline lists messages and steps, and the first line leads back to the record', async () => {
  await press('Control+Shift+O');
  await workbench.quickPickRows().filter({ hasText: 'reasoning' }).first().waitFor({ timeout: 15_000 });
  await workbench.page.keyboard.type('answer');
  await workbench.quickPickRows().filter({ hasText: 'answer' }).first().waitFor();
  await press('Escape');
  const place = workbench.page.locator('.statusbar-item', { hasText: `Ln ${chosen}` });
  await until(place, async () => {
    await press('Control+Home');
    await workbench.runCommand('Open Link');
  });
});

test('a record that is open as text offers to read its trace and to re-run it', async () => {
  await lens(`Example ${chosen}: read the trace`).waitFor({ timeout: 15_000 });
  await lens('Re-run from here').first().waitFor();
  await workbench.screenshot('record-lenses');
  await lens(`Example ${chosen}: read the trace`).click();
  await line('─── reasoning ───').waitFor();
});

test('a lens re-runs from its step: a peek streams what is written, the trace shows the exact cut', async () => {
  await line(decisive).click();
  await until(lens('annotate'), async () => line(decisive).click());
  await eventuallyEqual(() => lens('Re-run from here').count(), 1);
  await lens('Re-run from here').click();
  const peek = workbench.page.locator('.peekview-widget .view-line:visible');
  await peek.filter({ hasText: '● prompt kept → ' }).waitFor({ timeout: 30_000 });
  await peek.filter({ hasText: /◆\sAmerican\s⇄\sCanadian\s→\s(approve|reject)/ }).waitFor({ timeout: 30_000 });
  await workbench.screenshot('trace-peek');
  await press('Escape');
  await marked('✂');
  await lens(/→\s●/).waitFor();
  await settle();
  await workbench.screenshot('trace-cut');
  await lens(/→\s●/).click();
  const diff = await workbench.frame('counterthought.diff');
  await diff.locator('.headline .answer').first().waitFor();
  await workbench.page.keyboard.press('Control+PageUp');
  await line('─── reasoning ───').waitFor();
});

test('by keyboard: from the cursor, and without the selected steps', async () => {
  await line(decisive).click();
  await press('Control+Alt+Enter');
  const peek = workbench.page.locator('.peekview-widget .view-line:visible');
  await peek.filter({ hasText: /●\sprompt\skept\s→\s(approve|reject)/ }).waitFor({ timeout: 30_000 });
  await press('Escape');
  await line(decisive).click();
  await press('Shift+ArrowDown');
  await workbench.runCommand('Counterthought: Re-run without the selected steps');
  await peek.filter({ hasText: 'without the chosen steps' }).waitFor({ timeout: 30_000 });
  // Read as a whole, so that a failure says what the peek shows instead.
  const outcome = /◆\sAmerican\s⇄\sCanadian\s→\s(approve|reject)\s\(\d/;
  await eventually(
    async () => (await peek.allInnerTexts()).join('\n'),
    (words) => assert.match(words, outcome),
  );
  await workbench.screenshot('trace-without');
  await press('Escape');
});

const status = () => workbench.page.locator('.statusbar-item', { hasText: '→' });

const mark = (): Promise<number> =>
  workbench.page.evaluate(
    () =>
      [...document.querySelectorAll('.view-overlays .cdr')].filter(
        (element) => getComputedStyle(element).borderBottomWidth === '2px',
      ).length,
  );

test('selected words are labeled by one key, noted from the menu’s list, and undone', async () => {
  await line(decisive).click();
  await press('Home');
  await press('Shift+End');
  await workbench.page.locator('.statusbar-item', { hasText: 'selected' }).waitFor();
  await press('2');
  await lens(/post-hoc \(/).waitFor();
  await eventually(mark, (marked) => assert.ok(marked > 0));
  await press('Control+Alt+A');
  await quickRow('2 post-hoc').filter({ hasText: 'stands' }).waitFor();
  await quickRow('Note…').click();
  const input = workbench.page.locator('.quick-input-widget input');
  await workbench.page.locator('.quick-input-title', { hasText: 'A note on these words' }).waitFor();
  await input.fill('here it turns');
  await press('Enter');
  await lens(/post-hoc: here it turns \(/).waitFor();
  await settle();
  await workbench.screenshot('trace-annotated');
  await pictureThemes({ workspace, workbench, name: 'trace-annotated' });
  await workbench.runCommand('Counterthought: Undo the last annotation');
  await lens(/post-hoc \(/).waitFor();
});

test('the tree of annotations leads to the words in their trace', async () => {
  await workbench.runCommand('View: Close Editor');
  await workbench.page.locator('.activitybar').getByRole('tab', { name: 'Counterthought' }).click();
  const row = (text: string) => workbench.page.locator('.pane-body .monaco-list-row', { hasText: text });
  await until(row('post-hoc'), () => workbench.page.locator('.pane-header', { hasText: 'Annotations' }).click());
  await until(row('“So far'), () => row('post-hoc').click());
  await row('“So far').click();
  await lens(/post-hoc \(/).waitFor({ timeout: 20_000 });
  await workbench.page.locator('.statusbar-item', { hasText: 'selected' }).waitFor();
  await workbench.screenshot('trace-from-tree');
  await workbench.page.locator('.activitybar').getByRole('tab', { name: 'Explorer' }).click();
});

test('what-if: the probability follows the keys', async () => {
  await openExample(file, edited);
  await line(verdict).click();
  await workbench.runCommand('Counterthought: Edit a copy: live what-if');
  await status().waitFor({ timeout: 30_000 });
  await line(verdict).click();
  await press('Home');
  const times: number[] = [];
  for (let key = 0; key < 30; key += 1) times.push(await timeOf(() => press('Delete')));
  const told = times.filter((ms) => ms < 1000).sort((a, b) => a - b);
  assert.ok(told.length >= 10, `most keys change the probability: ${times.join(' ')}`);
  console.log(
    `key stroke → probability, ms: median ${told[told.length >> 1]}, p95 ${told[Math.floor(0.95 * told.length)]}`,
  );
  await settle();
  await workbench.screenshot('what-if');
  await pictureThemes({ workspace, workbench, name: 'what-if' });
});

/** From a key to the changed words in the status bar, as the page sees both. */
async function timeOf(act: () => Promise<void>): Promise<number> {
  const item = await status().elementHandle();
  const changed = workbench.page.evaluate(
    (element) =>
      new Promise<number>((resolve) => {
        const words = (): string => element?.textContent ?? '';
        const before = words();
        let started = performance.now();
        addEventListener('keydown', () => (started = performance.now()), { capture: true, once: true });
        const observer = new MutationObserver(() => {
          if (words() === before) return;
          observer.disconnect();
          resolve(performance.now() - started);
        });
        observer.observe(document.querySelector('.statusbar') ?? document.body, {
          subtree: true,
          childList: true,
          characterData: true,
          attributes: true,
        });
        setTimeout(() => resolve(1000), 1000);
      }),
    item,
  );
  await act();
  return changed;
}

test('what-if: a destroyed title is said calmly, and undo brings it back', async () => {
  await line('─── answer ───').click();
  await press('Home');
  await press('Delete');
  await workbench.page.locator('.statusbar-item', { hasText: 'a title line is missing' }).waitFor({ timeout: 10_000 });
  await workbench.screenshot('what-if-title');
  await press('Control+Z');
  await status().waitFor({ timeout: 10_000 });
});

test('one command keeps an edit as a condition over all examples', async () => {
  for (let key = 0; key < 30; key += 1) await press('Control+Z');
  await line(verdict).click();
  await press('End');
  await workbench.page.keyboard.type(' Truly.');
  await settle();
  await workbench.runCommand('Counterthought: Keep this edit as a condition');
  await workbench.quickPickRows().filter({ hasText: 'wherever traces say them' }).waitFor({ timeout: 10_000 });
  await workbench.screenshot('keep-edit');
  await workbench.quickPickRows().filter({ hasText: 'This step of every trace' }).click();
  const flips = await workbench.frame('counterthought.flips', 60_000);
  await flips.locator('.status.completed').waitFor({ timeout: 180_000 });
  await flips.getByText('replace-step').first().waitFor();
  await workbench.screenshot('keep-edit-run');
});

test('hostile, very long and empty traces are calm text', async () => {
  await openExample('hostile.jsonl', 1);
  await line('<script>alert(1)</script>').waitFor({ timeout: 30_000 });
  await lens('which model reads these traces').waitFor();
  await workbench.screenshot('trace-hostile');
  await openExample('hostile.jsonl', 2);
  await line('One more thing is considered here.').first().waitFor({ timeout: 30_000 });
  // At the end of fifty thousand tokens a step is as near as at their beginning.
  const place = (words: RegExp) => workbench.page.locator('.statusbar-item', { hasText: words });
  await until(place(/Ln 60\d\d/), () => press('Control+End'));
  await until(lens('Re-run from here'), () => line('One more thing is considered here.').last().click());
});

test('light and high contrast look native too', async () => {
  await openExample(file, chosen);
  for (const [name, theme, kind] of [
    ['light', themes.light, 'vs'],
    ['contrast', themes.contrast, 'hc-black'],
  ] as const) {
    setTheme(workspace, theme);
    await workbench.page.locator(`.monaco-workbench.${kind}`).waitFor({ timeout: 15_000 });
    await marked('◆ decided here');
    await settle();
    await workbench.screenshot(`trace-${name}`);
  }
});
