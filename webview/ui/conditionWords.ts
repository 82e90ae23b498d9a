// Owns how a condition is put into words for a person. Must not know its numbers.
import {
  type Condition,
  isMereCut,
  isSwapped,
  type PromptEditSpec,
  type TraceEditSpec,
} from '../../engine/domain/condition';

/** The preset's name, or what is kept where the edit has no name: `frozen`, `70% kept, open`. */
export function traceEditTitle(spec: TraceEditSpec): string {
  const { id, keep, close } = spec;
  if (!isMereCut(spec)) return [id, ...paramWords(spec)].join(' ');
  return id === 'keep' || keep.unit === 'steps' ? `${keptWords(keep)}, ${close}` : id;
}

/** What the edit does to the trace: `half kept, left open`. */
export function traceEditWords(spec: TraceEditSpec): string {
  const { keep, close } = spec;
  if (!isMereCut(spec)) return `${traceEditTitle(spec)}, ${close === 'closed' ? 'closed' : 'left open'}`;
  return `${keptWords(keep)}, ${close === 'closed' ? 'closed' : 'left open'}`;
}

/** The values of an edit, but not those of the swap that gives the trace: they stand beside it. */
const paramWords = ({ params = {} }: TraceEditSpec): readonly string[] =>
  'edit' in params
    ? []
    : Object.values(params)
        .map(String)
        .filter((value) => value !== '0');

function keptWords(keep: TraceEditSpec['keep']): string {
  if (keep.unit === 'steps') return `${keep.value} steps kept`;
  if (keep.unit === 'offset') return `kept up to character ${keep.value}`;
  if (keep.value === 1) return 'all kept';
  if (keep.value === 0) return 'nothing kept';
  return keep.value === 0.5 ? 'half kept' : `${Math.round(keep.value * 100)}% kept`;
}

/** What kind of edit of the prompt it is, above the rows of its conditions. */
export function promptEditKind({ id }: PromptEditSpec): string {
  if (id === 'placebo') return 'Placebo swap';
  if (id === 'paraphrased-prompt') return 'Placebo';
  return ['swap', 'rotate', 'swap-several'].includes(id) ? 'Prompt swapped' : 'Prompt edited';
}

/** What was done to the prompt: `nationality: American / Canadian`; empty for none. */
export function promptEditWords(condition: Pick<Condition, 'promptEdit' | 'traceEdit' | 'readout'>): string {
  if (!isSwapped(condition)) return '';
  const { id, params } = condition.promptEdit;
  const { attribute, a, b, trace, ...others } = params;
  const also = trace === 'too' ? ', in the reasoning too' : '';
  if (a !== undefined && b !== undefined) return `${attribute ?? 'words'}: ${a} / ${b}${also}`;
  const values = Object.values(others).map(String);
  return [attribute ?? id, ...values].join(': ') + also;
}
