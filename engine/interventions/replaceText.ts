// Owns the prompt edit that replaces a given text: every occurrence, letter for letter, one way.
import { UserError } from '../domain/failure';
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
      { name: 'with', kind: 'text', title: 'Text to put in its place', default: '' },
    ],
  },
  apply: (messages, params) => {
    const find = textParam(params, 'find', id);
    const replacement = String(params.with ?? '');
    if (find === replacement) throw new UserError(`The prompt edit "${id}" replaces "${find}" with itself.`);
    return substitute(messages, (text) => occurrences(text, find, replacement));
  },
  values: (params) => [String(params.find ?? ''), String(params.with ?? '')].filter((value) => value.trim() !== ''),
  alias: (params) => `${id}:${aliasPart(params.find)}`,
};

function occurrences(text: string, find: string, is: string): readonly Substitution[] {
  const found: Substitution[] = [];
  for (let start = text.indexOf(find); start >= 0; start = text.indexOf(find, start + find.length)) {
    found.push({ range: { start, end: start + find.length }, was: find, is });
  }
  return found;
}
