// Owns progress on standard error: one line that is rewritten in a terminal, a line every ten seconds elsewhere.
import type { RunProgress } from '../service/contract';
import { note } from './command';

const quietMs = 10_000;

/** `3 s`, `2 min`. */
export const timeText = (ms: number): string =>
  ms < 60_000 ? `${Math.ceil(ms / 1000)} s` : `${Math.ceil(ms / 60_000)} min`;

const counted = (count: number, thing: string): string => `${count} ${thing}${count === 1 ? '' : 's'}`;

export function progressPrinter(): (progress: RunProgress) => void {
  let lastMs = 0;
  return (progress) => {
    if (progress.type === 'wrote' || progress.type === 'answered') return;
    if (progress.type === 'planned') {
      note(`${counted(progress.examples, 'example')} × ${counted(progress.conditions, 'condition')} → ${progress.dir}`);
      return;
    }
    const { done, planned, etaMs } = progress;
    const line = `${done} of ${planned} examples${etaMs === null || done === planned ? '' : `, about ${timeText(etaMs)} left`}`;
    const isLast = done === planned;
    if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${line}${isLast ? '\n' : ''}`);
    else if (isLast || Date.now() - lastMs > quietMs) {
      lastMs = Date.now();
      note(line);
    }
  };
}
