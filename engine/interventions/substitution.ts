// Owns replacing ranges of messages and keeping account of what was replaced. Must not know why.
import type { Message } from '../domain/example';
import { UserError } from '../domain/failure';
import type { ParamValues } from '../domain/params';
import type { PromptChange } from '../domain/run';
import { changedText } from '../domain/trace';
import type { PromptEditResult } from './intervention';

/** A replacement in one text; ranges are of the text before any of them. */
export type Substitution = Omit<PromptChange, 'message'>;

/** What the asking side wrote; an assistant's earlier turns and tools' results are the record and stay. */
const editedRoles: ReadonlySet<string> = new Set(['user', 'system', 'developer']);

/** @param find substitutions in a text, in order and without overlap */
export function substitute(
  messages: readonly Message[],
  find: (text: string, message: number) => readonly Substitution[],
): PromptEditResult {
  const replacements: PromptChange[] = [];
  const edited = messages.map((message, index) => {
    const found = editedRoles.has(message.role) ? find(message.content, index) : [];
    for (const one of found) replacements.push({ ...one, message: index });
    return found.length === 0 ? message : { ...message, content: changedText(message.content, found) };
  });
  return { messages: edited, replacements };
}

/** @throws UserError when the parameter is missing or empty */
export function textParam(params: ParamValues, name: string, edit: string): string {
  const value = params[name];
  const text = value === undefined ? '' : String(value);
  if (text.trim() === '') throw new UserError(`The prompt edit "${edit}" needs a value for "${name}".`);
  return text;
}

export const escapeRegExp = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** A parameter as part of an alias, free of what separates aliases in a list. */
export const aliasPart = (value: unknown): string =>
  String(value ?? '')
    .trim()
    .replace(/[\s,+/]+/g, '-')
    .slice(0, 24);
