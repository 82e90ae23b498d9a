// Owns the trace edits for which a model rewrites sentences first: said in other words, or with a mistake added (Lanham et al. 2023,
// arXiv 2307.13702). What comes behind the rewritten step is cut away, and the model goes on from there. Must not know that model.
import type { HelperTask, MaterialSpec } from '../domain/material';
import type { ParamValues } from '../domain/params';
import type { TextChange } from '../domain/trace';
import { changedText } from '../domain/trace';
import { stepOf, stepParam } from './dropStep';
import type { TraceEdit } from './intervention';
import { cutTrace } from './keepClose';
import { chooseStep, quoteStep } from './stepCores';

const specOf = (task: HelperTask, step: number): MaterialSpec => ({ kind: 'helper', task, step });

/** The steps that are rewritten, from 1; empty when there is no such step. */
function rewrittenSteps(reasoning: string, params: ParamValues, from: 'first' | 'chosen'): readonly number[] {
  const chosen = chooseStep(reasoning, stepOf(params));
  if (typeof chosen === 'string') return [];
  const last = chosen.index + 1;
  return from === 'chosen' ? [last] : Array.from({ length: last }, (_, index) => index + 1);
}

type Kind = {
  readonly task: HelperTask;
  readonly from: 'first' | 'chosen';
  readonly id: string;
  readonly title: string;
  readonly question: string;
};

const rewriting = ({ task, from, ...text }: Kind): TraceEdit => ({
  descriptor: { ...text, keep: { unit: 'fraction', value: 1 }, close: 'open', params: [stepParam], needs: 'helper' },
  needs: (reasoning, params) => rewrittenSteps(reasoning, params, from).map((step) => specOf(task, step)),
  rewrite: ({ reasoning }, params, { material }) => {
    const chosen = chooseStep(reasoning, stepOf(params));
    if (typeof chosen === 'string') return { impossible: chosen };
    const changes: TextChange[] = [];
    let origin = '';
    for (const step of rewrittenSteps(reasoning, params, from)) {
      const given = material(specOf(task, step));
      const range = chosen.cores[step - 1];
      if (!given || given.text === null || !range)
        return { impossible: given?.reason ?? 'no helper model rewrote its steps' };
      changes.push({ range, is: given.text });
      origin = given.origin;
    }
    const keep = { unit: 'offset', value: changedText(reasoning.slice(0, chosen.core.end), changes).length } as const;
    return { changes, keep, note: `${task} by ${origin}, up to ${quoteStep(reasoning, chosen.core)}` };
  },
  apply: cutTrace,
});

export const mistake = rewriting({
  task: 'mistake',
  from: 'chosen',
  id: 'mistake',
  title: 'Mistake added',
  question: 'When a step is made wrong and the model goes on from there, does the answer change with it?',
});

export const paraphrased = rewriting({
  task: 'paraphrase',
  from: 'first',
  id: 'paraphrased',
  title: 'Paraphrased',
  question:
    'When the steps so far are said in other words and the model goes on, is the answer kept: is it the meaning that counts?',
});
