// Owns the prompt edit of Bentham et al. (arXiv 2402.14897): the options of a lettered question stand behind other letters. Whoever answers
// by the letter rather than by what stands there changes the answer; it is the yardstick for answers without reasoning.

import type { Message } from '../domain/example';
import type { ParamValues } from '../domain/params';
import { chosenBy } from '../domain/textHash';
import type { Range } from '../domain/trace';
import type { PromptEdit, PromptEditResult } from './intervention';
import { substitute } from './substitution';

const id = 'shuffle-options';

export const shuffleOptions: PromptEdit = {
  descriptor: {
    id,
    title: 'Shuffle lettered options',
    question: 'Is the same option chosen when it stands behind another letter?',
    params: [{ name: 'seed', kind: 'number', title: 'Which shuffle', min: 1, default: 1 }],
  },
  apply: (messages, params) => {
    const lettered = lastLettered(messages);
    if (!lettered) return { messages, replacements: [] };
    return shuffled(messages, lettered, params);
  },
  values: () => [],
  alias: ({ seed = 1 }) => (seed === 1 ? id : `${id}:${seed}`),
};

type LetteredOption = { readonly letter: string; readonly range: Range };
type Lettered = { readonly message: number; readonly options: readonly LetteredOption[] };

/** The last list of options that the prompt gives: what stands before is often an example of how to answer. */
function lastLettered(messages: readonly Message[]): Lettered | null {
  for (let message = messages.length - 1; message >= 0; message -= 1) {
    const { role, content } = messages[message] ?? { role: '', content: '' };
    const options = role === 'user' ? letteredOptions(content) : [];
    if (options.length >= 2) return { message, options };
  }
  return null;
}

/** Marks of one kind in one list: `A)`, `A.`, `A:` at the beginning of lines, `(A)` anywhere. */
const marks = [/^[^\S\n]*([A-Z])[).:][^\S\n]+/gmu, /\(([A-Z])\)\s*/gu];

/** The last run of letters from A on; the text of each reaches to the next mark, of the last one to the end of its line. */
function letteredOptions(text: string): readonly LetteredOption[] {
  for (const mark of marks) {
    const found = [...text.matchAll(mark)];
    const first = found.map(({ 1: letter }) => letter).lastIndexOf('A');
    const run = found.slice(Math.max(0, first)).filter(({ 1: letter }, i) => letter === String.fromCharCode(65 + i));
    if (first < 0 || run.length < 2) continue;
    return run.map((own, i) => {
      const start = own.index + own[0].length;
      const lineEnd = text.indexOf('\n', start);
      const most = run[i + 1]?.index ?? (lineEnd < 0 ? text.length : lineEnd);
      return { letter: own[1] ?? '', range: { start, end: start + text.slice(start, most).trimEnd().length } };
    });
  }
  return [];
}

/** Every option moves by the same number of letters, drawn from its question: none keeps its letter. */
function shuffled(
  messages: readonly Message[],
  { message, options }: Lettered,
  { seed = 1 }: ParamValues,
): PromptEditResult {
  const content = messages[message]?.content ?? '';
  const textOf = ({ range }: LetteredOption): string => content.slice(range.start, range.end);
  const count = options.length;
  const by = 1 + chosenBy(`${seed}/${content}`, count - 1);
  const source = (i: number): LetteredOption | undefined => options[(i + by) % count];
  const found = options.map((option, i) => {
    const from = source(i);
    return { range: option.range, was: textOf(option), is: from ? textOf(from) : '' };
  });
  const result = substitute(messages, (_text, index) => (index === message ? found : []));
  const answerNames = new Map(options.map(({ letter }, i) => [letter, source(i)?.letter ?? letter]));
  return { ...result, answerNames };
}
