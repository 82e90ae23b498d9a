// npm run code: opens the extension and the samples in the desktop VS Code if there is one, else serves the real
// workbench to a browser on this machine, behind a random token, until Ctrl-C.

import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { projectRoot } from './paths';
import { startWorkbenchServer } from './workbenchServer';

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({ options: { browser: { type: 'boolean' } }, allowPositionals: true });
  const workspace = path.resolve(positionals[0] ?? path.join(projectRoot, 'samples'));
  if (!values.browser && openDesktop(workspace)) return;
  const token = randomBytes(24).toString('base64url');
  console.log('Starting VS Code for the browser (the first time it is installed, about half a minute) ...');
  const server = await startWorkbenchServer({ workspace, extension: projectRoot, token });
  console.log(`\nOpen this address on this machine:\n\n  ${server.url}\n\nCtrl-C stops it.`);
  if (hasDisplay()) openAddress(server.url);
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
  await server.stop();
}

/** Returns false when there is no desktop VS Code on the path. */
function openDesktop(workspace: string): boolean {
  const args = [`--extensionDevelopmentPath=${projectRoot}`, workspace];
  const result = spawnSync('code', args, { stdio: 'inherit', shell: process.platform === 'win32' });
  if (result.error || result.status !== 0) return false;
  console.log('Opened in the desktop VS Code. (npm run code -- --browser serves it to a browser instead.)');
  return true;
}

function hasDisplay(): boolean {
  return process.platform !== 'linux' || Boolean(process.env.DISPLAY ?? process.env.WAYLAND_DISPLAY);
}

/** Best effort: the address is printed anyway. */
function openAddress(url: string): void {
  const [command, ...args] = { darwin: ['open', url], win32: ['cmd', '/c', 'start', '""', url] }[
    process.platform as string
  ] ?? ['xdg-open', url];
  spawn(command as string, args, { stdio: 'ignore', detached: true })
    .once('error', () => undefined)
    .unref();
}

main().catch((error: unknown) => {
  console.error((error as Error).message);
  process.exitCode = 1;
});
