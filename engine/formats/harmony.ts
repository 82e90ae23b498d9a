// Owns Harmony text (gpt-oss): <|start|>role<|channel|>analysis<|message|>…<|end|>, as a file of its own or in a field of a record.
// Analysis is reasoning. The frame holds everything between it and the final text, special tokens included.
import type { Message } from '../domain/example';
import type { Trace } from '../domain/trace';
import { promptOf } from './fields';
import type { Format, ReadTurn } from './format';
import { asTurns, readMessages } from './parts/conversation';
import { isObject, list, samplingOf, shortFields, text } from './parts/shape';

const analysisMark = /<\|channel\|>analysis[^<]{0,100}<\|message\|>/;

export const harmony: Format = {
  id: 'harmony',
  title: 'Harmony text (gpt-oss)',
  framing: 'text',
  recognizes: (_record, head) => (analysisMark.test(head.text) ? 70 : 0),
  read: (_record, whole) => asTurns(tracesOf(whole), {}),
};

export const harmonyField: Format = {
  id: 'harmony-field',
  title: 'Records with Harmony text in a field',
  framing: 'values',
  recognizes: (record) => (harmonyTexts(record).length > 0 ? 65 : 0),
  read(record) {
    const fields = isObject(record) ? shortFields(record, ['model']) : {};
    const model = isObject(record) ? text(record.model) : null;
    // A task is named here more often than told.
    const prompt = isObject(record) ? readMessages(promptOf({ ...record, task: null })) : [];
    const asked = prompt.map(({ role, content }) => ({ role, content }));
    const found = harmonyTexts(record).flatMap(tracesOf);
    const whole = found.some((one) => one.messages.some((message) => message.role === 'user'));
    const turns = whole ? found : found.map((one) => ({ ...one, messages: [...asked, ...one.messages] }));
    return asTurns(turns, { fields, model, sampling: samplingOf(record) });
  },
};

/** Strings of the record (or in its lists) that are Harmony. */
function harmonyTexts(record: unknown): readonly string[] {
  if (!isObject(record)) return [];
  return Object.values(record)
    .flatMap((value) => (typeof value === 'string' ? [value] : list(value)))
    .filter((value): value is string => typeof value === 'string' && analysisMark.test(value));
}

type Part = {
  readonly role: string;
  readonly channel: string;
  /** Where the part's header starts, its text, and where that ends. */
  readonly start: number;
  readonly textStart: number;
  readonly textEnd: number;
};

const header = /(?:<\|start\|>([^<]*))?(?:<\|channel\|>([^<]*))?(?:<\|constrain\|>[^<]*)?<\|message\|>/g;
const ending = /<\|(?:end|return|call|start)\|>/g;

function partsOf(whole: string): readonly Part[] {
  const parts: Part[] = [];
  for (const match of whole.matchAll(header)) {
    const textStart = match.index + match[0].length;
    ending.lastIndex = textStart;
    const textEnd = ending.exec(whole)?.index ?? whole.length;
    const role = (match[1] ?? 'assistant').trim().split(/\s+/)[0] ?? 'assistant';
    const channel = (match[2] ?? '').trim().split(/\s+/)[0] ?? '';
    parts.push({
      role: role.startsWith('functions.') ? 'tool' : role,
      channel,
      start: match.index,
      textStart,
      textEnd,
    });
  }
  return parts;
}

type Found = { readonly messages: readonly Message[]; readonly trace: Trace; readonly opaque: ReadTurn['opaque'] };

function tracesOf(whole: string): readonly Found[] {
  const parts = partsOf(whole);
  const found: Found[] = [];
  const messages: Message[] = [];
  for (let index = 0; index < parts.length; index += 1) {
    const part = parts[index]!;
    if (part.channel !== 'analysis') {
      messages.push({ role: part.role, content: whole.slice(part.textStart, part.textEnd) });
      continue;
    }
    let last = index;
    while (parts[last + 1]?.channel === 'analysis' && parts[last + 1]?.role === part.role) last += 1;
    const next = parts[last + 1]?.role === part.role ? parts[last + 1] : undefined;
    found.push({ messages: [...messages], trace: traceOf(whole, [part, parts[last]!, next]), opaque: null });
    index = last;
  }
  return found;
}

/** The turn starts behind `<|start|>assistant`, which the prompt template writes; it ends before the token that ends it. */
function traceOf(whole: string, [first, last, next]: readonly [Part, Part, Part | undefined]): Trace {
  const opening = whole.slice(first.start, first.textStart);
  const channel = opening.indexOf('<|channel|>');
  const frame = { before: '', open: channel < 0 ? opening : opening.slice(channel) };
  const reasoning = whole.slice(first.textStart, last.textEnd);
  if (!next) return { reasoning, frame: { ...frame, close: '' }, answerText: '' };
  return {
    reasoning,
    frame: { ...frame, close: whole.slice(last.textEnd, next.textStart) },
    answerText: whole.slice(next.textStart, next.textEnd),
  };
}
