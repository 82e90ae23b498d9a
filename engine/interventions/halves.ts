// Owns the trace edits that delete half of the tokens from elsewhere than the end: against `half-closed`, which deletes the second half,
// they tell whether it matters which half is gone. Half is the same count everywhere: ⌊n/2⌋ of the span's n tokens.
import { chosenBy } from '../domain/textHash';
import { bodyEnd, type Range, type TextChange } from '../domain/trace';
import type { TraceEdit, TraceGrid } from './intervention';
import { cutTrace } from './keepClose';
import { bodyStart } from './stepCores';

const whole = { unit: 'fraction', value: 1 } as const;

export const firstHalfDeleted: TraceEdit = {
  descriptor: {
    id: 'first-half-deleted',
    title: 'First half deleted',
    question: 'Is the answer kept from the second half of the reasoning alone?',
    keep: whole,
    close: 'closed',
    params: [],
  },
  rewrite: (grid) => deletion(grid, 0),
  apply: cutTrace,
};

export const randomHalfDeleted: TraceEdit = {
  descriptor: {
    id: 'random-half-deleted',
    title: 'Random half deleted',
    question: 'Is the answer kept when half of the reasoning is gone, no matter which half?',
    keep: whole,
    close: 'closed',
    params: [],
  },
  rewrite: (grid, _params, { seed }) =>
    deletion(grid, chosenBy(`${seed}/random half`, Math.max(1, grid.tokenEnds.length))),
  apply: cutTrace,
};

/**
 * Deletes ⌊n/2⌋ tokens from token `first` on, going on at the beginning where the end is reached, so that every token is as likely gone
 * as any other. From 0 it is the first half.
 */
function deletion(grid: TraceGrid, first: number): { changes: readonly TextChange[]; note: string } {
  const n = grid.tokenEnds.length;
  const count = Math.floor(n / 2);
  const beyond = Math.max(0, first + count - n);
  const ranges = [between(grid, 0, beyond), between(grid, first, Math.min(n, first + count))];
  const changes = ranges.filter(({ start, end }) => end > start).map((range) => ({ range, is: '' }));
  return { changes, note: `${count} of ${n} tokens deleted, from token ${first + 1} on` };
}

/** From the end of the first `from` tokens to that of the first `to`, inside the body and between characters. */
function between({ reasoning, tokenEnds }: TraceGrid, from: number, to: number): Range {
  const [least, most] = [bodyStart(reasoning), bodyEnd(reasoning)];
  const offset = (count: number): number => {
    let k = count;
    while (k > 0 && !isBoundary(reasoning, tokenEnds[k - 1])) k -= 1;
    return Math.min(Math.max(tokenEnds[k - 1] ?? 0, least), most);
  };
  return { start: offset(from), end: offset(to) };
}

const isBoundary = (text: string, end: number | null | undefined): boolean =>
  end !== null && end !== undefined && !/^[\uD800-\uDBFF][\uDC00-\uDFFF]/.test(text.slice(Math.max(0, end - 1)));
