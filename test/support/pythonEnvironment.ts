// Makes Python environments with pinned packages in the cache folder, outside the tree. Knows nothing of what runs there.
import { type ExecFileSyncOptionsWithStringEncoding, execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { madeOnce } from './madeOnce';
import { cacheFolder } from './paths';

const candidates = ['python3.13', 'python3.12', 'python3.11', 'python3', 'python'];
const oldestMinor = 11;
const print: ExecFileSyncOptionsWithStringEncoding = {
  encoding: 'utf8',
  stdio: ['ignore', 'pipe', 'pipe'],
  maxBuffer: 64 << 20,
};

/**
 * Path of the Python of an environment that holds the packages of a requirements file; made on first use.
 * @throws Error in one sentence when there is no Python ≥ 3.11, or with pip's own words.
 */
export async function pythonEnvironment(requirements: string): Promise<string> {
  const base = findPython();
  const key = createHash('sha256').update(fs.readFileSync(requirements)).update(base.version).digest('hex');
  const folder = await madeOnce(path.join(cacheFolder(), `python-${key.slice(0, 12)}`), (scratch) => {
    runProgram(base.command, ['-m', 'venv', '--clear', scratch]);
    runProgram(pythonIn(scratch), ['-m', 'pip', 'install', '--quiet', '--requirement', requirements]);
  });
  return pythonIn(folder);
}

/**
 * As `pythonEnvironment`, for packages that ask for others that cannot be had: `overrides` says what they get instead. pip knows no such
 * thing, so it is uv that installs.
 */
export async function overriddenEnvironment(requirements: string, overrides: string): Promise<string> {
  const base = findPython();
  const hash = createHash('sha256').update(base.version);
  for (const file of [requirements, overrides]) hash.update(fs.readFileSync(file));
  const folder = await madeOnce(path.join(cacheFolder(), `python-${hash.digest('hex').slice(0, 12)}`), (scratch) => {
    runProgram(base.command, ['-m', 'venv', '--clear', scratch]);
    const python = pythonIn(scratch);
    runProgram(python, ['-m', 'pip', 'install', '--quiet', uv]);
    const install = ['-m', 'uv', 'pip', 'install', '--quiet', '--no-cache', '--python', python];
    runProgram(python, [...install, '--override', overrides, '--requirement', requirements]);
  });
  return pythonIn(folder);
}

const uv = 'uv==0.13.9';

/** Runs a program and returns what it printed. @throws Error with what it wrote to standard error. */
export function runProgram(command: string, args: readonly string[]): string {
  // One thread: the matrices are small; with two the check of a tiny model took 3 to 4 times the CPU time.
  const env = {
    OPENBLAS_NUM_THREADS: '1',
    ...process.env,
    PIP_DISABLE_PIP_VERSION_CHECK: '1',
    PYTHONDONTWRITEBYTECODE: '1',
  };
  try {
    return execFileSync(command, args, { ...print, env });
  } catch (error) {
    const { stderr, message } = error as Error & { readonly stderr?: string };
    throw new Error(`${path.basename(command)} ${args.slice(0, 3).join(' ')} failed: ${stderr?.trim() || message}`);
  }
}

function pythonIn(folder: string): string {
  return process.platform === 'win32' ? path.join(folder, 'Scripts', 'python.exe') : path.join(folder, 'bin', 'python');
}

/** Whether there is a Python that the environments can be made with. */
export function hasPython(): boolean {
  try {
    findPython();
    return true;
  } catch {
    return false;
  }
}

function findPython(): { readonly command: string; readonly version: string } {
  for (const command of candidates) {
    const version = versionOf(command);
    const [major = 0, minor = 0] = version.split('.').map(Number);
    if (major === 3 && minor >= oldestMinor) return { command, version };
  }
  throw new Error(`This needs Python 3.${oldestMinor} or newer on the path (tried ${candidates.join(', ')}).`);
}

function versionOf(command: string): string {
  try {
    return execFileSync(command, ['-c', 'import platform; print(platform.python_version())'], print).trim();
  } catch {
    return '';
  }
}
