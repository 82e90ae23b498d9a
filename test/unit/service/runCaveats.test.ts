import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exampleId } from '../../../engine/domain/ids';
import type { TraceCheck } from '../../../engine/domain/run';
import { type ExampleState, emptyRunState } from '../../../engine/domain/runState';
import { traceLogProb } from '../../../engine/measure/traceLogProb';
import { runCaveats } from '../../../engine/service/runCaveats';
import { loansSummary } from '../report/loansSummary';

const fine: TraceCheck = { tokens: 10, logProb: -5, templateLosesText: false, sameIds: true };

function stateOf(checks: readonly (TraceCheck | null)[]) {
  const state = emptyRunState();
  checks.forEach((check, index) => {
    const example = exampleId(`e${index}`);
    const maps = {
      results: new Map(),
      redraws: new Map(),
      caveats: {},
      omitted: {},
      levels: {},
      labels: {},
      fields: {},
    };
    const places = { source: { kind: 'row', file: 'f', row: index }, logStart: 0, logEnd: 1 } as const;
    const words = { recorded: 'approve', title: '', sampling: 'greedy' } as const;
    const made: ExampleState = { example, ordinal: index, turn: 0, steps: 1, check, ...maps, ...places, ...words };
    state.examples.set(example, made);
    state.closed += 1;
  });
  return state;
}

const raised = (checks: readonly (TraceCheck | null)[]) =>
  runCaveats(stateOf(checks), loansSummary.manifest).map(({ id, count }) => [id, count]);

test('what a trace is to the running model is counted over the examples that say', () => {
  const off: TraceCheck = { ...fine, logProb: -30 };
  const lost: TraceCheck = { ...fine, templateLosesText: true, sameIds: false };
  assert.deepEqual(raised([fine, off, lost, null]), [
    ['offPolicy', 1],
    ['templateMismatch', 1],
    ['otherIds', 1],
  ]);
  const [first] = runCaveats(stateOf([fine, off, lost, null]), loansSummary.manifest);
  assert.match(first?.message ?? '', /^In 1 of 3 examples the model finds/);
});

test('traces that were not scored, have no tokens, or whose ids nobody knows raise nothing', () => {
  assert.deepEqual(raised([fine, { ...fine, logProb: null, sameIds: null }, { ...fine, tokens: 0, logProb: -9 }]), []);
  assert.equal(traceLogProb([{ ...fine, logProb: null }], {}), null);
  assert.deepEqual(traceLogProb([fine, { ...fine, tokens: 5 }], {})?.rate, -0.75);
});
