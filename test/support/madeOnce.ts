// Makes a folder exactly once, also when several processes ask at the same time or one of them is killed half-way.
// Knows nothing of what the folder is for.

import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const pollMs = 500;
/** A lock this old belongs to a process that died on another machine or in another container. */
const staleLockMs = 20 * 60_000;

/**
 * Returns `folder` after `make` has filled it once. `make` gets an empty scratch folder, which becomes `folder` only
 * when it succeeds.
 */
export async function madeOnce(folder: string, make: (scratch: string) => Promise<void> | void): Promise<string> {
  const lock = `${folder}.lock`;
  fs.mkdirSync(path.dirname(folder), { recursive: true });
  while (!fs.existsSync(path.join(folder, '.done'))) {
    if (!tryLock(lock)) {
      await sleep(pollMs);
      continue;
    }
    try {
      if (!fs.existsSync(path.join(folder, '.done'))) await fill(folder, make);
    } finally {
      fs.rmSync(lock, { force: true });
    }
  }
  return folder;
}

async function fill(folder: string, make: (scratch: string) => Promise<void> | void): Promise<void> {
  const scratch = `${folder}.partial`;
  for (const old of [scratch, folder]) fs.rmSync(old, { recursive: true, force: true });
  fs.mkdirSync(scratch, { recursive: true });
  await make(scratch);
  fs.writeFileSync(path.join(scratch, '.done'), '');
  fs.renameSync(scratch, folder);
}

/** The lock is a file that names its owner's process, so that the lock of a killed process can be taken over. */
function tryLock(lock: string): boolean {
  try {
    fs.writeFileSync(lock, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    if (isAbandoned(lock)) fs.rmSync(lock, { force: true });
    return false;
  }
}

function isAbandoned(lock: string): boolean {
  try {
    if (Date.now() - fs.statSync(lock).mtimeMs > staleLockMs) return true;
    const owner = Number(fs.readFileSync(lock, 'utf8'));
    if (owner > 0) process.kill(owner, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}
