// Owns the rule that exactly one process appends to a run. Must not know what is written.
import fs from 'node:fs';
import path from 'node:path';
import { UserError } from '../domain/failure';

/** `true` when a process of this id lives on this machine. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** The process that writes in this folder now; `null` when none does. */
export function currentWriter(dir: string): number | null {
  try {
    const pid = Number(fs.readFileSync(path.join(dir, 'writer.lock'), 'utf8'));
    return Number.isInteger(pid) && pid > 0 && isAlive(pid) ? pid : null;
  } catch {
    return null;
  }
}

/**
 * Takes the lock of a folder; a lock whose process is gone is taken over.
 * @returns the function that gives it back.
 * @throws UserError when another process is writing.
 */
export function takeWriterLock(dir: string): () => void {
  const file = path.join(dir, 'writer.lock');
  const writer = currentWriter(dir);
  if (writer !== null) {
    throw new UserError(`${dir} is being written by process ${writer}; wait for it or stop it, then try again.`);
  }
  fs.rmSync(file, { force: true });
  try {
    fs.writeFileSync(file, String(process.pid), { flag: 'wx' });
  } catch {
    throw new UserError(`${dir} has just been taken by another process; wait for it, then try again.`);
  }
  return () => fs.rmSync(file, { force: true });
}
