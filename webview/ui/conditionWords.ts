// Owns how a condition is put into words for a person. Must not know its numbers.
import {
  type Condition,
  isMereCut,
  isSwapped,
  type PromptEditSpec,
  type TraceEditSpec,
} from '../../engine/domain/condition';
import { plural, t } from './t';

/** The preset's name, or what is kept where the edit has no name: `frozen`, `70% kept, open`. */
export function traceEditTitle(spec: TraceEditSpec): string {
  const { id, keep, close } = spec;
  if (!isMereCut(spec)) return [id, ...paramWords(spec)].join(' ');
  if (id !== 'keep' && keep.unit !== 'steps') return id;
  return close === 'closed' ? t('{0}, closed', keptWords(keep)) : t('{0}, open', keptWords(keep));
}

/** What the edit does to the trace: `half kept, left open`. */
export function traceEditWords(spec: TraceEditSpec): string {
  const words = isMereCut(spec) ? keptWords(spec.keep) : traceEditTitle(spec);
  return spec.close === 'closed' ? t('{0}, closed', words) : t('{0}, left open', words);
}

/** The values of an edit, but not those of the swap that gives the trace: they stand beside it. */
const paramWords = ({ params = {} }: TraceEditSpec): readonly string[] =>
  'edit' in params
    ? []
    : Object.values(params)
        .map(String)
        .filter((value) => value !== '0');

function keptWords(keep: TraceEditSpec['keep']): string {
  if (keep.unit === 'steps') return plural('{0} step kept', '{0} steps kept', keep.value);
  if (keep.unit === 'offset') return t('kept up to character {0}', keep.value);
  if (keep.value === 1) return t('all kept');
  if (keep.value === 0) return t('nothing kept');
  return keep.value === 0.5 ? t('half kept') : t('{0}% kept', Math.round(keep.value * 100));
}

/** What kind of edit of the prompt it is, above the rows of its conditions. */
export function promptEditKind({ id }: PromptEditSpec): string {
  if (id === 'placebo') return t('Placebo swap');
  if (id === 'paraphrased-prompt') return t('Placebo');
  return ['swap', 'rotate', 'swap-several'].includes(id) ? t('Prompt swapped') : t('Prompt edited');
}

/** What was done to the prompt: `nationality: American / Canadian`; empty for none. */
export function promptEditWords(condition: Pick<Condition, 'promptEdit' | 'traceEdit' | 'readout'>): string {
  if (!isSwapped(condition)) return '';
  const { id, params } = condition.promptEdit;
  const { attribute, a, b, trace, ...others } = params;
  const values = Object.values(others).map(String);
  const words =
    a !== undefined && b !== undefined
      ? `${attribute ?? t('words')}: ${a} / ${b}`
      : [attribute ?? id, ...values].join(': ');
  return trace === 'too' ? t('{0}, in the reasoning too', words) : words;
}
