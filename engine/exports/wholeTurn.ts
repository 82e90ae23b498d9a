// Owns a turn as one text again: what it was split from, or, where reasoning had a field of its own, with tags around it.
import type { Trace } from '../domain/trace';

/** @param tags for a trace whose record had none; without them nothing but its own space stands between reasoning and answer */
export function wholeTurn({ reasoning, frame, answerText }: Trace, tags: readonly [string, string] = ['', '']): string {
  const { before, open, close } = frame ?? { before: '', open: '', close: '' };
  const hasTags = (open + close).trim() !== '';
  const around = hasTags ? ([open, close] as const) : ([tags[0], tags[1] + close] as const);
  return before + around[0] + reasoning + around[1] + answerText;
}
