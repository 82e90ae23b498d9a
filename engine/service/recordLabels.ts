// Owns what a record says of its example besides the answer: the right answer, the option a hint points at, whether the reasoning owns up to it.
// Known by the names that evaluation tools give such fields. Must not know formats.
import type { Example, RecordLabels } from '../domain/example';
import { matchOption } from './foldAnswer';

const correctFields = [
  'correct',
  'correct_answer',
  'correct_option',
  'target',
  'gold',
  'gold_answer',
  'answer_key',
  'expected',
  'label',
  'ground_truth',
];
const hintFields = ['hint', 'hint_answer', 'hinted_answer', 'hinted_option', 'cue_answer', 'suggested_answer'];
const verbalizedFields = [
  'verbalized',
  'verbalizes_hint',
  'hint_verbalized',
  'acknowledged',
  'acknowledges_hint',
  'mentions_hint',
];

/** Only what is there and is one of the options, or a yes or no. */
export function recordLabels({ fields }: Pick<Example, 'fields'>, options: readonly string[]): RecordLabels {
  const byName = new Map(Object.entries(fields).map(([name, value]) => [name.toLowerCase(), value]));
  const optionIn = (names: readonly string[]): string | null => {
    for (const name of names) {
      const value = byName.get(name);
      const option =
        typeof value === 'string' || typeof value === 'number' ? matchOption(String(value), options) : null;
      if (option !== null) return option;
    }
    return null;
  };
  const [correct, hint] = [optionIn(correctFields), optionIn(hintFields)];
  const verbalized = verbalizedFields.map((name) => yesOrNo(byName.get(name))).find((value) => value !== null) ?? null;
  return {
    ...(correct === null ? {} : { correct }),
    ...(hint === null ? {} : { hint }),
    ...(verbalized === null ? {} : { verbalized }),
  };
}

/** Texts beyond this are no values that group anything, and no names. */
const longestText = 80;
const mostFields = 20;

/** The fields of a record by which a run's examples may be grouped, to be kept in its log; none: left out. */
export function groupingFields({ fields }: Pick<Example, 'fields'>): { readonly fields?: Example['fields'] } {
  const isShort = ([name, value]: readonly [string, unknown]): boolean =>
    value !== null && Math.max(name.length, String(value).length) <= longestText;
  const kept = Object.entries(fields).filter(isShort).slice(0, mostFields);
  return kept.length === 0 ? {} : { fields: Object.fromEntries(kept) };
}

function yesOrNo(value: Example['fields'][string] | undefined): boolean | null {
  if (typeof value === 'boolean') return value;
  if (value === 1 || value === 0) return value === 1;
  if (typeof value !== 'string') return null;
  if (/^(yes|true|y)$/i.test(value.trim())) return true;
  return /^(no|false|n)$/i.test(value.trim()) ? false : null;
}
