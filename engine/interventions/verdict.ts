// Owns where a trace states its verdict: which words of it name an option as an answer, and which step draws the conclusion.
// Rules over words, no model: what they find is shown with the cut, and a person can name the step instead. Must not know tokens.
import { stepsOf } from '../domain/steps';
import type { Range } from '../domain/trace';
import { escapeRegExp } from './substitution';
import { formPairs } from './wordForms';

/** Words that name an option as an answer. */
export type VerdictWords = { readonly range: Range; readonly option: string };

/** Words that bring a verdict, before an option that also occurs in plain prose (a letter, yes, no, a number). */
const bringers =
  /\b(?:answer|conclusion|conclude|recommend\p{L}*|verdict|choose|choice|option|decision|therefore|so|an?)\b/giu;
/** How far behind such a word the option may stand, in characters of the same sentence; directly behind an article. */
const reach = 48;

/** A step with one of these draws a conclusion … */
const concluding =
  /\b(?:overall|on balance|in sum|in summary|to sum up|all in all|taken together|weighing|conclusion|conclude|therefore|thus|hence|consequently|verdict|final|finally|decision|recommend\p{L}*|(?:the|my) answer|in short|altogether|so(?!\s+far))\b/iu;
/** … unless it only leans. */
const leaning =
  /\b(?:so far|for now|at this stage|first impression|first sight|lean(?:s|ing)?|early|start(?:s|ing)? out|initial(?:ly)?|at first|tentative(?:ly)?|perhaps|maybe|might)\b/iu;

/** Whether an option is so short that it occurs in plain prose, and needs words around it that make it an answer. */
const isShort = (word: string): boolean => word.length <= 3;

/** Every place where the words of `option` (in any of its forms) are an answer, in order. */
export function verdictWords(text: string, option: string, options: readonly string[]): readonly VerdictWords[] {
  const found = formPairs(option, otherOption(option, options)).flatMap(({ from }) => placesOf(text, from, option));
  const byPlace = found.sort((a, b) => a.range.start - b.range.start || b.range.end - a.range.end);
  return byPlace.filter((one, i) => i === 0 || one.range.start >= (byPlace[i - 1]?.range.end ?? 0));
}

/** The option in whose place another stands when a verdict is reversed: the other of two, the next one in the list of more. */
export function otherOption(option: string, options: readonly string[]): string {
  const at = options.findIndex((one) => one.toLowerCase() === option.toLowerCase());
  return options[(at + 1) % options.length] ?? option;
}

function placesOf(text: string, form: string, option: string): readonly VerdictWords[] {
  const flags = form.length === 1 ? 'gu' : 'giu';
  const spelling = form.length === 1 ? option : form;
  const word = new RegExp(`(?<![\\p{L}\\p{N}])${escapeRegExp(spelling)}(?![\\p{L}\\p{N}])`, flags);
  const places = [...text.matchAll(word)].map(({ index, 0: was }) => ({
    range: { start: index, end: index + was.length },
    option,
  }));
  return isShort(form) ? places.filter(({ range }) => isBrought(text, range)) : places;
}

/**
 * Whether a bringing word stands before the range in the same sentence, an article directly before it. A word of two or three letters
 * (yes, no) must end its clause, too: "so there is no reason" brings no answer.
 */
function isBrought(text: string, { start, end }: Range): boolean {
  const before = text.slice(Math.max(0, start - reach - 16), start);
  const sentence = before.slice(Math.max(...['.', '!', '?', '\n'].map((mark) => before.lastIndexOf(mark))) + 1);
  const endsClause = /^["'”’)\]*_]*(?:\s*$|\s*\n|[.,;:!?])/u.test(text.slice(end, end + 8));
  const isWord = end - start > 1 && /^\p{L}+$/u.test(text.slice(start, end));
  return [...sentence.matchAll(bringers)].some(({ index, 0: bringer }) => {
    const between = sentence.slice(index + bringer.length);
    if (/^an?$/i.test(bringer)) return isWord && /^\s+["'“‘*_(]*$/u.test(between);
    return between.length <= reach && (!isWord || endsClause);
  });
}

export type Conclusion = {
  /** From 1. */
  readonly step: number;
  readonly range: Range;
};

/**
 * The step that draws the conclusion: the first that states the recorded answer with a concluding word and no leaning one; without such
 * a step the last that states it and does not lean. `null` when no step does.
 */
export function findConclusion(text: string, option: string, options: readonly string[]): Conclusion | null {
  const words = verdictWords(text, option, options);
  const stating = stepsOf(text).flatMap((range, index): readonly Conclusion[] => {
    const states = words.some((one) => one.range.start >= range.start && one.range.end <= range.end);
    return states && !leaning.test(text.slice(range.start, range.end)) ? [{ step: index + 1, range }] : [];
  });
  const drawn = stating.find(({ range }) => concluding.test(text.slice(range.start, range.end)));
  return drawn ?? stating.at(-1) ?? null;
}
