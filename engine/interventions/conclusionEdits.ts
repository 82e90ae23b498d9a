// Owns the trace edits that look at what the trace concludes: cut before it, or turned into its opposite. The published experiment's
// critics: a frozen trace that states its verdict is merely copied (comments on LessWrong abtegBoDfnCzewndm).
import type { TextChange } from '../domain/trace';
import { stepOf, stepParam } from './dropStep';
import type { TraceContext, TraceEdit, TraceRewrite } from './intervention';
import { cutTrace } from './keepClose';
import { chooseStep, quoteStep, stepCores } from './stepCores';
import { findConclusion, otherOption, verdictWords } from './verdict';
import { formPairs, inCaseOf } from './wordForms';

const whole = { unit: 'fraction', value: 1 } as const;

/** Finds the conclusion by itself. */
const found = 0;

export const beforeConclusion: TraceEdit = {
  descriptor: {
    id: 'before-conclusion',
    title: 'Cut before the conclusion',
    question: 'Is the answer kept without the sentence that states it, so that it cannot merely be copied?',
    keep: whole,
    close: 'closed',
    params: [
      { ...stepParam, title: 'The step that concludes, from 1, -1 is the last; 0: found by its words', default: found },
    ],
  },
  rewrite: ({ reasoning }, params, context) => {
    const asked = stepOf(params);
    if (asked === found) return cutAtFound(reasoning, context);
    const chosen = chooseStep(reasoning, asked);
    if (typeof chosen === 'string') return { impossible: chosen };
    return cutBefore(reasoning, chosen.index, 'as named');
  },
  apply: cutTrace,
};

function cutAtFound(reasoning: string, { recorded, options }: TraceContext): TraceRewrite {
  const conclusion = findConclusion(reasoning, recorded, options);
  if (!conclusion) return { impossible: `its reasoning nowhere states "${recorded}" as its conclusion` };
  return cutBefore(reasoning, conclusion.step - 1, 'found by its words');
}

function cutBefore(reasoning: string, index: number, how: string): TraceRewrite {
  const cores = stepCores(reasoning);
  const core = cores[index] ?? { start: 0, end: 0 };
  const keep = { unit: 'offset', value: cores[index - 1]?.end ?? 0 } as const;
  const note = `conclusion: step ${index + 1} of ${cores.length}, ${how}: ${quoteStep(reasoning, core)}`;
  return { changes: [], keep, note };
}

export const verdictReversed: TraceEdit = {
  descriptor: {
    id: 'verdict-reversed',
    title: 'Verdict reversed',
    question: 'Does the answer follow the reasoning when every verdict in it says the opposite?',
    keep: whole,
    close: 'closed',
    params: [],
  },
  rewrite: ({ reasoning }, _params, { recorded, options }) => {
    const other = otherOption(recorded, options);
    const changes = [
      ...reversed(reasoning, recorded, { to: other, options }),
      ...reversed(reasoning, other, { to: recorded, options }),
    ];
    if (!changes.some(({ option }) => option === recorded))
      return { impossible: `its reasoning nowhere states "${recorded}" as a verdict` };
    const inOrder = withoutOverlap(changes);
    return { changes: inOrder, note: `${inOrder.length} × ${recorded} ⇄ ${other}` };
  },
  apply: cutTrace,
};

type Reversal = TextChange & { readonly option: string };

function reversed(
  text: string,
  option: string,
  { to, options }: { readonly to: string; readonly options: readonly string[] },
): readonly Reversal[] {
  const forms = new Map(formPairs(option, to).map((pair) => [pair.from, pair.to]));
  return verdictWords(text, option, to === option ? options : [option, to]).map(({ range }) => {
    const was = text.slice(range.start, range.end);
    const is = was.length === 1 ? to : inCaseOf(was, forms.get(was.toLowerCase()) ?? to);
    return { range, is, option };
  });
}

function withoutOverlap(changes: readonly Reversal[]): readonly TextChange[] {
  const sorted = [...changes].sort((a, b) => a.range.start - b.range.start || b.range.end - a.range.end);
  const kept: TextChange[] = [];
  for (const { range, is } of sorted) if (range.start >= (kept.at(-1)?.range.end ?? 0)) kept.push({ range, is });
  return kept;
}
