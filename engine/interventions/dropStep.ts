// Owns the trace edits of one step: left out, or replaced by a person's text. Steps are counted from 1, from the end with -1, -2, …
import type { ParamDescriptor, ParamValues } from '../domain/params';
import type { TraceEdit } from './intervention';
import { cutTrace } from './keepClose';
import { chooseStep, quoteStep } from './stepCores';
import { textParam } from './substitution';

export const stepParam: ParamDescriptor = { name: 'step', kind: 'number', title: 'Which step, from 1; -1 is the last' };

/** A step's number as parameters hold it. */
export const stepOf = (params: ParamValues): number => Math.trunc(Number(params.step));

const whole = { unit: 'fraction', value: 1 } as const;

export const dropStep: TraceEdit = {
  descriptor: {
    id: 'drop',
    title: 'Step dropped',
    question: 'Is the answer kept when this one step is left out of the reasoning?',
    keep: whole,
    close: 'closed',
    params: [stepParam],
  },
  rewrite: ({ reasoning }, params) => {
    const chosen = chooseStep(reasoning, stepOf(params));
    if (typeof chosen === 'string') return { impossible: chosen };
    const { index, cores, core } = chosen;
    const next = cores[index + 1];
    const previous = cores[index - 1];
    // The white space behind a step goes with it; behind the last one it belongs to the closing tag, so there what stands before goes.
    const range = next ? { start: core.start, end: next.start } : { start: previous?.end ?? core.start, end: core.end };
    return { changes: [{ range, is: '' }], note: `left out: ${quoteStep(reasoning, core)}` };
  },
  apply: cutTrace,
};

export const replaceStep: TraceEdit = {
  descriptor: {
    id: 'replace-step',
    title: 'Step replaced',
    question: 'Is the answer kept when this one step says what you write instead?',
    keep: whole,
    close: 'closed',
    params: [stepParam, { name: 'text', kind: 'text', title: 'What the step says instead' }],
  },
  rewrite: ({ reasoning }, params) => {
    const is = textParam(params, 'text', 'replace-step').trim();
    const chosen = chooseStep(reasoning, stepOf(params));
    if (typeof chosen === 'string') return { impossible: chosen };
    return { changes: [{ range: chosen.core, is }], note: `replaced: ${quoteStep(reasoning, chosen.core)}` };
  },
  apply: cutTrace,
};
