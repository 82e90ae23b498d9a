// Owns the times of the readable trace: its curves, a re-run from a step with the engine warm and cold, and what-if. Must not know the files
// beyond their names.
import type { Page } from 'playwright-core';
import { enginePids } from '../support/ownProcesses';
import type { Workbench } from '../support/workbench';
import { type Span, timeIfSeen, timeInPage } from './pageTimes';
import type { WorkbenchFolder } from './workbenchFolder';
import { percentile95, type WorkbenchRow } from './workbenchRows';

/** An example whose last step decides alone, so that its words are what the probability hangs on. */
const edited = { example: 4, verdict: 'Overall, I would reject this loan.', keys: 30 } as const;
/** In the first third of a long trace. */
const rerunStep = 8;
/** A key that changes nothing that is shown has no time. */
const keyTimeoutMs = 1000;

const curvesShown = (steps: number): Span => ({
  from: { selector: '.view-line', text: '───\\sreasoning\\s───' },
  to: { selector: '.view-line', text: '●\\s\\d.*%\\s+◆\\s\\d.*%', atLeast: steps },
});

const firstAnswer: Span = {
  from: { event: 'keydown' },
  to: { selector: '.peekview-widget .view-line', text: '●\\sprompt\\skept\\s→\\s(approve|reject)' },
};

export async function measureTraces(workbench: Workbench, folder: WorkbenchFolder): Promise<readonly WorkbenchRow[]> {
  const { page } = workbench;
  await warmUp(workbench, folder);
  const curves: number[] = [];
  const warm: number[] = [];
  const cold: number[] = [];
  for (const [index, { steps }] of folder.traces.entries()) {
    const open = (): Promise<void> => openExample(workbench, folder.long, index + 1);
    curves.push(await timeInPage(page, curvesShown(steps), open));
    warm.push(await rerun(workbench));
    for (const pid of enginePids()) process.kill(pid, 'SIGKILL');
    await workbench.runCommand('Notifications: Clear All Notifications');
    cold.push(await rerun(workbench));
    await workbench.runCommand('View: Close All Editors');
  }
  const tokens = folder.traces.map((one) => one.tokens).join(', ');
  const keys = await whatIf(workbench, folder);
  return [
    {
      what: '“Re-run from the cursor” → first regenerated recommendation, engine warm',
      unit: 'ms',
      values: warm,
      target: 500,
    },
    { what: 'the same, engine cold: its process was killed', unit: 'ms', values: cold, target: 3000 },
    {
      what: `both decision curves of a trace of ${tokens} tokens, from its text to the last of their numbers`,
      unit: 'ms',
      values: curves,
      target: 500,
    },
    {
      what: `key stroke → updated probability in live what-if, 95th percentile of ${keys.length} keys`,
      unit: 'ms',
      values: [percentile95(keys)],
      target: 150,
    },
    { what: 'the same, each key', unit: 'ms', values: keys, target: null },
  ];
}

/** The engine is started, and has drawn curves once. */
async function warmUp(workbench: Workbench, { sample }: WorkbenchFolder): Promise<void> {
  await timeInPage(workbench.page, curvesShown(3), () => openExample(workbench, sample, 1));
  await workbench.runCommand('View: Close All Editors');
}

async function openExample(workbench: Workbench, file: string, number: number): Promise<void> {
  const input = workbench.page.locator('.quick-input-widget input[placeholder^="Which"]');
  await workbench.rightClick(file, 'Read one trace');
  await input.fill(String(number));
  const label = workbench.page.locator('.label-name').getByText(String(number), { exact: true });
  await workbench.quickPickRows().filter({ has: label }).first().click();
}

/** By its key, which does the same as its item in the menu; the time that a menu takes to open is VS Code's. */
async function rerun({ page }: Workbench): Promise<number> {
  await page
    .locator('.view-line:visible', { hasText: /●\s\d.*%/ })
    .nth(rerunStep)
    .click({ force: true });
  await page.locator('.statusbar-item', { hasText: /^Ln \d+, Col \d+$/ }).waitFor();
  const took = await timeInPage(page, firstAnswer, () => page.keyboard.press('Control+Alt+Enter'));
  await closePeek(page);
  return took;
}

/** Once both its answers are there: what still runs would be measured with the next. */
async function closePeek(page: Page): Promise<void> {
  const peek = page.locator('.peekview-widget .view-line:visible');
  await peek.filter({ hasText: /◆\sAmerican\s⇄\sCanadian\s→\s(approve|reject)/ }).waitFor();
  await page.keyboard.press('Escape');
  await page.locator('.peekview-widget').waitFor({ state: 'detached' });
}

async function whatIf(workbench: Workbench, { sample }: WorkbenchFolder): Promise<readonly number[]> {
  const { page } = workbench;
  const line = page.locator('.view-line:visible', { hasText: edited.verdict });
  const status = page.locator('.statusbar-item', { hasText: '→' });
  await openExample(workbench, sample, edited.example);
  await line.click();
  await workbench.runCommand('Counterthought: Edit a copy: live what-if');
  await status.waitFor({ timeout: 30_000 });
  await line.click();
  await page.keyboard.press('Home');
  const times: number[] = [];
  for (let key = 0; key < edited.keys; key += 1) {
    const words = ((await status.textContent()) ?? '').replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    const changed: Span = {
      from: { event: 'keydown' },
      to: { selector: '.statusbar-item', text: `^(?!${words}$).*→` },
    };
    const took = await timeIfSeen(page, changed, { act: () => page.keyboard.press('Delete'), withinMs: keyTimeoutMs });
    if (took !== null) times.push(took);
  }
  if (times.length < edited.keys / 3)
    throw new Error(`Of ${edited.keys} keys only ${times.length} changed the probability.`);
  return times;
}
