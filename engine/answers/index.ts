// Owns the table of answer readers: one line each, the most telling first. Which one a file needs is guessed by who asks.
import { UserError } from '../domain/failure';
import type { AnswerReader } from './answer';
import { answerIs } from './answerIs';
import { boxed } from './boxed';
import { choice } from './choice';
import { jsonField } from './jsonField';
import { number } from './number';
import { patternPrefix, patternReader } from './pattern';
import { rating } from './rating';
import { tag } from './tag';
import { whole } from './whole';
import { yesNo } from './yesNo';

export const answers: readonly AnswerReader[] = [tag, boxed, jsonField, choice, yesNo, rating, answerIs, whole, number];

/**
 * The reader of that id, or of `pattern:REGEX`.
 * @throws UserError that lists what there is
 */
export function answerReader(id: string): AnswerReader {
  if (id.startsWith(patternPrefix)) return patternReader(id);
  const found = answers.find((reader) => reader.id === id);
  if (found) return found;
  const known = answers.map((reader) => reader.id).join(', ');
  throw new UserError(`There is no answer reader "${id}". Use auto, ${known}, or pattern:REGEX.`);
}
