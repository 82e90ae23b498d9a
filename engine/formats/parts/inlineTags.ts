// Owns reasoning that stands between tags inside the turn's own text: which marks open and close it. Must not know records or messages.
import type { Trace } from '../../domain/trace';

/** `alone`: whether the closing tag tells by itself, its opening one having been written by the prompt template. */
type TagPair = { readonly open: RegExp; readonly close: string; readonly alone: boolean };

const escaped = (words: string): string => words.replace(/[[\]|\\^$.*+?(){}/]/g, '\\$&');
const verbatim = (open: string, close: string, alone = true): TagPair => ({
  open: new RegExp(escaped(open), 'g'),
  close,
  alone,
});
/** Angle-bracket tags may carry attributes. */
const angle = (name: string, alone: boolean): TagPair => ({
  open: new RegExp(`<${escaped(name)}(?:\\s[^<>]{0,2000})?>`, 'g'),
  close: `</${name}>`,
  alone,
});

/** Marks that no rule below derives, in no order of rank: the text decides. */
const oddPairs: readonly TagPair[] = [
  verbatim('<|inner_prefix|>', '<|inner_suffix|>'),
  verbatim('<unused94>thought\n', '<unused95>'),
  verbatim('<|channel>thought\n', '<channel|>'),
  verbatim('<|im_start|>think\n', '<|im_start|>answer\n', false),
  verbatim('--------------\n► **THINKING**', '------------\n► **ANSWER**', false),
  { open: /<details type="reasoning"[^<>]*>\s*<summary>[^<]*<\/summary>/g, close: '</details>', alone: false },
];

/** Names that mean nothing but reasoning, and names that mean it where both tags are there. */
const certainName = /^(?:think(?:ing)?|thoughts?|reasoning|scratchpad|seed:think)$/;
const reasoningName =
  /(?:^|[_:.\- ])(?:think(?:ing)?|thoughts?|reason(?:ing)?|scratch_?pad|rationale|monologue|cot|chain_of_thought|analysis|deliberation)(?:$|[_:.\- ])/i;

/** camelCase counts as words of its own. */
const isReasoningName = (name: string): boolean => reasoningName.test(name.replace(/([a-z])([A-Z])/g, '$1_$2'));

/** `<name …>`, `</name>`, `<|name|>`, `<|/name|>`, `[NAME]`, `[/NAME]`, `◁name▷`: the ends of tags whose name is in group 1 to 4. */
const tagForm =
  /<\/?([A-Za-z][\w:.-]{0,40})(?=[\s>])|<\|\/?([A-Za-z][\w:.-]{0,40})\|>|\[\/?([A-Z][A-Z_]{1,30})\]|◁\/?([a-z]{1,20})▷/g;

/** Names of the form begin_of_X, X_start: the opening mark and the closing one that goes with it. */
const paired: readonly (readonly [RegExp, string])[] = [
  [/^begin_of_(.+)$/, 'end_of_$1'],
  [/^end_of_(.+)$/, 'end_of_$1'],
  [/^(start|START)_(.+)$/, '$1:$2'],
  [/^(.+)_start$/, '$1_end'],
  [/^(.+)_end$/, '$1_end'],
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
  return bestOf(text, [...namedPairs(text), ...oddPairs]);
}

/** The trace between a pair that somebody names; without an opening tag, the text up to the closing one. */
export function splitNamedTags(text: string, open: string, close: string): Trace | null {
  if (open !== '') return bestOf(text, [verbatim(open, close)]);
  const at = text.indexOf(close);
  const found = { rank: 1, openStart: 0, openEnd: 0, closeStart: at, closeEnd: at + close.length };
  return at < 0 ? null : traceOf(text, found);
}

function bestOf(text: string, pairs: readonly TagPair[]): Trace | null {
  let best: Found | null = null;
  for (const pair of pairs) {
    const found = findPair(text, pair);
    if (found && (!best || found.rank < best.rank || (found.rank === best.rank && found.openStart < best.openStart)))
      best = found;
  }
  return best && traceOf(text, best);
}

const traceOf = (text: string, { openStart, openEnd, closeStart, closeEnd }: Found): Trace => ({
  reasoning: text.slice(openEnd, closeStart),
  frame: {
    before: text.slice(0, openStart),
    open: text.slice(openStart, openEnd),
    close: text.slice(closeStart, closeEnd),
  },
  answerText: text.slice(closeEnd),
});

const knownPairs = new Map<string, TagPair | null>();
const mostKnown = 1000;

/** A pair for every name of reasoning that the text has a tag of. */
function namedPairs(text: string): readonly TagPair[] {
  const pairs = new Set<TagPair>();
  for (const [, angled, barred, bracketed, triangled] of text.matchAll(tagForm)) {
    const pair =
      known(`<${angled}`, angled, anglePair) ??
      known(`|${barred}`, barred, barredPair) ??
      known(`[${bracketed}`, bracketed, (name) => bracketPair(`[${name}]`, `[/${name}]`, name)) ??
      known(`◁${triangled}`, triangled, (name) => bracketPair(`◁${name}▷`, `◁/${name}▷`, name));
    if (pair) pairs.add(pair);
  }
  return [...pairs];
}

/** Texts are many and names few: each is judged once. */
function known(key: string, name: string | undefined, make: (name: string) => TagPair | null): TagPair | null {
  if (name === undefined) return null;
  const found = knownPairs.get(key);
  if (found !== undefined) return found;
  const pair = make(name);
  if (knownPairs.size < mostKnown) knownPairs.set(key, pair);
  return pair;
}

const anglePair = (name: string): TagPair | null =>
  isReasoningName(name) ? angle(name, certainName.test(name)) : null;

const bracketPair = (open: string, close: string, name: string): TagPair | null =>
  isReasoningName(name) ? verbatim(open, close) : null;

function barredPair(name: string): TagPair | null {
  if (!isReasoningName(name)) return null;
  for (const [form] of paired) {
    const match = form.exec(name);
    if (!match) continue;
    if (/^(?:begin|end)_of_/.test(name)) return verbatim(`<|begin_of_${match[1]}|>`, `<|end_of_${match[1]}|>`);
    if (match[2] !== undefined)
      return verbatim(`<|${name}|>`, `<|${match[1] === 'START' ? 'END' : 'end'}_${match[2]}|>`);
    return verbatim(`<|${match[1]}_start|>`, `<|${match[1]}_end|>`);
  }
  return verbatim(`<|${name}|>`, `<|/${name}|>`);
}

function findPair(text: string, pair: TagPair): Found | null {
  pair.open.lastIndex = 0;
  const open = pair.open.exec(text);
  const firstClose = text.indexOf(pair.close);
  if (firstClose >= 0 && (!open || firstClose < open.index)) {
    if (!pair.alone) return null;
    return { rank: 1, openStart: 0, openEnd: 0, closeStart: firstClose, closeEnd: firstClose + pair.close.length };
  }
  if (!open) return null;
  const opened = { openStart: open.index, openEnd: open.index + open[0].length };
  if (firstClose >= 0) {
    const closeStart = matchingClose(text, pair, opened.openEnd) ?? firstClose;
    return { rank: 0, ...opened, closeStart, closeEnd: closeStart + pair.close.length };
  }
  if (!pair.alone || text.slice(0, open.index).trim() !== '') return null;
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
