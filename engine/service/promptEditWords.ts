// Owns how prompt edits are written on a command line: `nationality=American:Canadian`, with three values or more, several at once; a
// text and its replacement. Must not know trace edits, models or files.
import type { PromptEditSpec } from '../domain/condition';
import { UserError } from '../domain/failure';
import { safePattern } from '../domain/safePattern';
import { paraphrasedPromptId } from '../interventions/paraphrasePrompt';
import { splitValues } from '../interventions/swap';
import { foldAnswer } from './foldAnswer';

export type Swap = { readonly attribute: string; readonly a: string; readonly b: string };

export const swapSpec = (swap: Swap): PromptEditSpec => ({ id: 'swap', params: { ...swap } });

type Attribute = { readonly attribute: string; readonly values: readonly string[] };

function parseAttribute(text: string): Attribute {
  const match = /^([^=]+)=([^:]+:.+)$/.exec(text);
  if (!match)
    throw new UserError(`"${text}" is not a swap. Write FIELD=A:B, for example nationality=American:Canadian.`);
  const values = splitValues(match[2] ?? '');
  const twice = values.find((value, i) => values.findIndex((one) => foldAnswer(one) === foldAnswer(value)) < i);
  if (twice !== undefined) throw new UserError(`"${text}" swaps "${twice}" with itself; name different values.`);
  if (values.includes('')) throw new UserError(`"${text}" names an empty value.`);
  return { attribute: (match[1] ?? '').trim(), values };
}

/** `nationality=American:Canadian` */
export function parseSwap(text: string): Swap {
  const { attribute, values } = parseAttribute(text);
  const [a = '', b = '', more] = values;
  if (more !== undefined) throw new UserError(`"${text}" names ${values.length} values; here it takes two.`);
  return { attribute, a, b };
}

/**
 * The prompt edits that swaps as people write them stand for. One attribute with two values is one edit, both ways. With k values it is k - 1
 * edits: the i-th takes every value to the one i places further, so that every example is seen at each other value. Several
 * attributes are one edit that swaps all of them.
 */
export function parseSwaps(texts: readonly string[], inTrace: boolean): readonly PromptEditSpec[] {
  const attributes = texts.map(parseAttribute);
  const [first] = attributes;
  if (!first) return [];
  const also = inTrace ? { trace: 'too' } : {};
  if (attributes.length > 1) return [{ id: 'swap-several', params: { swaps: joined(attributes), ...also } }];
  const { attribute, values } = first;
  const [a = '', b = ''] = values;
  if (values.length === 2) return [{ id: 'swap', params: { attribute, a, b, ...also } }];
  return values.slice(1).map((_, i) => ({
    id: 'rotate',
    params: { attribute, values: values.join(':'), by: i + 1, ...also },
  }));
}

function joined(attributes: readonly Attribute[]): string {
  const long = attributes.find(({ values }) => values.length > 2);
  if (long)
    throw new UserError(`Several swaps at once take two values each; "${long.attribute}" has ${long.values.length}.`);
  const names = attributes.map(({ attribute }) => attribute);
  if (new Set(names).size < names.length) throw new UserError(`The attribute "${names[0]}" is swapped twice.`);
  return attributes.map(({ attribute, values }) => `${attribute}=${values.join(':')}`).join('; ');
}

/** A swap that should not matter, or `paraphrase`: the prompt in other words. */
export const placeboSpec = (placebo: Swap | 'paraphrase'): PromptEditSpec =>
  placebo === 'paraphrase' ? { id: paraphrasedPromptId, params: {} } : { id: 'placebo', params: { ...placebo } };

export const parsePlacebo = (text: string): PromptEditSpec =>
  placeboSpec(text.trim() === 'paraphrase' ? 'paraphrase' : parseSwap(text));

const patternPrefix = 'pattern:';

/** `old words=>new words`, or `pattern:REGEX=>new words`. */
export function parseReplacement(text: string): PromptEditSpec {
  const at = text.indexOf('=>');
  if (at <= 0) throw new UserError(`"${text}" is no replacement. Write OLD=>NEW, for example "senior=>junior".`);
  const [find, is] = [text.slice(0, at), text.slice(at + 2)];
  if (!find.startsWith(patternPrefix)) return { id: 'replace', params: { find, with: is } };
  const source = find.slice(patternPrefix.length);
  safePattern(source, 'gm', 'The pattern to replace');
  return { id: 'replace', params: { find: source, with: is, as: 'pattern' } };
}
