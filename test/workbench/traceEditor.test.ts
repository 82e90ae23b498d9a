// The trace editor as a person uses it in the real VS Code: opening files of several formats, moving, searching, filtering, choosing, the raw
// record, a file that changes meanwhile, fields that nobody knows; by keyboard, in three themes. Saves pictures.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import type { Frame } from 'playwright-core';
import { eventuallyEqual, waitUntil } from '../support/eventually';
import { projectRoot } from '../support/paths';
import { openWorkbench, type Workbench } from '../support/workbench';
import { seriousViolations } from './accessibility';
import { pictureThemes, setTheme, themes } from './themes';

const hostile = '<img src=x onerror="document.body.remove()"> </script> \u001b[31m שלום 你好';
const copies = 6;

let workspace: string;
let workbench: Workbench;
let frame: Frame;
/** Records of the big file, without the damaged one. */
let records: readonly string[];

function file(name: string): string {
  return path.join(workspace, name);
}

before(async () => {
  workspace = fs.mkdtempSync(path.join(os.tmpdir(), 'counterthought-traces-'));
  const sample = fs.readFileSync(path.join(projectRoot, 'samples/loans-mixed.jsonl'), 'utf8').trim().split('\n');
  const chat = { model: 'm', messages: [{ role: 'user', content: `Is this ${hostile}?` }] };
  const thinking = [
    { type: 'redacted_thinking', data: 'AAAA' },
    { type: 'text', text: 'approve' },
  ];
  records = Array.from({ length: copies }, () => sample).flat();
  fs.writeFileSync(
    file('loans.jsonl'),
    `${[...records.slice(0, 100), '{"prompt": "cut', ...records.slice(100)].join('\n')}\n`,
  );
  const open = {
    ...chat,
    messages: [...chat.messages, { role: 'assistant', content: `<think>\nOne. ${hostile}. Two.\n</think>\n\nYes` }],
  };
  const redacted = { ...chat, messages: [...chat.messages, { role: 'assistant', content: thinking }] };
  fs.writeFileSync(file('odd-text.jsonl'), `${[open, redacted].map((one) => JSON.stringify(one)).join('\n')}\n`);
  const unknown = ['red', 'blue'].map((color) => ({
    ask: { q: `Which is ${color}?` },
    log: [{ note: `I see ${color}. So it is.` }],
    say: `It is ${color}`,
  }));
  fs.writeFileSync(file('unknown.json'), JSON.stringify(unknown));
  fs.writeFileSync(file('nothing.jsonl'), '');
  fs.copyFileSync(path.join(projectRoot, 'test/fixtures/formats/inspect.eval'), file('log.eval'));
  fs.cpSync(path.join(projectRoot, 'test/fixtures/formats/thought_anchors'), file('anchors'), { recursive: true });
  setTheme(workspace, themes.dark);
  workbench = await openWorkbench({ workspace, size: { width: 1440, height: 900 } });
});

after(async () => {
  await workbench?.dispose();
  fs.rmSync(workspace, { recursive: true, force: true, maxRetries: 10 });
});

const press = (key: string): Promise<void> => workbench.page.keyboard.press(key);
const currentTitle = (): Promise<string> => frame.locator('.reading h2').innerText();
const currentRow = () => frame.locator('.row.current');
const quickRow = (text: string | RegExp) => workbench.quickPickRows().filter({ hasText: text });

const partRow = (title: string) =>
  workbench.quickPickRows().filter({ has: workbench.page.locator('.label-name').getByText(title, { exact: true }) });

/** The frame of the editor that shows this file, once it was read. */
async function editorOf(words: RegExp): Promise<Frame> {
  for (let tries = 0; tries < 60; tries += 1) {
    const found = await workbench.frame('counterthought.traces');
    if (
      await found
        .getByText(words)
        .first()
        .isVisible()
        .catch(() => false)
    )
      return found;
    await workbench.page.waitForTimeout(250);
  }
  throw new Error(`No trace editor shows ${words}; picture: ${await workbench.screenshot('traces-missing')}`);
}

test('a log of Inspect opens as traces by a double click', async () => {
  // The editor belongs to the extension, which VS Code finds some moments after it shows its explorer.
  await workbench.openMenu('log.eval', 'Open as traces');
  await press('Escape');
  const row = workbench.page.locator('.explorer-folders-view .monaco-list-row', { hasText: 'log.eval' });
  await row.first().waitFor();
  await row.first().dblclick();
  frame = await editorOf(/Inspect/);
  await frame.locator('.reading .trace-step').first().waitFor();
  await workbench.screenshot('traces-eval');
});

test('a file of lines opens as traces by “Reopen Editor With”', async () => {
  await workbench.openFile('loans.jsonl');
  await workbench.runCommand('View: Reopen Editor With...');
  await quickRow(/^Traces/).click();
  frame = await editorOf(new RegExp(`${records.length.toLocaleString('en')} examples`));
  await frame.locator('.row').first().waitFor();
  await waitUntil(async () => (await currentTitle()).startsWith('#1 '));
  await eventuallyEqual(() => frame.locator('.row').first().getAttribute('aria-setsize'), String(records.length));
  await workbench.screenshot('traces-dark');
  assert.deepEqual(await seriousViolations(frame), []);
});

test('keys move through the list, into the example and back', async () => {
  await frame.locator('.rows').focus();
  await press('End');
  await waitUntil(async () => (await currentTitle()).startsWith(`#${records.length.toLocaleString('en')} `));
  await eventuallyEqual(() => currentRow().getAttribute('aria-posinset'), String(records.length));
  await press('PageUp');
  await press('Home');
  await press('ArrowDown');
  await press('ArrowDown');
  await waitUntil(async () => (await currentTitle()).startsWith('#3 '));
  await press('Enter');
  await eventuallyEqual(() => frame.evaluate(() => document.activeElement?.className), 'reading');
  await press('n');
  await waitUntil(async () => (await currentTitle()).startsWith('#4 '));
  await press('Escape');
  await eventuallyEqual(() => frame.evaluate(() => document.activeElement?.className), 'rows');
});

test('words are found as they are typed, marked in the example, and forgotten', async () => {
  await press('/');
  await workbench.page.keyboard.type('Canadian');
  const expected = records.filter((record) => record.includes('Canadian')).length;
  await frame
    .locator('.search-line', { hasText: `${expected.toLocaleString('en')} found` })
    .getByRole('button', { name: 'Clear' })
    .waitFor();
  await press('Enter');
  await frame.locator('.reading mark', { hasText: 'Canadian' }).first().waitFor();
  await workbench.screenshot('traces-search');
  await frame.getByRole('button', { name: 'Clear' }).click();
  await waitUntil(
    async () => (await frame.locator('.row').first().getAttribute('aria-setsize')) === String(records.length),
  );
});

test('answers filter, orders sort', async () => {
  const chooser = frame.getByRole('combobox', { name: 'Answer' });
  const [, first] = await chooser.locator('option').allInnerTexts();
  const [, option, n] = /^(.*) \(([\d,]+)\)$/.exec(first ?? '') ?? [];
  assert.ok(option && n, `an answer with its count: ${first}`);
  await chooser.selectOption({ label: first! });
  await frame.getByText(`${n} found`).waitFor();
  const answers = frame.locator('.row .recorded');
  await answers.nth(5).waitFor();
  await waitUntil(async () => (await answers.allInnerTexts()).every((answer) => answer === option));
  await frame.getByRole('combobox', { name: 'Order' }).selectOption({ label: 'Longest reasoning first' });
  await frame.getByRole('button', { name: 'Clear' }).waitFor();
  const longest = Number(
    (await frame.locator('.reading .role small').filter({ hasText: 'character' }).innerText())
      .replace(/.*, ([\d,]+) .*/, '$1')
      .replaceAll(',', ''),
  );
  await press('Escape');
  await frame.locator('.rows').focus();
  await press('End');
  await waitUntil(async () => (await currentRow().getAttribute('aria-posinset')) === n.replaceAll(',', ''));
  const words = frame.locator('.reading .role small').filter({ hasText: 'character' });
  await waitUntil(
    async () => Number((await words.innerText()).replace(/.*, ([\d,]+) .*/, '$1').replaceAll(',', '')) <= longest,
  );
  await frame.getByRole('button', { name: 'Clear' }).click();
});

test('several examples are chosen by keys and re-run, and nothing else is', async () => {
  await frame.locator('.rows').focus();
  await press('Home');
  await press('Space');
  await press('ArrowDown');
  await press('ArrowDown');
  await press('Space');
  await waitUntil(async () => (await frame.locator('.row.chosen').count()) === 2);
  await press('r');
  await quickRow('2 examples × 10 conditions').waitFor({ timeout: 30_000 });
  await quickRow('the 2 chosen').waitFor();
  await press('Escape');
  await frame.locator('.rows').focus();
  await press('Escape');
  assert.equal(await frame.locator('.row.chosen').count(), 0);
});

test('chosen examples are exported, in the form and to the place that the person says', async () => {
  await frame.locator('.rows').focus();
  await press('Home');
  await press('Space');
  await press('ArrowDown');
  await press('Space');
  await waitUntil(async () => (await frame.locator('.row.chosen').count()) === 2);
  await frame.getByRole('button', { name: /^Export 2…/ }).waitFor();
  await press('e');
  await quickRow('Thought-anchors folder').waitFor();
  await workbench.screenshot('traces-export');
  await partRow('CSV').click();
  const input = workbench.page.locator('.quick-input-widget input');
  // The dialog writes its suggestion into the box some moments after it is there, over what was typed before.
  await waitUntil(async () => (await input.inputValue()).endsWith('loans.csv.csv'));
  await input.fill(file('two.csv'));
  await press('Enter');
  await workbench.page.locator('.notification-list-item-message', { hasText: '2 written to' }).waitFor();
  assert.equal(fs.readFileSync(file('two.csv'), 'utf8').match(/loans\.jsonl/g)?.length, 2);
  await workbench.runCommand('Notifications: Clear All Notifications');
  await frame.locator('.rows').focus();
  await press('Escape');
  await waitUntil(async () => (await frame.locator('.row.chosen').count()) === 0);
});

test('a folder that is one trace file opens as traces', async () => {
  await workbench.rightClick('anchors', 'Open as traces');
  const anchors = await editorOf(/Thought-anchors|thought.anchors/i);
  await anchors.locator('.reading .trace-step').first().waitFor();
  await workbench.screenshot('traces-folder');
  await workbench.runCommand('View: Close Editor');
  frame = await editorOf(/1 bad record/);
});

test('the record is shown as it lies in the file, a damaged one too', async () => {
  const shown = (words: string) => workbench.page.locator('.monaco-editor .view-line', { hasText: words });
  await frame.getByRole('button', { name: '1 bad record' }).click();
  await frame.getByText('101', { exact: true }).waitFor();
  await workbench.screenshot('traces-problems');
  assert.deepEqual(await seriousViolations(frame), []);
  await frame.getByRole('button', { name: 'Raw record 101' }).click();
  await shown('cut').first().waitFor();
  await workbench.runCommand('View: Close Editor');
  frame = await editorOf(/1 bad record/);
  await frame.getByRole('button', { name: '1 bad record' }).click();
  await frame.locator('.rows').focus();
  await press('Home');
  await press('o');
  await shown('prompt').first().waitFor();
  await workbench.runCommand('View: Close Editor');
  frame = await editorOf(/1 bad record/);
});

test('a file that changes on disk is offered again', async () => {
  fs.appendFileSync(file('loans.jsonl'), `${records[0]}\n`);
  await frame.getByRole('alert').getByRole('button', { name: 'Reload' }).click({ timeout: 20_000 });
  await frame.locator('.facts', { hasText: `${(records.length + 1).toLocaleString('en')} examples` }).waitFor();
  assert.equal(await frame.getByRole('alert').count(), 0);
});

test('an editor that was hidden stands where it stood', async () => {
  await frame.locator('.rows').focus();
  await press('End');
  await waitUntil(async () => (await currentTitle()).startsWith(`#${(records.length + 1).toLocaleString('en')} `));
  const tab = (name: string) => workbench.page.locator('.tabs-container .tab', { hasText: name });
  await tab('log.eval').click();
  await editorOf(/Inspect/);
  await tab('loans.jsonl').click();
  frame = await editorOf(/1 bad record/);
  await waitUntil(async () => (await currentTitle()).startsWith(`#${(records.length + 1).toLocaleString('en')} `));
  await currentRow().waitFor();
});

test('text of models stays text, opaque reasoning is shown as such', async () => {
  await workbench.rightClick('odd-text.jsonl', 'Open as traces');
  frame = await editorOf(/2 examples/);
  await frame.locator('.reading .trace-step', { hasText: '<img src=x' }).waitFor();
  await frame.locator('.rows').focus();
  await press('End');
  await frame.locator('.opaque-note').waitFor();
  assert.equal(await frame.getByRole('button', { name: /^Re-run from here/ }).isDisabled(), true);
  assert.equal(await frame.locator('img').count(), 0);
  await workbench.screenshot('traces-opaque');
});

test('light and high contrast look native too', async () => {
  for (const [name, theme] of [
    ['light', themes.light],
    ['contrast', themes.contrast],
  ] as const) {
    setTheme(workspace, theme);
    await frame.locator(`body[data-vscode-theme-id="${theme}"]`).waitFor();
    await workbench.screenshot(`traces-${name}`);
    assert.deepEqual(await seriousViolations(frame), [], name);
  }
  setTheme(workspace, themes.dark);
});

test('the fields of an unknown file are pointed at, kept beside it, changed and removed', async () => {
  const mapping = file('unknown.json.fields.json');
  await workbench.rightClick('unknown.json', 'Open as traces');
  frame = await editorOf(/shows no traces/);
  await workbench.screenshot('traces-unknown');
  assert.deepEqual(await seriousViolations(frame), []);
  await frame.getByText('Choose its fields').click();
  for (const [part, field] of [
    ['Prompt', 'ask.q'],
    ['Reasoning', 'log.0.note'],
    ['Answer', 'say'],
  ] as const) {
    await partRow(part).click();
    await workbench.page.locator('.quick-input-widget input[placeholder^="Which field"]').fill(field);
    await press('Enter');
  }
  await quickRow('reads 2 of the first 2 records').waitFor();
  await workbench.screenshot('traces-mapping');
  await pictureThemes({ workspace, workbench, name: 'traces-mapping' });
  await partRow('Save').click();
  frame = await editorOf(/Fields chosen by a mapping/);
  await frame.locator('.reading .trace-step', { hasText: 'I see red.' }).waitFor();
  assert.deepEqual(JSON.parse(fs.readFileSync(mapping, 'utf8')), {
    prompt: 'ask.q',
    reasoning: 'log.0.note',
    answer: 'say',
  });
  await frame.getByRole('button', { name: /your mapping/ }).click();
  await quickRow('Remove the mapping').click();
  frame = await editorOf(/shows no traces/);
  assert.equal(fs.existsSync(mapping), false);
});

test('an empty file says so', async () => {
  await workbench.rightClick('nothing.jsonl', 'Open as traces');
  frame = await editorOf(/the file is empty/);
});

test('the pages broke no rule of their policy', () => {
  assert.deepEqual(workbench.webviewErrors, []);
});
