// Owns the trace edits whose text comes from elsewhere: the reasoning of another example, or of the same one under the edited prompt.

import type { PromptEditSpec } from '../domain/condition';
import type { Material, MaterialSpec } from '../domain/material';
import type { ParamValues } from '../domain/params';
import { bodyEnd } from '../domain/trace';
import type { TraceEdit, TraceRewrite } from './intervention';
import { cutTrace } from './keepClose';

const whole = { unit: 'fraction', value: 1 } as const;

const partnerOf = ({ answer }: ParamValues): MaterialSpec => ({
  kind: 'partner',
  answer: answer === 'same' ? 'same' : 'other',
});

export const transplanted: TraceEdit = {
  descriptor: {
    id: 'transplanted',
    title: 'Transplanted from another example',
    question: 'Does the answer follow the reasoning about somebody else?',
    keep: whole,
    close: 'closed',
    params: [
      {
        name: 'answer',
        kind: 'choice',
        choices: ['other', 'same'],
        title: 'Whether the other example has another recorded answer or the same',
        default: 'other',
      },
    ],
    needs: 'partner',
  },
  needs: (_reasoning, params) => [partnerOf(params)],
  rewrite: ({ reasoning }, params, { material }) => {
    const given = material(partnerOf(params));
    if (!given || given.text === null) return { impossible: given?.reason ?? 'no other example was looked up' };
    return wholeBody(reasoning, given);
  },
  apply: cutTrace,
};

/** The prompt edit whose run gives the trace: the condition's parameters name it in full. */
export function editOfTrace({ edit, ...params }: ParamValues): PromptEditSpec {
  return { id: String(edit ?? ''), params };
}

export const swappedTraceId = 'swapped-trace';

export const swappedTrace: TraceEdit = {
  descriptor: {
    id: swappedTraceId,
    title: 'Trace of the swapped run',
    question:
      'Does the answer follow the reasoning that the model writes for the swapped prompt? With the cells of frozen: mediation.',
    keep: whole,
    close: 'closed',
    params: [],
    needs: 'swap',
  },
  needs: (_reasoning, params) => [{ kind: 'rewrittenRun', promptEdit: editOfTrace(params) }],
  rewrite: ({ reasoning }, params, { material }) => {
    const given = material({ kind: 'rewrittenRun', promptEdit: editOfTrace(params) });
    if (!given || given.text === null) return { unreadable: given?.reason ?? 'the swapped run was not made' };
    return wholeBody(reasoning, given);
  },
  apply: cutTrace,
};

/** All of the body, its first line break included: the white space before the closing tag stays the record's own. */
function wholeBody(reasoning: string, { text, origin }: Material): TraceRewrite {
  const is = (text ?? '').slice(0, bodyEnd(text ?? ''));
  return { changes: [{ range: { start: 0, end: bodyEnd(reasoning) }, is }], note: `reasoning of ${origin}` };
}
