// Owns the prompt edit of Bentham et al. (arXiv 2402.14897): the options of a lettered question stand behind other letters. Whoever answers
// by the letter rather than by what stands there changes the answer; it is the yardstick for answers without reasoning.

import type { Message } from '../domain/example';
import type { ParamValues } from '../domain/params';
import { chosenBy } from '../domain/textHash';
import type { PromptEdit, PromptEditResult } from './intervention';
import { type Lettered, type LetteredOption, lastLettered } from './letteredOptions';
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
