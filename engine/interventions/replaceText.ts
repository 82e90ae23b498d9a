// Owns the prompt edit that replaces a given text: every occurrence, letter for letter or as a pattern finds it, one way.
import { UserError } from '../domain/failure';
import { safePattern } from '../domain/safePattern';
import type { PromptEdit } from './intervention';
import { aliasPart, type Substitution, substitute, textParam } from './substitution';

const id = 'replace';

export const replaceText: PromptEdit = {
  descriptor: {
    id,
    title: 'Replace text',
    question: 'Is the answer kept when these words of the prompt are others?',
    params: [
      { name: 'find', kind: 'text', title: 'Text to find, exactly as written' },
      {
        name: 'as',
        kind: 'choice',
        choices: ['text', 'pattern'],
        title: 'Whether the text to find is a regular expression, for what differs between prompts, as hints do',
        default: 'text',
      },
      { name: 'with', kind: 'text', title: 'Text to put in its place', default: '' },
    ],
  },
  apply: (messages, params) => {
    const find = textParam(params, 'find', id);
    const replacement = String(params.with ?? '');
    if (find === replacement) throw new UserError(`The prompt edit "${id}" replaces "${find}" with itself.`);
    if (params.as !== 'pattern') return substitute(messages, (text) => occurrences(text, find, replacement));
    const pattern = safePattern(find, 'gm', 'The pattern to replace');
    return substitute(messages, (text) => matches(text, pattern, replacement));
  },
  values: ({ find = '', with: is = '', as }) =>
    [...(as === 'pattern' ? [] : [String(find)]), String(is)].filter((value) => value.trim() !== ''),
  alias: (params) => `${id}:${aliasPart(params.find)}`,
};

function occurrences(text: string, find: string, is: string): readonly Substitution[] {
  const found: Substitution[] = [];
  for (let start = text.indexOf(find); start >= 0; start = text.indexOf(find, start + find.length)) {
    found.push({ range: { start, end: start + find.length }, was: find, is });
  }
  return found;
}

function matches(text: string, pattern: RegExp, is: string): readonly Substitution[] {
  return [...text.matchAll(pattern)]
    .filter(([was]) => was !== '' && was !== is)
    .map(({ 0: was, index }) => ({ range: { start: index, end: index + was.length }, was, is }));
}
