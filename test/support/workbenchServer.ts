// Starts and stops the workbench server with one folder, one extension and throw-away user data, on loopback only.
// Must not know about browsers or about what is tested.

import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { installVscode, type VscodeInstall } from './vscodeInstall';

export interface WorkbenchServerSpec {
  /** The folder that VS Code opens; `null`: none. */
  readonly workspace: string | null;
  /** The extension: a folder (linked in) or a packaged .vsix (installed). */
  readonly extension: string;
  /** User settings beyond the quiet defaults. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** `trusted` (default): every folder is; `asked`: VS Code's own trust dialog decides. */
  readonly trust?: 'trusted' | 'asked';
  /** A secret that the address must carry; without one anybody on this machine may connect. */
  readonly token?: string;
}

export interface WorkbenchServer {
  readonly url: string;
  /** The folder that its windows open. */
  readonly folder: string | null;
  /** Everything the server writes, removed by `stop` unless COUNTERTHOUGHT_KEEP is set. */
  readonly dataDir: string;
  stop(): Promise<void>;
}

const startTimeoutMs = 60_000;
const stopTimeoutMs = 5_000;

const quietSettings = {
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.welcomePage.walkthroughs.openOnInstall': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.enableExperiments': false,
  'telemetry.telemetryLevel': 'off',
  'chat.disableAIFeatures': true,
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
  'update.mode': 'none',
  'git.enabled': false,
  'npm.fetchOnlinePackageInfo': false,
};

/** Resolves when the server answers; rejects with the tail of its log when it does not start. */
export async function startWorkbenchServer(spec: WorkbenchServerSpec): Promise<WorkbenchServer> {
  const vscode = await installVscode();
  const dataDir = fs.mkdtempSync(path.join(os.tmpdir(), 'counterthought-workbench-'));
  prepareData(dataDir, spec);
  await addExtension(vscode, dataDir, spec.extension);
  const port = await freePort();
  const child = spawnServer(vscode, dataDir, serverArgs(spec, port));
  const token = spec.token ? `tkn=${encodeURIComponent(spec.token)}&` : '';
  const opened = spec.workspace === null ? 'ew=true' : `folder=${encodeURIComponent(path.resolve(spec.workspace))}`;
  const url = `http://127.0.0.1:${port}/?${token}${opened}`;
  const server = { url, folder: spec.workspace, dataDir, stop: () => stopServer(child, dataDir) };
  try {
    await untilAnswers(child, url);
    return server;
  } catch (error) {
    const log = fs.readFileSync(path.join(dataDir, 'server.log'), 'utf8').slice(-2000);
    await server.stop();
    throw new Error(`The workbench server did not start (${(error as Error).message}). Its log ends with:\n${log}`);
  }
}

function prepareData(dataDir: string, spec: WorkbenchServerSpec): void {
  for (const name of ['server', 'extensions', 'user/User']) fs.mkdirSync(path.join(dataDir, name), { recursive: true });
  const settings = {
    ...quietSettings,
    'security.workspace.trust.enabled': spec.trust === 'asked',
    ...spec.settings,
  };
  fs.writeFileSync(path.join(dataDir, 'user/User/settings.json'), JSON.stringify(settings, null, 2));
}

/** A folder is linked under the name that VS Code expects; a package is installed the way a person would. */
async function addExtension(vscode: VscodeInstall, dataDir: string, extension: string): Promise<void> {
  if (extension.endsWith('.vsix')) {
    const child = spawnServer(vscode, dataDir, ['--install-extension', path.resolve(extension)]);
    const code = await new Promise((resolve) => child.once('exit', resolve));
    if (code !== 0) throw new Error(`VS Code refused to install ${extension}: ${path.join(dataDir, 'server.log')}`);
    return;
  }
  const manifest = JSON.parse(fs.readFileSync(path.join(extension, 'package.json'), 'utf8')) as Record<string, string>;
  const name = `${manifest.publisher}.${manifest.name}-${manifest.version}`;
  fs.symlinkSync(path.resolve(extension), path.join(dataDir, 'extensions', name), 'junction');
}

function serverArgs(spec: WorkbenchServerSpec, port: number): string[] {
  const args = ['--host', '127.0.0.1', '--port', String(port), '--disable-getting-started-override'];
  args.push('--disable-telemetry', '--disable-update-check');
  args.push(...(spec.token ? ['--connection-token', spec.token] : ['--without-connection-token']));
  if (spec.trust !== 'asked') args.push('--disable-workspace-trust');
  return args;
}

function spawnServer({ serverDir, node }: VscodeInstall, dataDir: string, args: readonly string[]): ChildProcess {
  // A workbench that runs inside another VS Code's terminal must not talk to that one.
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([key]) => !/^(VSCODE_|npm_|NODE_OPTIONS)/.test(key)),
  );
  const folders = [
    ...['--server-data-dir', path.join(dataDir, 'server')],
    ...['--user-data-dir', path.join(dataDir, 'user')],
    ...['--extensions-dir', path.join(dataDir, 'extensions')],
  ];
  const fixed = ['out/server-main.js', ...folders, '--telemetry-level', 'off', '--accept-server-license-terms'];
  const log = fs.openSync(path.join(dataDir, 'server.log'), 'a');
  const child = spawn(node, [...fixed, ...args], { cwd: serverDir, env, stdio: ['ignore', log, log] });
  fs.closeSync(log);
  return child;
}

async function untilAnswers(child: ChildProcess, url: string): Promise<void> {
  const deadline = Date.now() + startTimeoutMs;
  for (;;) {
    if (child.exitCode !== null) throw new Error(`exit code ${child.exitCode}`);
    const answered = await fetch(url, { redirect: 'manual' }).then(
      (response) => response.status < 400,
      () => false,
    );
    if (answered) return;
    if (Date.now() > deadline) throw new Error(`no answer within ${startTimeoutMs / 1000} s`);
    await sleep(100);
  }
}

async function stopServer(child: ChildProcess, dataDir: string): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    const exited = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), stopTimeoutMs);
    await exited;
    clearTimeout(timer);
  }
  if (!process.env.COUNTERTHOUGHT_KEEP) await removeFolder(dataDir);
}

const removalPauseMs = 250;

/**
 * An extension host outlives its server by some seconds and writes its log the while. Each try lists the folder anew, which the retries of
 * `rmSync` do not: they only wait for what was there at first.
 */
async function removeFolder(folder: string): Promise<void> {
  for (let triesLeft = 40; ; triesLeft -= 1) {
    try {
      fs.rmSync(folder, { recursive: true, force: true });
      return;
    } catch (error) {
      if (triesLeft === 0) throw error;
      await sleep(removalPauseMs);
    }
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = net.createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as net.AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}
