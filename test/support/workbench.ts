// A person at the real VS Code, for tests: opens the workbench in a browser, right-clicks, runs commands, looks into
// webviews, takes pictures. Knows VS Code's page, not this extension's features.

import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type BrowserContext,
  type ConsoleMessage,
  chromium,
  type Frame,
  type Locator,
  type Page,
} from 'playwright-core';
import { installBrowser } from './browserInstall';
import { projectRoot } from './paths';
import { startWorkbenchServer, type WorkbenchServer, type WorkbenchServerSpec } from './workbenchServer';

export interface WorkbenchSpec extends Partial<WorkbenchServerSpec> {
  readonly workspace: string | null;
  /** The page's size in CSS pixels; 1280 × 800 unless given. */
  readonly size?: { readonly width: number; readonly height: number };
  /** The language that VS Code takes itself to be in; English unless given. Its own words stay English: only ours are there in others. */
  readonly locale?: string;
}

/** A list that is open stays open when a webview takes the focus in the middle of a test, and no tooltip lies over what is clicked. */
const steadySettings = { 'workbench.quickOpen.closeOnFocusLost': false, 'workbench.hover.delay': 60_000 };

const readyTimeoutMs = 90_000;
/** How long to wait for a menu or a command that an extension contributes only when it has been scanned. */
const contributionTimeoutMs = 60_000;
const menuGraceMs = 250;

/** Starts server and browser and waits until the explorer is there (about 10 s once everything is installed). */
export async function openWorkbench(spec: WorkbenchSpec): Promise<Workbench> {
  const [server, browser] = await Promise.all([
    startWorkbenchServer({ extension: projectRoot, ...spec, settings: { ...steadySettings, ...spec.settings } }),
    installBrowser(),
  ]);
  const context = await chromium.launchPersistentContext(path.join(server.dataDir, 'browser'), {
    executablePath: browser.executablePath,
    env: { ...(process.env as Record<string, string>), ...browser.env },
    headless: true,
    viewport: spec.size ?? { width: 1280, height: 800 },
    args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync'],
  });
  if (spec.locale !== undefined) await context.addInitScript(`globalThis._VSCODE_NLS_LANGUAGE = '${spec.locale}'`);
  const workbench = new Workbench(server, context);
  try {
    await workbench.open();
    return workbench;
  } catch (error) {
    const picture = await workbench.screenshot('did-not-open');
    await workbench.dispose();
    throw new Error(`The workbench did not open (picture: ${picture}): ${String(error)}`);
  }
}

export class Workbench {
  readonly page: Page;
  /** Errors of webviews: uncaught ones, and those written to the console, violations of their policy among them. */
  readonly webviewErrors: string[] = [];

  constructor(
    private readonly server: WorkbenchServer,
    private readonly context: BrowserContext,
  ) {
    this.page = context.pages()[0] as Page;
    this.page.on('console', (message) => {
      if (message.type() === 'error' && !isWorkbenchNoise(message)) this.webviewErrors.push(message.text());
    });
    this.page.on('pageerror', (error) => this.webviewErrors.push(String(error)));
  }

  /** Where the server keeps its logs, settings and extensions until `dispose`. */
  get dataDir(): string {
    return this.server.dataDir;
  }

  async open(): Promise<void> {
    await this.page.goto(this.server.url, { waitUntil: 'domcontentloaded' });
    // Without a folder the side bar is closed, and the explorer in it.
    const ready = this.server.folder === null ? '.activitybar .action-item' : '.explorer-folders-view';
    await this.page.locator(`.monaco-workbench ${ready}`).first().waitFor({ timeout: readyTimeoutMs });
  }

  /** Right-clicks a file of the explorer (path from the workspace's root) and clicks a menu item by its whole title. */
  async rightClick(file: string, item: string): Promise<void> {
    const label = await this.openMenu(file, item);
    await label.click();
  }

  /** Opens a file's context menu and returns the item, which is shown but not clicked. */
  async openMenu(file: string, item: string): Promise<Locator> {
    const row = await this.revealFile(file);
    const label = this.page.locator('.monaco-menu .action-label').getByText(item, { exact: true }).first();
    // An open menu is static: before the extension is scanned it lacks the item, so close it and look again.
    await this.retry(`menu item “${item}” on ${file}`, async () => {
      await row.click({ button: 'right', timeout: 5000 });
      const shown = await appears(label, 1500);
      if (!shown) await this.page.keyboard.press('Escape');
      return shown;
    });
    // VS Code's menus ignore clicks in their first 100 ms, so that the click that opened one does not choose an item.
    await sleep(menuGraceMs);
    return label;
  }

  /** Opens a file of the workspace in an editor, through the quick open box. */
  async openFile(file: string): Promise<void> {
    await this.chooseInQuickInput('Control+P', file, path.basename(file));
  }

  /** Runs a command of the palette by its whole title (with its category, as the palette shows it). */
  async runCommand(title: string): Promise<void> {
    await this.chooseInQuickInput('F1', `>${title}`, title);
  }

  /** The items that the quick pick which is open offers. */
  quickPickRows(): Locator {
    return this.page.locator('.quick-input-widget .monaco-list-row');
  }

  /**
   * The document of a webview (view or editor): the one whose body, or any element in it, carries
   * `data-view="<viewId>"`. A webview's own address does not tell which view it shows.
   */
  async frame(viewId: string, timeoutMs = 30_000): Promise<Frame> {
    const deadline = Date.now() + timeoutMs;
    while (Date.now() < deadline) {
      for (const frame of this.page.frames().reverse()) {
        if (frame.name() !== 'active-frame' && !frame.url().includes('fake.html')) continue;
        const found = await frame
          .locator(`[data-view="${viewId}"]`)
          .count()
          .catch(() => 0);
        if (found > 0 && (await isVisible(frame))) return frame;
      }
      await sleep(200);
    }
    const shown = await this.notifications();
    throw new Error(`No webview shows data-view="${viewId}". Notifications: ${shown.join(' | ') || 'none'}`);
  }

  /** The texts of the notifications that are shown. */
  notifications(): Promise<string[]> {
    return this.page.locator('.notifications-toasts .notification-list-item-message').allInnerTexts();
  }

  /** Writes a PNG of the whole page and returns its path: dist/screenshots/<name>.png, or `name` if it is absolute. */
  async screenshot(name: string): Promise<string> {
    const file = path.isAbsolute(name) ? name : path.join(projectRoot, 'dist/screenshots', `${name}.png`);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    await this.page.screenshot({ path: file });
    return file;
  }

  async dispose(): Promise<void> {
    await this.context.close().catch(() => undefined);
    await this.server.stop();
  }

  private async revealFile(file: string): Promise<Locator> {
    const names = file.split('/');
    for (const [depth, name] of names.entries()) {
      const row = this.page.locator(`.explorer-folders-view .monaco-list-row[aria-level="${depth + 1}"]`, {
        has: this.page.locator('.label-name').getByText(name, { exact: true }),
      });
      await row.first().waitFor({ timeout: 15_000 });
      if (depth === names.length - 1) return row.first();
      if ((await row.first().getAttribute('aria-expanded')) !== 'true') await row.first().click();
    }
    throw new Error(`“${file}” is no file name.`);
  }

  private async chooseInQuickInput(key: string, text: string, label: string): Promise<void> {
    const input = this.page.locator('.quick-input-widget input').first();
    const row = this.quickPickRows().filter({
      has: this.page.locator('.label-name').getByText(label, { exact: true }),
    });
    await this.retry(`“${label}” in the list of ${key}`, async () => {
      // A webview that is still loading swallows the key or takes the focus back, which closes the list: try again.
      await this.page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
      await this.page.keyboard.press(key);
      const filled = await input.fill(text, { timeout: 2000 }).then(succeeded, failed);
      const shown = filled && (await appears(row.first(), 3000));
      if (!shown) await this.page.keyboard.press('Escape');
      return shown;
    });
    await row.first().click();
  }

  /** Repeats an attempt until it succeeds; extensions are scanned while the workbench is already usable. */
  private async retry(what: string, attempt: () => Promise<boolean>): Promise<void> {
    const deadline = Date.now() + contributionTimeoutMs;
    while (!(await attempt())) {
      if (Date.now() > deadline) {
        const picture = await this.screenshot('not-found');
        throw new Error(`VS Code never showed ${what} (picture: ${picture}).`);
      }
    }
  }
}

/** The workbench itself complains about what was left out of the install and about the marketplace it cannot reach. */
function isWorkbenchNoise(message: ConsoleMessage): boolean {
  const { url } = message.location();
  return url.includes('/static/') || url.startsWith('https://') || message.text().includes('fetching the script');
}

function appears(locator: Locator, timeoutMs: number): Promise<boolean> {
  return locator.waitFor({ timeout: timeoutMs }).then(succeeded, failed);
}

const succeeded = () => true;
const failed = () => false;

/** A hidden webview keeps its document; only the one whose frame has a size can be seen. */
async function isVisible(frame: Frame): Promise<boolean> {
  return frame
    .evaluate(() => document.visibilityState === 'visible' && innerWidth > 0 && innerHeight > 0)
    .catch(() => false);
}
