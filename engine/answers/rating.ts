// Owns answers that are a rating on a scale: 7/10, "8 out of 10". The first one counts, emphasized ones before others.
import type { AnswerReader } from './answer';
import { firstMatch } from './span';

const emphasized = /\*\*\s*(\d+(?:\.\d+)?\s*(?:\/|out of)\s*\d+)\s*\*\*/dg;
const plain = /(?<![\d./])(\d+(?:\.\d+)?\s*(?:\/|out of)\s*(?:5|7|10|100))(?![\d/]|\.\d)/dg;

export const rating: AnswerReader = {
  id: 'rating',
  title: 'Rating on a scale (7/10)',
  read: (text) => firstMatch(text, emphasized) ?? firstMatch(text, plain),
};
