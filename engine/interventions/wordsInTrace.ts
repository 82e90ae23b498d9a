// Owns the trace edits that a person makes by hand in one trace and then asks of all: neighboring steps left out, words replaced.
import { UserError } from '../domain/failure';
import type { ParamValues } from '../domain/params';
import { bodyEnd } from '../domain/trace';
import { stepOf, stepParam } from './dropStep';
import type { TraceEdit } from './intervention';
import { cutTrace } from './keepClose';
import { bodyStart, chooseStep } from './stepCores';
import { textParam } from './substitution';

const whole = { unit: 'fraction', value: 1 } as const;

export const dropSteps: TraceEdit = {
  descriptor: {
    id: 'drop-steps',
    title: 'Steps dropped',
    question: 'Is the answer kept when these neighboring steps are left out of the reasoning?',
    keep: whole,
    close: 'closed',
    params: [stepParam, { name: 'through', kind: 'number', title: 'The last step that is left out' }],
  },
  rewrite: ({ reasoning }, params) => {
    const [first, last] = [
      chooseStep(reasoning, stepOf(params)),
      chooseStep(reasoning, Math.trunc(Number(params.through))),
    ];
    if (typeof first === 'string') return { impossible: first };
    if (typeof last === 'string') return { impossible: last };
    if (last.index < first.index) return { impossible: `step ${last.index + 1} stands before step ${first.index + 1}` };
    const { cores } = first;
    const next = cores[last.index + 1];
    const start = first.core.start;
    // As with a single step, what is left ends as the trace ends.
    const range = next
      ? { start, end: next.start }
      : { start: cores[first.index - 1]?.end ?? start, end: last.core.end };
    return { changes: [{ range, is: '' }], note: `left out: steps ${first.index + 1} to ${last.index + 1}` };
  },
  apply: cutTrace,
};

/** What stands between the words to find and those that take their place. */
const arrow = '=>';

export const replaceInTrace: TraceEdit = {
  descriptor: {
    id: 'replace-in-trace',
    title: 'Words replaced in the trace',
    question: 'Is the answer kept when these words of the reasoning are others, wherever they stand?',
    keep: whole,
    close: 'closed',
    params: [{ name: 'change', kind: 'text', title: 'The words as written and what they become, as in low=>high' }],
  },
  rewrite: ({ reasoning }, params) => {
    const { find, is } = wordsOf(params);
    const end = bodyEnd(reasoning);
    const changes = [];
    for (let at = reasoning.indexOf(find, bodyStart(reasoning)); at >= 0 && at + find.length <= end; ) {
      changes.push({ range: { start: at, end: at + find.length }, is });
      at = reasoning.indexOf(find, at + find.length);
    }
    if (changes.length > 0) return { changes, note: `replaced: “${find}”, ${changes.length} times` };
    return { impossible: `its reasoning does not say “${find}”` };
  },
  apply: cutTrace,
};

/** @throws UserError where there is nothing to find, or nothing would change */
function wordsOf(params: ParamValues): { readonly find: string; readonly is: string } {
  const change = textParam(params, 'change', 'replace-in-trace');
  const at = change.indexOf(arrow);
  const [find, is] = [change.slice(0, at), change.slice(at + arrow.length)];
  if (at < 1 || find.trim() === '')
    throw new UserError(`Write which words become which, as in low${arrow}high, not "${change}".`);
  if (find === is) throw new UserError(`"${change}" replaces the words with themselves.`);
  return { find, is };
}
