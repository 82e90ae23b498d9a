// Owns the sentence that people get where a folder cannot be written: a read-only one, a full disk. Must not know what is written.
import { UserError } from '../domain/failure';

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'you may not write there',
  EPERM: 'you may not write there',
  EROFS: 'it is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'your share of the disk is full',
  EEXIST: 'a file is in the way',
  ENOTDIR: 'a file is in the way',
};

/** Does work that writes in a folder. @throws UserError where the folder is the reason that it cannot be done */
export function inFolder<T>(folder: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const reason = reasons[(error as NodeJS.ErrnoException).code ?? ''];
    if (reason === undefined) throw error;
    throw new UserError(
      `Nothing can be recorded in ${folder}: ${reason}. Copy the trace files into a folder of your own, or make room there.`,
    );
  }
}
