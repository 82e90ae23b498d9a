// Owns what a run would change, in lines of words: every replacement counted, and the first examples edited and cut.
import type { ExamplePreview, PromptEditCount, RunPreview, TracePreview } from './preview';

export const previewLines = ({ prompts, examples }: RunPreview): readonly string[] => [
  ...prompts.flatMap(countLines),
  ...examples.flatMap(exampleLines),
];

const mostPairs = 8;
const mostOrdinals = 12;

function countLines({ alias, prompts, replacements, untouched, pairs }: PromptEditCount): readonly string[] {
  const shown = pairs.slice(0, mostPairs).map(({ was, is, count }) => `  ${was} → ${is}: ${count}`);
  const more = pairs.length > mostPairs ? [`  and ${pairs.length - mostPairs} other pairs`] : [];
  const ordinals = untouched.slice(0, mostOrdinals).map((ordinal) => ordinal + 1);
  const ellipsis = untouched.length > mostOrdinals ? ', …' : '';
  const nothing =
    untouched.length > 0
      ? [`  touches nothing in ${untouched.length} of ${prompts}: examples ${ordinals.join(', ')}${ellipsis}`]
      : [];
  return [`${alias}: ${replacements} replacements in ${prompts} prompts`, ...shown, ...more, ...nothing];
}

function exampleLines({ ordinal, title, example, prompts, traces }: ExamplePreview): readonly string[] {
  const edits = prompts.flatMap(({ alias, replacements }) => {
    const places = replacements.map(({ message, range, is }) => {
      const { role, content } = example.messages[message] ?? { role: '', content: '' };
      return `    ${role}: ${inContext(content, range, is)}`;
    });
    return [`  ${alias}: ${places.length === 0 ? 'touches nothing' : ''}`.trimEnd(), ...places];
  });
  return [
    '',
    `Example ${ordinal + 1}: ${title}`,
    ...edits,
    ...traces.flatMap((trace) => traceLines(trace, example.trace.reasoning)),
  ];
}

const mostChanges = 6;

function traceLines(trace: TracePreview, reasoning: string): readonly string[] {
  if ('omitted' in trace) return [`  ${trace.alias}: ${trace.omitted}`];
  const { k, n, note, changes = [] } = trace.cut;
  const words = [`keeps ${k} of ${n} tokens`, ...(note === undefined ? [] : [note])].join('; ');
  const shown = changes.slice(0, mostChanges).map(({ range, is }) => `    ${inContext(reasoning, range, is)}`);
  const more = changes.length > mostChanges ? [`    and ${changes.length - mostChanges} more changes`] : [];
  return [`  ${trace.alias}: ${words}`, ...shown, ...more];
}

const around = 32;
const longest = 72;

/** `…the applicant is [American → Canadian], female…` */
function inContext(text: string, { start, end }: { readonly start: number; readonly end: number }, is: string): string {
  const before = text.slice(Math.max(0, start - around), start);
  const after = text.slice(end, end + around);
  const ends = [start > around ? '…' : '', end + around < text.length ? '…' : ''];
  const change = `[${shortened(text.slice(start, end))} → ${shortened(is)}]`;
  return `${ends[0]}${before}${change}${after}${ends[1]}`.replace(/\s+/g, ' ').trim();
}

function shortened(text: string): string {
  if (text === '') return 'nothing';
  return text.length > longest ? `${text.slice(0, longest / 2)} … ${text.slice(-longest / 2)}` : text;
}
