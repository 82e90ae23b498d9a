// Fetches single npm packages through the ordinary npm client, pinned by content. Knows nothing of what is in them.

import { type ExecFileSyncOptionsWithStringEncoding, execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

export interface PinnedPackage {
  readonly name: string;
  readonly version: string;
  /** As npm prints it: `sha512-` and base64. */
  readonly integrity: string;
}

/** Downloads a package and unpacks some of its members into `folder`; the archive's top folder is `package`. */
export function unpackPackage(wanted: PinnedPackage, members: readonly string[], folder: string): void {
  const id = `${wanted.name}@${wanted.version}`;
  const answer: unknown = JSON.parse(npm(['pack', '--json', id], folder));
  const info = packInfo(answer);
  if (info.integrity !== wanted.integrity) {
    throw new Error(`${id} is not the package this project was tested with (${info.integrity}); its content changed.`);
  }
  execFileSync('tar', ['-xzf', info.filename, ...members], { cwd: folder });
  fs.rmSync(path.join(folder, info.filename));
}

/** Runs npm in a folder and returns what it printed; none of the calling npm's own settings leak in but where to fetch. */
export function npm(args: readonly string[], folder: string): string {
  const keep = /registry|cafile|cache|proxy|nodedir/i;
  const env = Object.fromEntries(Object.entries(process.env).filter(([key]) => !/^npm_/i.test(key) || keep.test(key)));
  const npmCli = process.env.npm_execpath;
  const options: ExecFileSyncOptionsWithStringEncoding = {
    cwd: folder,
    env,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  };
  const quiet = [...args, '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error'];
  try {
    if (npmCli?.endsWith('.js')) return execFileSync(process.execPath, [npmCli, ...quiet], options);
    return execFileSync('npm', quiet, { ...options, shell: process.platform === 'win32' });
  } catch (error) {
    throw new Error(`npm ${args.join(' ')} failed: ${(error as { stderr?: string }).stderr?.trim() ?? String(error)}`);
  }
}

/** npm 11 prints a list, npm 12 an object by package name. */
function packInfo(answer: unknown): { readonly filename: string; readonly integrity: string } {
  const [info] = Object.values(answer as Record<string, { filename: string; integrity: string }>);
  if (!info) throw new Error('npm pack printed no package.');
  return info;
}
