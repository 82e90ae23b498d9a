// Owns how values of an attribute take each other's places in a text: whole words, all at once, case and article agreeing.
//
// A word ends where no letter, mark, digit or `_` follows, so `male` is not found in `female`, nor `American` in `Americans`. A hyphen
// before a value joins it to another one (`African-American`: left alone), a hyphen after it does not (`American-born`: swapped). A value
// that is a number is not found in amounts (`25` in `$25,000` or `25%`).
// Found as given, in capitals, in lower case and capitalized, and answered in the same case; a value in capitals (`US`) as given only.
// Must not know which attribute, or who asks.

import { UserError } from '../domain/failure';
import type { TextChange } from '../domain/trace';
import { articleFor, articleLike } from './article';
import { escapeRegExp, type Substitution } from './substitution';

/** A value and the one that takes its place. */
export type ValuePair = { readonly from: string; readonly to: string };

/** Finds every spelling of every value in a text, and what takes its place there. */
export type Exchange = (text: string) => readonly ExchangedValue[];

/** A replacement, and which value it was. */
export type ExchangedValue = Substitution & { readonly value: string };

/**
 * @param attributes the pairs of each attribute: spellings are found for each by itself
 * @throws UserError when a value would take its own place
 */
export function exchangeOf(attributes: readonly (readonly ValuePair[])[]): Exchange {
  const counterparts = new Map<string, Counterpart>();
  for (const pairs of attributes) addCounterparts(counterparts, pairs);
  const pattern = exchangePattern([...counterparts.keys()]);
  return (text) => exchangesIn(text, pattern, counterparts);
}

export const asChanges = (found: readonly ExchangedValue[]): readonly TextChange[] =>
  found.map(({ range, is }) => ({ range, is }));

type Counterpart = ValuePair & { readonly is: string };

/** Every spelling that is found, and what it becomes. One to one, so that swapping twice gives the text back. */
function addCounterparts(found: Map<string, Counterpart>, pairs: readonly ValuePair[]): void {
  for (const { from, to } of pairs) {
    if (from.toLowerCase() === to.toLowerCase())
      throw new UserError(`The swap changes "${from}" into itself; name two different values.`);
  }
  const spellings = pairs.some(({ from }) => isCapitals(from))
    ? [asGiven]
    : [asGiven, capitals, lowerCase, capitalized];
  for (const spell of spellings) {
    const spelled = pairs.map((pair) => ({ ...pair, was: spell(pair.from), is: spell(pair.to) }));
    if (spelled.some(({ was, is }) => found.has(was) || found.has(is))) continue;
    for (const { was, ...counterpart } of spelled) found.set(was, counterpart);
  }
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

function exchangePattern(spellings: readonly string[]): RegExp {
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

function exchangesIn(
  text: string,
  pattern: RegExp,
  counterparts: ReadonlyMap<string, Counterpart>,
): readonly ExchangedValue[] {
  return [...text.matchAll(pattern)].flatMap((found) => {
    const { article: word = '', gap = '' } = found.groups ?? {};
    const was = found[0].slice(word.length + gap.length);
    const counterpart = counterparts.get(was);
    if (!counterpart) return [];
    const end = found.index + found[0].length;
    const agreed = agreeingArticle(word, was, counterpart);
    if (agreed === word)
      return [{ range: { start: end - was.length, end }, was, is: counterpart.is, value: counterpart.from }];
    return [
      { range: { start: found.index, end }, was: found[0], is: agreed + gap + counterpart.is, value: counterpart.from },
    ];
  });
}

/** An article that did not agree before is none (`plan A American`), or not ours to put right. */
function agreeingArticle(word: string, was: string, { from, to }: Counterpart): string {
  if (word === '' || word.toLowerCase() !== articleFor(from)) return word;
  return articleLike(word, to, isCapitals(was) && !isCapitals(from));
}
