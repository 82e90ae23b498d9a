// Choosing a model as a person does it in the real VS Code: download one of the hub, add a server, and find both where a re-run asks.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { loadModelText } from '../../engine/text/loadModelText';
import { type FakeServer, startFakeServer } from '../support/fakeServer';
import { type HubServer, startHubServer } from '../support/hubServer';
import { fixtureModels } from '../support/localModel';
import { projectRoot } from '../support/paths';
import { openWorkbench, type Workbench } from '../support/workbench';
import { setTheme, themes } from './themes';

const file = 'loans-mixed.jsonl';
const tiny = path.join(fixtureModels, 'tiny-llama-plain');
const name = 'someone/tiny-ONNX';

let folder: string;
let hub: HubServer;
let served: FakeServer;
let workbench: Workbench;

before(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'counterthought-'));
  const workspace = path.join(folder, 'loan-study');
  fs.mkdirSync(workspace);
  fs.copyFileSync(path.join(projectRoot, 'samples', file), path.join(workspace, file));
  setTheme(workspace, themes.dark);
  const settings = path.join(workspace, '.vscode/settings.json');
  const known = JSON.parse(fs.readFileSync(settings, 'utf8')) as object;
  fs.writeFileSync(
    settings,
    JSON.stringify({ ...known, 'counterthought.models.folders': [path.join(fixtureModels, 'tiny-phi-gqa')] }),
  );
  const names = fs.readdirSync(tiny, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const files = names.map((entry) => {
    const whole = path.join(entry.parentPath, entry.name);
    return [path.relative(tiny, whole).split(path.sep).join('/'), fs.readFileSync(whole)] as const;
  });
  hub = await startHubServer({ name, license: 'mit', files: Object.fromEntries(files) });
  served = await startFakeServer({ text: await loadModelText(tiny), model: 'served-model' });
  process.env.HF_ENDPOINT = hub.endpoint;
  process.env.HF_HUB_CACHE = path.join(folder, 'hub');
  workbench = await openWorkbench({ workspace });
});

after(async () => {
  delete process.env.HF_ENDPOINT;
  delete process.env.HF_HUB_CACHE;
  await workbench?.dispose();
  await hub?.close();
  await served?.close();
  fs.rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
});

const input = () => workbench.page.locator('.quick-input-widget input').first();
const row = (text: string) => workbench.quickPickRows().filter({ hasText: text }).first();

async function type(text: string): Promise<void> {
  await input().waitFor();
  await input().fill(text);
  await workbench.page.keyboard.press('Enter');
}

async function told(text: string): Promise<void> {
  const message = workbench.page.locator('.notification-list-item-message', { hasText: text }).first();
  const shown = (timeout: number) => message.waitFor({ timeout });
  // A toast may have left again, or wait for others to leave; the list of notifications keeps what it said.
  await shown(20_000).catch(() => workbench.runCommand('Notifications: Show Notifications').then(() => shown(40_000)));
}

test('a model of the hub is downloaded after its size and licence were shown', async () => {
  await workbench.runCommand('Counterthought: Download a model');
  await row('Another name').click();
  await row('Another name').waitFor({ state: 'hidden' });
  await type(name);
  await row('fp32').waitFor({ timeout: 60_000 });
  const title = await workbench.page.locator('.quick-input-title').innerText();
  assert.match(title, /someone\/tiny-ONNX\. Licence: mit/);
  assert.match(await row('fp32').innerText(), /MB/);
  await workbench.page.keyboard.press('Enter');
  await told('someone/tiny-ONNX:fp32 can be chosen');
});

test('an address where no model answers is said to be none', async () => {
  await workbench.runCommand('Counterthought: Add a model server');
  await type('http://127.0.0.1:9/v1');
  await workbench.page.locator('.quick-input-title', { hasText: 'Key of the server' }).waitFor();
  await workbench.page.keyboard.press('Enter');
  await told('127.0.0.1:9');
});

test('a server is added by its address', async () => {
  await workbench.runCommand('Counterthought: Add a model server');
  await type(served.url);
  await workbench.page.locator('.quick-input-title', { hasText: 'Key of the server' }).waitFor();
  await workbench.page.keyboard.press('Enter');
  await told('served-model at');
});

test('both are offered where a re-run asks for its model, and the run’s cost is shown before it starts', async () => {
  await workbench.rightClick(file, 'Re-run from here');
  await row('Model').click();
  await row('served-model').waitFor();
  await row(`${name}:fp32`).waitFor();
  await row("need llama.cpp's llama-server").waitFor();
  await workbench.screenshot('models');
  await row(`${name}:fp32`).click();
  await row('Start').filter({ hasText: 'tokens to evaluate' }).waitFor({ timeout: 60_000 });
  await workbench.screenshot('estimate');
  await workbench.page.keyboard.press('Escape');
});

const treeRow = (text: string) => workbench.page.locator('.part.sidebar .monaco-list-row', { hasText: text }).first();
const statusBar = (text: string | RegExp) => workbench.page.locator('.statusbar-item', { hasText: text });

/** Clicks an action of a tree's row, which is there while the mouse is over it. */
async function act(text: string, action: string): Promise<void> {
  await treeRow(text).hover();
  await treeRow(text).getByRole('button', { name: action }).click();
}

test('the activity bar lists the models of folders, of the hub and of servers; one becomes the default', async () => {
  await workbench.page.locator('.activitybar').getByRole('tab', { name: 'Counterthought' }).click();
  await workbench.page.locator('.part.sidebar .pane-header', { hasText: 'Models' }).click();
  await treeRow('Bundled model').waitFor();
  await treeRow('tiny-phi-gqa').waitFor();
  await workbench.page.keyboard.press('End');
  await treeRow('served-model').waitFor();
  await act('served-model', 'Use a model as the default');
  await treeRow('served-model').filter({ hasText: 'default · http' }).waitFor();
  await workbench.screenshot('model-tree');
});

test('a model is checked: what is found streams into a document, and is remembered', async () => {
  await act(`${name}:fp32`, 'Check a model');
  await workbench.page.locator('.tab', { hasText: 'Check of tiny-ONNX:fp32' }).waitFor();
  const line = (text: string) => workbench.page.locator('.view-line', { hasText: text.replaceAll(' ', '\u00a0') });
  await line('template: passed').waitFor({ timeout: 60_000 });
  await line('Nothing failed').waitFor({ timeout: 60_000 });
  await workbench.screenshot('model-check');
  const checked = workbench.page.locator(`.part.sidebar .monaco-list-row[aria-label*="nothing failed"]`);
  await checked.filter({ hasText: `${name}:fp32` }).waitFor();
});

test('a downloaded model is removed from the disk when the person says so', async () => {
  await act(`${name}:fp32`, 'Remove a model');
  const dialog = workbench.page.locator('.monaco-dialog-box');
  await dialog.getByText('All its precisions').waitFor();
  await dialog.getByRole('button', { name: 'Remove' }).click();
  await treeRow(`${name}:fp32`).waitFor({ state: 'detached' });
});

/** Starts a run by the picker's first line. */
async function startRun(): Promise<void> {
  await workbench.runCommand('View: Show Explorer');
  await workbench.rightClick(file, 'Re-run from here');
  await row('Start').waitFor();
  await workbench.page.keyboard.press('Enter');
  await workbench.quickPickRows().first().waitFor({ state: 'hidden' });
}

test('runs wait in order; the status bar lists them, moves them forward and cancels them', async () => {
  await act('Bundled model', 'Use a model as the default');
  await treeRow('Bundled model').filter({ hasText: 'default' }).waitFor();
  await startRun();
  await statusBar(/%|…/).waitFor();
  await startRun();
  await statusBar('1 waiting').waitFor();
  await statusBar('1 waiting').click();
  const waiting = workbench.quickPickRows().filter({ hasText: 'waits' });
  await waiting.waitFor();
  await workbench.screenshot('queue');
  await waiting.hover();
  await waiting.getByRole('button', { name: 'Cancel this run' }).click();
  await waiting.waitFor({ state: 'detached' });
  await row('Re-running').click();
  await row('Cancel this run').click();
  await statusBar('waiting').waitFor({ state: 'detached' });
  await statusBar('Counterthought').waitFor();
});
