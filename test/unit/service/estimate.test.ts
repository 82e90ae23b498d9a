import assert from 'node:assert/strict';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import type { Leaf } from '../../../engine/domain/job';
import { greedy, type RunSpec } from '../../../engine/domain/run';
import { Backends } from '../../../engine/service/backends';
import { crossConditions } from '../../../engine/service/conditions';
import { estimateRun, jobCost } from '../../../engine/service/estimate';
import { planExample } from '../../../engine/service/plan';
import { plannedExamples, prepareRun } from '../../../engine/service/prepareRun';
import { parseSwaps } from '../../../engine/service/promptEditWords';
import { checkedTokens, checkTrace } from '../../../engine/service/traceCheck';
import { parseTraceEdit } from '../../../engine/service/traceEditWords';
import { runToEnd } from '../../support/localModel';
import { projectRoot } from '../../support/paths';

const never = new AbortController().signal;

describe('the cost of a job', () => {
  const common = { sampling: greedy, streams: ['a', 'b'] } as const;
  const continued = (key: string, ids: readonly number[]): Leaf => ({
    ...common,
    key,
    ids,
    readout: { kind: 'continued', maxTokens: 10, stopTexts: [] },
  });
  const options = [
    { option: 'yes', ids: [7, 8] },
    { option: 'no', ids: [7, 9] },
  ];

  it('counts a shared prefix once where it is read, and every time where it is asked', () => {
    const forced: Leaf = { ...common, key: 'f', ids: [4], readout: { kind: 'forced', options } };
    const job = { prompt: [1, 2, 3], leaves: [forced, continued('c', [4, 5])] };
    const cost = jobCost(job, () => 6);
    assert.deepEqual(cost, { requests: 3, asked: 3 + 1 + 4 + 2 * (5 + 6), read: 3 + 1 + 3 + 1, written: 12, steps: 6 });
  });

  it('of no leaves is its prompt', () => {
    const cost = jobCost({ prompt: [1, 2], leaves: [] }, () => 1);
    assert.deepEqual(cost, { requests: 0, asked: 0, read: 2, written: 0, steps: 0 });
  });
});

describe('the estimate of a run', () => {
  const backends = new Backends();
  after(() => backends.dispose());
  const spec: RunSpec = {
    v: 1,
    files: [path.join(projectRoot, 'samples/loans-mixed.jsonl')],
    model: 'bundled',
    conditions: crossConditions(
      ['frozen', 'half-truncated', 'no-reasoning'].map(parseTraceEdit),
      parseSwaps(['nationality=American:Canadian'], false),
    ),
    samples: 1,
    sampling: greedy,
    seed: 1,
    limit: 6,
    maxTokens: 64,
    answer: 'auto',
    noiseExamples: 0,
  };

  it('counts those that can be run where it has planned all', async () => {
    const prepared = await prepareRun({ ...spec, options: ['approve', 'neither'] }, backends, never);
    let usable = 0;
    for await (const { example } of plannedExamples(prepared)) usable += Number(example.answer?.option === 'approve');
    assert.ok(usable > 0 && usable < 6);
    assert.equal((await estimateRun(prepared, never)).examples, usable);
    assert.equal((await estimateRun(prepared, never, usable - 1)).examples, 6);
  });

  it('is near what evaluating the examples takes', async () => {
    const prepared = await prepareRun(spec, backends, never);
    const estimate = await estimateRun(prepared, never);
    let spent = 0;
    let asked = 0;
    for await (const { example, reader } of plannedExamples(prepared)) {
      const { job } = planExample(example, { ...prepared.setup, reader });
      for (const event of await runToEnd(prepared.loaded.backend, job)) {
        if (event.type === 'spent') {
          spent += event.tokensEvaluated;
          asked += event.tokensAsked;
        }
      }
      const { backend } = prepared.loaded;
      const checked = await checkTrace(example, { model: prepared.setup.model, backend, signal: never });
      assert.equal(checkedTokens(example, { model: prepared.setup.model, backend }), checked.tokens);
      assert.ok(checked.logProb !== null);
      spent += checked.tokens;
    }
    assert.equal(estimate.examples, 6);
    // Every example's forced and continued readouts: three edits, swapped or not, the closed ones both ways.
    assert.equal(estimate.requests % 6, 0);
    const within = (found: number, truth: number) =>
      assert.ok(Math.abs(found / truth - 1) < 0.35, `${found}, ${truth}`);
    within(estimate.tokensRead + estimate.tokensWritten, spent);
    within(estimate.tokensAsked, asked);
    assert.ok(estimate.etaMs !== null && estimate.etaMs > 0);
  });
});
