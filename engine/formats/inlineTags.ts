// Owns reasoning that stands between tags inside the turn's own text. Must not know records or messages.
import type { Trace } from '../domain/trace';

type TagPair = { readonly open: RegExp; readonly close: string };

/** Angle-bracket tags may carry attributes. */
const angle = (name: string): TagPair => ({
  open: new RegExp(`<${name}(?:\\s[^<>]{0,2000})?>`, 'g'),
  close: `</${name}>`,
});
const verbatim = (open: string, close: string): TagPair => ({
  open: new RegExp(open.replace(/[[\]|\\^$.*+?(){}/]/g, '\\$&'), 'g'),
  close,
});

/** Every pair that is known, in no order of rank: the text decides. */
const tagPairs: readonly TagPair[] = [
  angle('think'),
  angle('thinking'),
  angle('thought'),
  angle('reasoning'),
  angle('scratchpad'),
  angle('seed:think'),
  verbatim('<|begin_of_thought|>', '<|end_of_thought|>'),
  verbatim('<|thinking|>', '<|/thinking|>'),
  verbatim('[THINK]', '[/THINK]'),
  verbatim('◁think▷', '◁/think▷'),
];

type Found = {
  readonly rank: number;
  readonly openStart: number;
  readonly openEnd: number;
  readonly closeStart: number;
  readonly closeEnd: number;
};

/**
 * The trace that the text holds between the best pair of tags: a whole pair wins over a closing tag whose opening one was written by the
 * prompt template, that over an opening tag (at the very start) whose trace was cut off; then the earliest. `null` when there is none.
 */
export function splitInlineTags(text: string): Trace | null {
  let best: Found | null = null;
  for (const pair of tagPairs) {
    const found = findPair(text, pair);
    if (found && (!best || found.rank < best.rank || (found.rank === best.rank && found.openStart < best.openStart)))
      best = found;
  }
  if (!best) return null;
  return {
    reasoning: text.slice(best.openEnd, best.closeStart),
    frame: {
      before: text.slice(0, best.openStart),
      open: text.slice(best.openStart, best.openEnd),
      close: text.slice(best.closeStart, best.closeEnd),
    },
    answerText: text.slice(best.closeEnd),
  };
}

function findPair(text: string, pair: TagPair): Found | null {
  pair.open.lastIndex = 0;
  const open = pair.open.exec(text);
  const firstClose = text.indexOf(pair.close);
  if (firstClose >= 0 && (!open || firstClose < open.index)) {
    return { rank: 1, openStart: 0, openEnd: 0, closeStart: firstClose, closeEnd: firstClose + pair.close.length };
  }
  if (!open) return null;
  const opened = { openStart: open.index, openEnd: open.index + open[0].length };
  if (firstClose >= 0) {
    const closeStart = matchingClose(text, pair, opened.openEnd) ?? firstClose;
    return { rank: 0, ...opened, closeStart, closeEnd: closeStart + pair.close.length };
  }
  if (text.slice(0, open.index).trim() !== '') return null;
  return { rank: 2, ...opened, closeStart: text.length, closeEnd: text.length };
}

/** The closing tag that balances nested pairs; `null` when they do not balance (a tag that is only mentioned). */
function matchingClose(text: string, pair: TagPair, start: number): number | null {
  let depth = 1;
  let at = start;
  for (;;) {
    const close = text.indexOf(pair.close, at);
    if (close < 0) return null;
    depth += countOpens(text.slice(at, close), pair) - 1;
    if (depth === 0) return close;
    at = close + pair.close.length;
  }
}

const countOpens = (text: string, pair: TagPair): number => text.match(pair.open)?.length ?? 0;
