// Owns the rule that exactly one process appends to a run: a lock file that its writer keeps fresh. A lock that nobody keeps fresh is taken
// over, whatever machine or process id it names. Must not know what is written.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { UserError } from '../domain/failure';

/** How often the writer renews its lock, and after how long without renewal it counts as gone. */
const renewEveryMs = 2_000;
const staleAfterMs = 30_000;

type Lock = { readonly pid: number; readonly host: string; readonly token: string };

const lockFile = (dir: string): string => path.join(dir, 'writer.lock');

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function readLock(file: string): (Lock & { readonly ageMs: number }) | null {
  try {
    const ageMs = Date.now() - fs.statSync(file).mtimeMs;
    const { pid, host, token } = JSON.parse(fs.readFileSync(file, 'utf8')) as Lock;
    return { pid, host, token, ageMs };
  } catch {
    return null;
  }
}

/** The process that keeps this lock file; `null` when none does. */
function keeperOf(file: string): number | null {
  const lock = readLock(file);
  if (!lock || lock.ageMs > staleAfterMs) return null;
  return lock.host === os.hostname() && !isAlive(lock.pid) ? null : lock.pid;
}

/** The process that writes in this folder now; `null` when none does. */
export const currentWriter = (dir: string): number | null => keeperOf(lockFile(dir));

/**
 * Takes the lock of a folder; one whose writer is gone is taken over.
 * @returns the function that gives it back.
 * @throws UserError when another process is writing.
 */
export function takeWriterLock(dir: string): () => void {
  const file = lockFile(dir);
  const writer = currentWriter(dir);
  if (writer !== null) {
    throw new UserError(`${dir} is being written by process ${writer}; wait for it or stop it, then try again.`);
  }
  const token = `${process.pid}-${process.hrtime.bigint()}`;
  if (!setAside(file, token)) throw justTaken(dir);
  const lock: Lock = { pid: process.pid, host: os.hostname(), token };
  try {
    fs.writeFileSync(file, JSON.stringify(lock), { flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    throw justTaken(dir);
  }
  const timer = setInterval(() => renew(file, token), renewEveryMs);
  timer.unref();
  return () => {
    clearInterval(timer);
    if (readLock(file)?.token === token) fs.rmSync(file, { force: true });
  };
}

const justTaken = (dir: string): UserError =>
  new UserError(`${dir} has just been taken by another process; wait for it, then try again.`);

/** Moves a dead lock away in one step. @returns false, and puts it back, when another process has made a fresh one in the meantime. */
function setAside(file: string, token: string): boolean {
  const aside = `${file}.${token}`;
  try {
    fs.renameSync(file, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return true;
    throw error;
  }
  const isFresh = keeperOf(aside) !== null;
  if (isFresh) fs.renameSync(aside, file);
  else fs.rmSync(aside, { force: true });
  return !isFresh;
}

function renew(file: string, token: string): void {
  if (readLock(file)?.token !== token) return;
  const now = new Date();
  fs.utimesSync(file, now, now);
}
