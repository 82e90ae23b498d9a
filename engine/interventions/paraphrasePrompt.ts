// Owns the prompt edit that says the prompt in other words: a placebo for every swap, because nothing that should matter changes. A helper
// model writes the sentences; which of them, and where they stand, is decided here. Must not know that model.
import type { Message } from '../domain/example';
import type { MaterialSpec } from '../domain/material';
import type { PromptChange } from '../domain/run';
import { stepsOf } from '../domain/steps';
import type { Range } from '../domain/trace';
import type { PromptEdit } from './intervention';
import { substitute } from './substitution';

export const paraphrasedPromptId = 'paraphrased-prompt';

/** Of a longer message the last ones: what is asked stands behind the documents that it is asked of. */
const mostSentences = 24;

/** Shorter ones are headings, greetings and labels. */
const leastWords = 4;

/**
 * How an answer must be written, and what it may be, is no wording: tags, code, tables, list marks with a letter behind or before an option.
 */
const isForm = (text: string): boolean => /[<>{}|`]|^\s*\(?[A-Z][).:]\s|\([A-Z]\)\s*$/u.test(text);

type Sentence = { readonly message: number; readonly step: number; readonly range: Range; readonly text: string };

/** The sentences of the last user message that can be said otherwise; `step` counts all steps of that message from 1. */
function rewritable(messages: readonly Message[]): readonly Sentence[] {
  const message = messages.map(({ role }) => role).lastIndexOf('user');
  const content = messages[message]?.content ?? '';
  const sentences = stepsOf(content).map(({ start, end }, index): Sentence => {
    const text = content.slice(start, end).trim();
    const from = start + content.slice(start, end).indexOf(text);
    return { message, step: index + 1, range: { start: from, end: from + text.length }, text };
  });
  const wordsIn = (text: string): number => text.match(/[\p{L}\p{N}]+/gu)?.length ?? 0;
  return sentences.filter(({ text }) => wordsIn(text) >= leastWords && !isForm(text)).slice(-mostSentences);
}

const specOf = ({ message, step }: Sentence): MaterialSpec => ({ kind: 'helper', task: 'paraphrase', step, message });

export const paraphrasePrompt: PromptEdit = {
  descriptor: {
    id: paraphrasedPromptId,
    title: 'Prompt paraphrased (placebo)',
    question: 'Is the answer kept when the prompt says the same in other words, which should not matter?',
    params: [],
    needs: 'helper',
  },
  needs: (messages) => rewritable(messages).map(specOf),
  apply: (messages, _params, context) => {
    const reasons: string[] = [];
    const changes = rewritable(messages).flatMap((sentence): readonly PromptChange[] => {
      const given = context?.material(specOf(sentence));
      if (given?.reason !== undefined) reasons.push(given.reason);
      if (given?.text === undefined || given.text === null) return [];
      return [{ message: sentence.message, range: sentence.range, was: sentence.text, is: given.text }];
    });
    if (changes.length === 0) return { messages, replacements: [], impossible: whyNone(reasons) };
    return substitute(messages, (_text, index) => changes.filter(({ message }) => message === index));
  },
  values: () => [],
  alias: () => paraphrasedPromptId,
};

const whyNone = ([reason]: readonly string[]): string =>
  reason ?? 'its last user message has no sentence that a helper model could paraphrase';
