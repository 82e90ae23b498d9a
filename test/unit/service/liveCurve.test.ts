// The live decision curves on the bundled model: the same probabilities as a run's conditions, an edited trace as if it had been recorded
// so, and sentences where a curve cannot be drawn.
import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { answerReader } from '../../../engine/answers';
import type { Example } from '../../../engine/domain/example';
import { greedy } from '../../../engine/domain/run';
import { stepsOf } from '../../../engine/domain/steps';
import { decidedAfter, type TraceCurvePoint, type TraceCurveSpec } from '../../../engine/domain/traceCurve';
import { Backends, type LoadedModel } from '../../../engine/service/backends';
import { nameCondition } from '../../../engine/service/conditions';
import { openTrace } from '../../../engine/service/fileQueries';
import { traceCurve } from '../../../engine/service/liveCurve';
import { type PlanSetup, planExample } from '../../../engine/service/plan';
import { parseSwap, swapSpec } from '../../../engine/service/promptEditWords';
import { resultOf } from '../../../engine/service/sampleResult';
import { runToEnd } from '../../support/localModel';
import { projectRoot } from '../../support/paths';

const file = path.join(projectRoot, 'samples/loans-mixed.jsonl');
const swap = swapSpec(parseSwap('nationality=American:Canadian'));
const signal = new AbortController().signal;

const backends = new Backends();
let loaded: LoadedModel;
let example: Example;
let options: readonly string[];

before(async () => {
  loaded = await backends.open({ model: 'bundled' });
  const opened = await openTrace({ file, at: { index: 3 } }, signal);
  example = opened.example;
  options = opened.summary.answer.options;
});
after(() => backends.dispose());

async function curve(spec: Partial<TraceCurveSpec> = {}) {
  const points: TraceCurvePoint[] = [];
  const batches: number[] = [];
  const emit = (some: readonly TraceCurvePoint[]): void => {
    points.push(...some);
    batches.push(some.length);
  };
  const asked = { model: 'bundled', example, options, swap, from: 0, ...spec };
  const summary = await traceCurve(asked, { loaded, signal, emit });
  return { points, batches, summary };
}

/** The probabilities that a run records for the same cut. */
async function recordedByRun(of: Example, steps: number, swapped: boolean): Promise<readonly number[]> {
  const traceEdit = { id: 'keep', keep: { unit: 'steps', value: steps }, close: 'closed' } as const;
  const promptEdit = swapped ? swap : { id: 'none', params: {} };
  const setup: PlanSetup = {
    conditions: [nameCondition({ promptEdit, traceEdit, readout: 'forced' })],
    options,
    reader: answerReader('tag'),
    model: loaded.text,
    contextTokens: loaded.backend.capabilities.contextTokens,
    spec: { samples: 1, sampling: greedy, seed: 1, maxTokens: 10 },
  };
  const plan = planExample(of, setup);
  const events = await runToEnd(loaded.backend, plan.job);
  const result = events.map((event) => resultOf(event, plan, setup)).find((one) => one !== null);
  return result?.probabilities ?? [];
}

function assertClose(actual: readonly number[], expected: readonly number[], what: string): void {
  assert.equal(actual.length, expected.length, what);
  for (const [i, value] of actual.entries())
    assert.ok(Math.abs(value - (expected[i] ?? -1)) < 1e-4, `${what}: ${value}`);
}

describe('decision curves', () => {
  test('every cut has the probabilities that a run records for it, with the prompt kept and swapped', async () => {
    const { points, summary } = await curve();
    const steps = stepsOf(example.trace.reasoning).length;
    assert.equal(summary.steps, steps);
    assert.equal(points.length, 2 * (steps + 1));
    for (const point of points.filter((one) => one.steps % 3 === 0)) {
      const expected = await recordedByRun(example, point.steps, point.prompt === 'swapped');
      assertClose(point.probabilities, expected, `${point.prompt} after ${point.steps}`);
    }
  });

  test('the whole trace comes first, and the decision falls where the best answer stays', async () => {
    const { points, batches, summary } = await curve();
    assert.equal(batches[0], 2);
    assert.ok(points.slice(0, 2).every((point) => point.steps === summary.steps));
    const kept = points.filter((point) => point.prompt === 'kept');
    const decided = decidedAfter(kept, summary.steps);
    const best = (steps: number): number => {
      const { probabilities } = kept.find((point) => point.steps === steps) as TraceCurvePoint;
      return probabilities.indexOf(Math.max(...probabilities));
    };
    assert.ok(decided !== null);
    for (let steps = decided; steps <= summary.steps; steps += 1) assert.equal(best(steps), best(summary.steps));
    if (decided > 0) assert.notEqual(best(decided - 1), best(summary.steps));
  });

  test('an edited trace answers as if it had been recorded so', async () => {
    const { reasoning } = example.trace;
    const [, second] = stepsOf(reasoning);
    assert.ok(second);
    const edited = reasoning.slice(0, second.start) + reasoning.slice(second.end);
    const { points, summary } = await curve({
      edited: { messages: example.messages, reasoning: edited },
      from: second.start,
    });
    assert.equal(summary.steps, stepsOf(reasoning).length - 1);
    assert.ok(
      points.every(({ offset }) => offset >= second.start),
      'nothing before the edit is asked again',
    );
    const asRecorded: Example = { ...example, trace: { ...example.trace, reasoning: edited } };
    for (const { prompt, steps, probabilities } of points.slice(0, 4)) {
      assertClose(probabilities, await recordedByRun(asRecorded, steps, prompt === 'swapped'), `${prompt}/${steps}`);
    }
  });

  test('a swap that touches nothing leaves one curve and says so', async () => {
    const { points, summary } = await curve({ swap: swapSpec(parseSwap('planet=Martian:Venusian')) });
    assert.equal(summary.swapTouches, false);
    assert.ok(points.every(({ prompt }) => prompt === 'kept'));
  });

  test('a trace without steps has the one cut before it', async () => {
    const { points, summary } = await curve({ edited: { messages: example.messages, reasoning: '\n' } });
    assert.equal(summary.steps, 0);
    assert.deepEqual(
      points.map(({ steps, k }) => [steps, k]),
      [
        [0, 0],
        [0, 0],
      ],
    );
  });

  test('cuts beyond the context are counted, not failed', async () => {
    const reasoning = `\n${'Each year closes with a surplus. '.repeat(800)}`;
    const { points, summary } = await curve({ edited: { messages: example.messages, reasoning } });
    assert.equal(summary.steps, 800);
    assert.ok(points.length > 20);
    assert.equal(points.length + summary.tooLong, 2 * 801);
  });

  test('a single option is refused in a sentence', async () => {
    await assert.rejects(curve({ options: ['approve'] }), /two answers/);
  });

  test('a cancelled question stops', async () => {
    const stopped = AbortSignal.abort();
    const spec = { model: 'bundled', example, options, swap, from: 0 };
    await assert.rejects(traceCurve(spec, { loaded, signal: stopped, emit: () => undefined }), /cancelled/);
  });
});

describe('where the decision falls', () => {
  const point = (steps: number, first: number): TraceCurvePoint => ({
    prompt: 'kept',
    steps,
    offset: steps,
    k: steps,
    n: 3,
    probabilities: [first, 1 - first],
  });

  test('is the first cut from which on the best answer stays that of the whole', () => {
    assert.equal(decidedAfter([point(3, 0.9), point(0, 0.9), point(1, 0.2), point(2, 0.8)], 3), 2);
    assert.equal(
      decidedAfter(
        [0, 1, 2, 3].map((steps) => point(steps, 0.7)),
        3,
      ),
      0,
    );
    assert.equal(decidedAfter([point(0, 0.9), point(3, 0.1)], 3), 3);
  });

  test('is unknown without the cut of the whole trace', () => {
    assert.equal(decidedAfter([], 3), null);
    assert.equal(decidedAfter([point(0, 0.9)], 3), null);
  });
});
