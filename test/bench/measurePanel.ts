// Owns the times of the flip-rate panel on the large run: in a window that was just opened, and while its list is scrolled; and what else
// a new window tells, the extension's activation. Must not know how the run came about.
import fs from 'node:fs';
import path from 'node:path';
import type { CDPSession, Frame } from 'playwright-core';
import { ownProcesses } from '../support/ownProcesses';
import { projectRoot } from '../support/paths';
import type { Workbench } from '../support/workbench';
import { median } from './measured';
import { percentile95, type WorkbenchRow } from './workbenchRows';

const panel = 'counterthought.flips';
const settleMs = 4_000;
const scrollSteps = 150;
const scrollPixels = 400;

type Seen = { readonly table: number; readonly rows: number };
type Opening = Seen & { readonly activation: number; readonly native: number };

/**
 * Notes in every frame when the rates, and when the first examples, stand in it; milliseconds of that frame's clock. By a timer, because
 * a webview writes its document anew, which ends observers and requests for frames.
 */
function noteWhatIsSeen(): void {
  const seen: { table?: number; rows?: number } = {};
  const timer = setInterval(() => {
    if (document.querySelector('.rates vscode-data-grid-row[data-condition]')) seen.table ??= performance.now();
    if (document.querySelector('.rows .row .title')) seen.rows ??= performance.now();
    if (seen.rows !== undefined) clearInterval(timer);
  }, 4);
  Object.assign(window, { counterthoughtSeen: seen });
}

export async function measurePanel(workbench: Workbench, repeats: number): Promise<readonly WorkbenchRow[]> {
  await workbench.page.addInitScript(noteWhatIsSeen);
  const first = await firstOpening(workbench);
  const openings: Opening[] = [];
  for (let repeat = 0; repeat < repeats; repeat += 1) openings.push(await reopen(workbench));
  const of = (key: keyof Opening): number[] => openings.map((opening) => opening[key]);
  const scrolled = await scroll(workbench, await shownPanel(workbench));
  return [
    {
      what: "activation of the extension: loading its code and calling it, as VS Code's own list says",
      unit: 'ms',
      values: of('activation'),
      target: 30,
    },
    { what: 'native modules of ours in the extension host after it', unit: 'modules', values: of('native'), target: 0 },
    {
      what: 'panel on 100,000 examples × 6 conditions in a new window: from our script’s first line to rates and first examples',
      unit: 'ms',
      values: of('rows'),
      target: 300,
    },
    { what: 'the same, to the rates', unit: 'ms', values: of('table'), target: null },
    {
      what: 'the very first time, when the log is read: from the command to the rates',
      unit: 'ms',
      values: [first],
      target: null,
    },
    {
      what: 'scripting, style and layout of the whole page a frame while its list is scrolled',
      unit: 'ms',
      values: [median(scrolled)],
      target: 8,
    },
    { what: 'the same, 95th percentile of the frames', unit: 'ms', values: [percentile95(scrolled)], target: null },
  ];
}

async function firstOpening(workbench: Workbench): Promise<number> {
  const started = performance.now();
  await workbench.runCommand('Counterthought: Show flip rates');
  await shownPanel(workbench);
  return performance.now() - started;
}

async function shownPanel(workbench: Workbench): Promise<Frame> {
  const frame = await workbench.frame(panel, 120_000);
  await frame.locator('.rows .row .title').first().waitFor({ timeout: 120_000 });
  return frame;
}

/** A new window that has settled, where a person opens the panel: extension host and reader process are new, too. */
async function reopen(workbench: Workbench): Promise<Opening> {
  await workbench.runCommand('View: Toggle Panel Visibility');
  // The window notes some moments later that the panel is closed.
  await workbench.page.waitForTimeout(settleMs);
  await workbench.open();
  await workbench.page.waitForTimeout(settleMs);
  await workbench.runCommand('Counterthought: Show flip rates');
  const frame = await shownPanel(workbench);
  const began = await frame.evaluate(lastScriptArrived, initialFiles());
  const seen = (await frame.evaluate('window.counterthoughtSeen')) as Partial<Seen> | undefined;
  if (seen?.table === undefined || seen.rows === undefined) throw new Error('The panel was not seen in its own frame.');
  const native = nativeModules();
  const activation = await activationMs(workbench);
  return { table: seen.table - began, rows: seen.rows - began, activation, native };
}

/** When the last of the files arrived that must all be there before the first line of the script runs. */
function lastScriptArrived(names: readonly string[]): number {
  const entries = performance.getEntriesByType('resource') as PerformanceResourceTiming[];
  const own = entries.filter(({ name }) => names.some((file) => name.split('?')[0]?.endsWith(file)));
  if (own.length !== names.length) throw new Error(`Of ${names.join()} the page loaded ${own.length}.`);
  return Math.max(...own.map(({ responseEnd }) => responseEnd));
}

const pageFolder = path.join(projectRoot, 'dist/webview');

/** The page's entry and what it imports before it runs. */
function initialFiles(): readonly string[] {
  const found = new Set(['main.js']);
  for (const file of found) {
    const source = fs.readFileSync(path.join(pageFolder, file), 'utf8');
    for (const [, name] of source.matchAll(/(?:from|import)\s*"\.\/([^"]+\.js)"/g)) if (name) found.add(name);
  }
  return [...found];
}

/** Bytes of the initial chunk, and with the chunk of the panel's view. */
export function chunkRows(): readonly WorkbenchRow[] {
  const kB = (files: readonly string[]): number =>
    files.reduce((sum, file) => sum + fs.statSync(path.join(pageFolder, file)).size, 0) / 1e3;
  const what = 'initial chunk of a page, toolkit’s used tags included, minified';
  return [{ what, unit: 'kB', values: [kB(initialFiles())], target: 250 }];
}

/** As a person reads it in the list of running extensions. */
async function activationMs(workbench: Workbench): Promise<number> {
  await workbench.runCommand('Developer: Show Running Extensions');
  const own = workbench.page.locator('.runtime-extensions-editor .extension', { hasText: 'Counterthought' });
  const time = own.locator('.activation-time', { hasText: /\d+ms/ });
  await time.waitFor({ timeout: 30_000 });
  const words = await time.innerText();
  await workbench.runCommand('View: Close All Editors');
  return Number(/(\d+)ms/.exec(words)?.[1]);
}

/** Compiled libraries of this extension that its host has mapped; Linux says. */
function nativeModules(): number {
  const [host] = ownProcesses(/--type=extensionHost/).slice(-1);
  if (host === undefined || !fs.existsSync(`/proc/${host}/maps`)) throw new Error('No extension host was found.');
  const maps = fs.readFileSync(`/proc/${host}/maps`, 'utf8').split('\n');
  const libraries = maps.filter((line) => line.includes(projectRoot) && /\.(node|so[\d.]*)$/.test(line));
  return new Set(libraries.map((line) => line.split(/\s+/).at(-1))).size;
}

/** What each turn of the wheel costs, both frames that it may take. */
async function scroll(workbench: Workbench, frame: Frame): Promise<readonly number[]> {
  const { page } = workbench;
  await frame.getByRole('button', { name: /^All/ }).click();
  await frame.locator('.rows .row .title').first().waitFor();
  await frame.locator('.rows').hover();
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  const costs: number[] = [];
  let before = await busyMs(session);
  for (let step = 0; step < scrollSteps; step += 1) {
    await page.mouse.wheel(0, scrollPixels);
    await frame.evaluate(twoFrames);
    const after = await busyMs(session);
    costs.push(after - before);
    before = after;
  }
  await session.detach();
  const top = await frame.locator('.rows').evaluate(({ scrollTop }) => scrollTop);
  if (top < scrollPixels * scrollSteps * 0.5) throw new Error(`The list was scrolled to ${top} pixels only.`);
  return costs;
}

const twoFrames = (): Promise<void> =>
  new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve())));

async function busyMs(session: CDPSession): Promise<number> {
  const { metrics } = await session.send('Performance.getMetrics');
  const seconds = (name: string): number => metrics.find((metric) => metric.name === name)?.value ?? Number.NaN;
  return 1e3 * (seconds('ScriptDuration') + seconds('LayoutDuration') + seconds('RecalcStyleDuration'));
}
