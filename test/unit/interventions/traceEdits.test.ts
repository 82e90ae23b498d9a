import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Material } from '../../../engine/domain/material';
import type { ParamValues } from '../../../engine/domain/params';
import { changedText } from '../../../engine/domain/trace';
import { traceEdits } from '../../../engine/interventions';
import type { TraceContext, TraceRewrite } from '../../../engine/interventions/intervention';

const trace = '\nIncome is low. I lean to approve. Debt is none. Overall, I would approve it.\n';

type Asked = { readonly reasoning?: string; readonly params?: ParamValues; readonly context?: Partial<TraceContext> };

/** A token a character, so that counts can be read in the text. */
function rewriteOf(id: string, { reasoning = trace, params = {}, context = {} }: Asked = {}): TraceRewrite {
  const edit = traceEdits.find(({ descriptor }) => descriptor.id === id);
  const tokenEnds = [...reasoning].map((_, i) => i + 1);
  const plain: TraceContext = {
    options: ['approve', 'reject'],
    recorded: 'approve',
    seed: '1/x',
    tokenCount: (text) => text.length,
    material: () => undefined,
    ...context,
  };
  return edit!.rewrite!({ reasoning, tokenEnds }, params, plain);
}

function edited(id: string, asked: Asked = {}): string {
  const result = rewriteOf(id, asked);
  assert.ok('changes' in result, JSON.stringify(result));
  const text = changedText(asked.reasoning ?? trace, result.changes);
  return result.keep?.unit === 'offset' ? text.slice(0, result.keep.value) : text;
}

function reason(id: string, asked: Asked = {}): string {
  const result = rewriteOf(id, asked);
  assert.ok('impossible' in result || 'unreadable' in result, JSON.stringify(result));
  return 'impossible' in result ? result.impossible : result.unreadable;
}

describe('edits of single steps', () => {
  it('drop a step with its white space, and keep that of the tags', () => {
    const drop = (step: number): string => edited('drop', { params: { step } });
    assert.equal(drop(1), '\nI lean to approve. Debt is none. Overall, I would approve it.\n');
    assert.equal(drop(3), '\nIncome is low. I lean to approve. Overall, I would approve it.\n');
    assert.equal(drop(-1), '\nIncome is low. I lean to approve. Debt is none.\n');
    assert.equal(edited('drop', { reasoning: '\nYes.\n', params: { step: 1 } }), '\n\n');
    assert.match(reason('drop', { params: { step: 5 } }), /has 4 steps, so there is no step 5/);
    assert.match(reason('drop', { reasoning: '', params: { step: 1 } }), /has 0 steps/);
  });

  it('drop one of two equal steps, and not the other', () => {
    const reasoning = 'Wait. Fine. Wait. Done.';
    assert.equal(edited('drop', { reasoning, params: { step: 3 } }), 'Wait. Fine. Done.');
  });

  it('replace a step by a person’s words', () => {
    const params = { step: 3, text: ' Debt is huge. ' };
    assert.equal(edited('replace-step', { params }), trace.replace('Debt is none.', 'Debt is huge.'));
    assert.throws(() => rewriteOf('replace-step', { params: { step: 3, text: ' ' } }), /needs a value/);
  });
});

describe('edits of the conclusion', () => {
  it('cut before it, where it is found or where it is named', () => {
    assert.equal(
      edited('before-conclusion', { params: { step: 0 } }),
      '\nIncome is low. I lean to approve. Debt is none.',
    );
    assert.equal(edited('before-conclusion', { params: { step: 2 } }), '\nIncome is low.');
    assert.equal(edited('before-conclusion', { params: { step: 1 } }), '');
    const result = rewriteOf('before-conclusion', { params: { step: 0 } });
    assert.match('note' in result ? String(result.note) : '', /step 4 of 4, found by its words: “Overall/);
    assert.match(
      reason('before-conclusion', { reasoning: 'Income is low.', params: { step: 0 } }),
      /nowhere states "approve"/,
    );
  });

  it('turn every verdict into its opposite, both ways', () => {
    const reasoning = 'Rejection was close. I approve rather than reject. Approved: a yes.';
    assert.equal(
      edited('verdict-reversed', { reasoning }),
      'Approval was close. I reject rather than approve. Rejected: a no.',
    );
    assert.match(reason('verdict-reversed', { reasoning: 'Income is low. I reject.' }), /nowhere states "approve"/);
    const letters = { options: ['A', 'B', 'C'], recorded: 'C' };
    assert.equal(
      edited('verdict-reversed', { reasoning: 'So the answer is C.', context: letters }),
      'So the answer is A.',
    );
  });
});

describe('halves', () => {
  it('are the same number of tokens, whichever half it is (but for the white space of the tags’ lines, which stays)', () => {
    const half = Math.floor(trace.length / 2);
    assert.equal(edited('first-half-deleted'), `\n${trace.slice(half)}`);
    const lengths = ['a', 'b', 'c', 'd', 'e'].map(
      (seed) => edited('random-half-deleted', { context: { seed } }).length,
    );
    assert.ok(
      lengths.every((length) => Math.abs(length - (trace.length - half)) <= 2),
      lengths.join(' '),
    );
    assert.notEqual(
      edited('random-half-deleted', { context: { seed: 'a' } }),
      edited('random-half-deleted', { context: { seed: 'b' } }),
    );
  });

  it('of a trace of one token are nothing', () => {
    for (const id of ['first-half-deleted', 'random-half-deleted']) assert.equal(edited(id, { reasoning: 'Y' }), 'Y');
  });
});

describe('filler', () => {
  it('is dots of as many tokens, whatever the tokenizer makes of them', () => {
    assert.equal(edited('filler'), `\n${'... '.repeat(19).trimEnd()}\n`);
    const pairs = { tokenCount: (text: string) => Math.ceil(text.length / 2) };
    assert.equal(edited('filler', { reasoning: '12345678', context: pairs }), ' ... ...');
    assert.equal(edited('filler', { reasoning: 'Yes' }), '');
  });
});

describe('edits whose text comes from elsewhere', () => {
  const material = (text: string | null): Partial<TraceContext> => ({
    material: (): Material => (text === null ? { text, reason: 'it was cut off', origin: 'x' } : { text, origin: 'x' }),
  });

  it('take all of it but the white space before the closing tag', () => {
    const params = { edit: 'swap', attribute: 'n', a: 'x', b: 'y' };
    assert.equal(edited('swapped-trace', { params, context: material('\nOther.\n\n') }), '\nOther.\n');
    assert.match(reason('swapped-trace', { params, context: material(null) }), /cut off/);
    assert.match(reason('transplanted', { params: { answer: 'other' } }), /no other example/);
  });

  it('rewrite the steps up to one, and cut behind it', () => {
    const given = { material: (): Material => ({ text: 'New words.', origin: 'helper' }) };
    assert.equal(edited('mistake', { params: { step: 2 }, context: given }), '\nIncome is low. New words.');
    assert.equal(edited('paraphrased', { params: { step: 2 }, context: given }), '\nNew words. New words.');
    assert.match(reason('mistake', { params: { step: 9 }, context: given }), /no step 9/);
    assert.match(reason('mistake', { params: { step: 1 }, context: material(null) }), /cut off/);
  });
});
