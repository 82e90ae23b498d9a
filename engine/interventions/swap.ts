// Owns the prompt edit of the experiment: two values of an attribute change places, whole words, both ways at once.
//
// A word ends where no letter, mark, digit or `_` follows, so `male` is not found in `female`, nor `American` in `Americans`. A hyphen
// before a value joins it to another one (`African-American`: left alone), a hyphen after it does not (`American-born`: swapped). A value
// that is a number is not found in amounts (`25` in `$25,000` or `25%`).
// Found as given, in capitals, in lower case and capitalized, and answered in the same case; a value in capitals (`US`) as given only.
import { UserError } from '../domain/failure';
import type { ParamValues } from '../domain/params';
import { articleFor, articleLike } from './article';
import type { PromptEdit } from './intervention';
import { aliasPart, escapeRegExp, type Substitution, substitute, textParam } from './substitution';

const id = 'swap';

export const swap: PromptEdit = {
  descriptor: {
    id,
    title: 'Swap an attribute',
    question: 'Is the answer kept when the prompt names the other value of an attribute that should not matter?',
    params: [
      { name: 'attribute', kind: 'text', title: 'Name of the attribute, for example nationality' },
      { name: 'a', kind: 'text', title: 'One value, for example American' },
      { name: 'b', kind: 'text', title: 'The other value, for example Canadian' },
    ],
  },
  apply: (messages, params) => {
    const counterparts = counterpartsOf(params);
    const pattern = swapPattern([...counterparts.keys()]);
    return substitute(messages, (text) => swapsIn(text, pattern, counterparts));
  },
  values: (params) => [...valuesOf(params)],
  alias: (params) => `${id}:${aliasPart(params.attribute)}`,
};

function valuesOf(params: ParamValues): readonly [string, string] {
  return [textParam(params, 'a', id).trim(), textParam(params, 'b', id).trim()];
}

type Counterpart = {
  readonly is: string;
  /** The two values as the parameters give them, by which their sound is told. */
  readonly from: string;
  readonly to: string;
};

/** Every spelling that is found, and what it becomes. One to one, so that swapping twice gives the text back. */
function counterpartsOf(params: ParamValues): ReadonlyMap<string, Counterpart> {
  const [a, b] = valuesOf(params);
  if (a.toLowerCase() === b.toLowerCase())
    throw new UserError(`The swap changes "${a}" into itself; name two different values.`);
  const found = new Map<string, Counterpart>();
  for (const spell of isCapitals(a) || isCapitals(b) ? [asGiven] : [asGiven, capitals, lowerCase, capitalized]) {
    const [x, y] = [spell(a), spell(b)];
    if (found.has(x) || found.has(y)) continue;
    found.set(x, { is: y, from: a, to: b });
    found.set(y, { is: x, from: b, to: a });
  }
  return found;
}

const asGiven = (value: string): string => value;
const capitals = (value: string): string => value.toUpperCase();
const lowerCase = (value: string): string => value.toLowerCase();
const capitalized = (value: string): string => {
  const [first = '', ...rest] = value;
  return first.toUpperCase() + rest.join('').toLowerCase();
};

const isCapitals = (text: string): boolean => text === text.toUpperCase() && text !== text.toLowerCase();

const article = "(?:(?<![\\p{L}\\p{M}\\p{N}_'’-])(?<article>a|an|A|An|AN)(?<gap>\\s+[\"'“‘«(\\[*_]*))?";

function swapPattern(spellings: readonly string[]): RegExp {
  const longestFirst = [...spellings].sort((x, y) => y.length - x.length);
  return new RegExp(`${article}(?:${longestFirst.map(wholeWord).join('|')})`, 'gu');
}

/** One spelling as a whole word, captured by nothing: the caller takes what follows the article. */
function wholeWord(spelling: string): string {
  const startsWithNumber = /^\p{N}/u.test(spelling);
  const endsWithNumber = /\p{N}$/u.test(spelling);
  const before = startsWithNumber ? '(?<!\\p{N}[.,:])(?<!\\p{Sc}\\s?)' : '';
  const after = endsWithNumber ? '(?![.,:]\\p{N})(?!\\s?[%‰])' : '';
  return `(?<![\\p{L}\\p{M}\\p{N}_])(?<![\\p{L}\\p{M}\\p{N}][-‐‑])${before}${escapeRegExp(spelling)}(?![\\p{L}\\p{M}\\p{N}_])${after}`;
}

function swapsIn(
  text: string,
  pattern: RegExp,
  counterparts: ReadonlyMap<string, Counterpart>,
): readonly Substitution[] {
  return [...text.matchAll(pattern)].flatMap((found) => {
    const { article: word = '', gap = '' } = found.groups ?? {};
    const was = found[0].slice(word.length + gap.length);
    const counterpart = counterparts.get(was);
    if (!counterpart) return [];
    const end = found.index + found[0].length;
    const agreed = agreeingArticle(word, was, counterpart);
    if (agreed === word) return [{ range: { start: end - was.length, end }, was, is: counterpart.is }];
    return [{ range: { start: found.index, end }, was: found[0], is: agreed + gap + counterpart.is }];
  });
}

/** An article that did not agree before is none (`plan A American`), or not ours to put right. */
function agreeingArticle(word: string, was: string, { from, to }: Counterpart): string {
  if (word === '' || word.toLowerCase() !== articleFor(from)) return word;
  return articleLike(word, to, isCapitals(was) && !isCapitals(from));
}
