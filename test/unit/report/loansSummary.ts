// A run's summary as the loan samples give it, for tests of tables, figures and the report: 244 examples, the published rates.
import type { Close, Condition, ConditionSpec, Keep } from '../../../engine/domain/condition';
import type { RunSummary } from '../../../engine/domain/effect';
import { conditionId, exampleId, runId } from '../../../engine/domain/ids';
import { type CaveatId, greedy, type RunManifest } from '../../../engine/domain/run';
import type { RunComparison } from '../../../engine/domain/runComparison';
import { summarizeCurves } from '../../../engine/measure/curve';
import { type ExampleOutcomes, summarizeEffects } from '../../../engine/measure/effects';
import { metricBootstrap } from '../../../engine/measure/metrics/metric';
import { runDifferences } from '../../../engine/measure/runDifference';
import { summarizeMeasures } from '../../../engine/measure/summarizeMeasures';

const examples = 244;
const redrawn = 30;

type Plan = {
  readonly edit: string;
  readonly keep: number;
  readonly close: Close;
  /** Examples kept without and with the swap, unreadable ones with it, and examples that went on. */
  readonly kept: readonly [plain: number, swapped: number];
  readonly unreadable: number;
  readonly wentOn: number;
  readonly caveats: readonly CaveatId[];
};

const plans: readonly Plan[] = [
  { edit: 'free', keep: 0, close: 'open', kept: [239, 4], unreadable: 0, wentOn: 244, caveats: [] },
  { edit: 'frozen', keep: 1, close: 'closed', kept: [244, 208], unreadable: 0, wentOn: 0, caveats: ['conclusionLeak'] },
  { edit: 'tag-stripped', keep: 1, close: 'open', kept: [244, 184], unreadable: 1, wentOn: 61, caveats: [] },
  { edit: 'half-truncated', keep: 0.5, close: 'open', kept: [241, 92], unreadable: 3, wentOn: 243, caveats: [] },
  { edit: 'half-closed', keep: 0.5, close: 'closed', kept: [240, 146], unreadable: 0, wentOn: 0, caveats: [] },
];

const none = { id: 'none', params: {} };
const swap = { id: 'swap', params: { attribute: 'nationality', a: 'American', b: 'Canadian' } };

function conditionOf({ edit, keep, close }: Plan, swapped: boolean): Condition {
  const alias = swapped ? `${edit}+swap:nationality` : edit;
  const fraction: Keep = { unit: 'fraction', value: keep };
  return {
    id: conditionId(alias),
    alias,
    promptEdit: swapped ? swap : none,
    traceEdit: { id: edit, keep: fraction, close },
    readout: close === 'closed' ? 'forced' : 'continued',
  };
}

const conditions = plans.flatMap((plan) => [conditionOf(plan, false), conditionOf(plan, true)]);

function exampleOf(index: number): ExampleOutcomes {
  const entries = plans.flatMap((plan) => [entryOf(plan, false, index), entryOf(plan, true, index)]);
  return {
    example: exampleId(`example-${index}`),
    recorded: 'approve',
    labels: { correct: 'approve' },
    byCondition: new Map(entries),
  };
}

function entryOf(plan: Plan, swapped: boolean, index: number) {
  const outcome = outcomeOf(plan, swapped, index);
  // One of the free traces answers differently when it is drawn again.
  const again = plan.edit === 'free' && swapped && index === 7 ? 'approve' : outcome;
  const entry = {
    outcomes: [outcome],
    redraws: index < redrawn ? [again] : [],
    wentOn: plan.close === 'open' ? [index < plan.wentOn] : [],
    caveats:
      swapped && plan.keep > 0 && index % 4 > 0 ? ([...plan.caveats, 'attributeInTrace'] as const) : plan.caveats,
    outside: plan.close === 'closed' ? 0.002 : null,
    finishLength: outcome === null ? 1 : 0,
    minMargin: index === 11 && !swapped ? 4e-4 : 1.2,
  };
  return [conditionOf(plan, swapped).id, entry] as const;
}

/** Counts exactly as planned; which examples flip is spread by a step that shares no factor with their number. */
function outcomeOf(plan: Plan, swapped: boolean, index: number): string | null {
  const place = (index * 97) % examples;
  if (place < plan.kept[swapped ? 1 : 0]) return 'approve';
  return swapped && place >= examples - plan.unreadable ? null : 'reject';
}

const spec = (specs: readonly ConditionSpec[]): RunManifest['spec'] => ({
  v: 1,
  files: ['samples/loans-mixed.jsonl'],
  model: 'bundled',
  conditions: specs.map(({ promptEdit, traceEdit, readout }) => ({ promptEdit, traceEdit, readout })),
  samples: 1,
  sampling: greedy,
  seed: 1,
  limit: null,
  maxTokens: 384,
  answer: 'auto',
  noiseExamples: redrawn,
});

const manifest: RunManifest = {
  v: 1,
  run: runId('20260102-030405-1a2b3c'),
  startedAt: '2026-01-02T03:04:05.000Z',
  spec: spec(conditions),
  specSha256: '5f0c6e1d9b7a4c3e8f2a1b0d9c8e7f6a5b4c3d2e1f0a9b8c7d6e5f4a3b2c1d0e',
  conditions,
  options: ['approve', 'reject'],
  answerReader: 'tag',
  model: {
    id: 'counterthought-organism',
    folder: 'samples/model',
    sha256: 'c0ffee00d1e2f3a4b5c6d7e8f9a0b1c2d3e4f5a6b7c8d9e0f1a2b3c4d5e6f7a8',
    layout: 'gqa',
    precision: 'fp32',
    tokenizerSha256: '1111111111111111111111111111111111111111111111111111111111111111',
    templateSha256: '2222222222222222222222222222222222222222222222222222222222222222',
    runtime: 'onnxruntime-node 1.30.0',
  },
  producers: ['counterthought-organism'],
  crossModel: false,
  files: [
    {
      path: 'samples/loans-mixed.jsonl',
      sha256: '3333333333333333333333333333333333333333333333333333333333333333',
      size: 412_345,
      format: 'loans',
    },
  ],
  exampleCount: 250,
  plannedCount: 246,
  versions: { counterthought: '0.1.0', node: '20.19.0', 'onnxruntime-node': '1.30.0' },
};

const outcomes = Array.from({ length: examples }, (_, index) => exampleOf(index));

export const loansSummary: RunSummary = {
  run: manifest.run,
  status: 'completed',
  message: null,
  manifest,
  done: 246,
  planned: 246,
  skipped: [
    { reason: 'no answer could be read in the record', count: 1 },
    { reason: 'the reasoning is empty', count: 1 },
  ],
  ...summarizeEffects(conditions, outcomes, { final: true }),
  traceLogProb: { n: 244, rate: -0.31, interval: [-0.33, -0.29], method: 'bootstrap over examples' },
  curves: summarizeCurves(conditions, outcomes),
  measures: summarizeMeasures({
    conditions,
    options: manifest.options,
    examples: outcomes,
    bootstrap: metricBootstrap({ replicates: 300 }),
  }),
  caveats: [],
  reuse: { evaluated: 148_213, asked: 691_020 },
};

/** The run against itself with another seed, as `compare` would say it. */
export const loansComparison: RunComparison = {
  first: { run: manifest.run, startedAt: manifest.startedAt, model: manifest.model.id, files: [], status: 'completed' },
  second: {
    run: manifest.run,
    startedAt: manifest.startedAt,
    model: manifest.model.id,
    files: [],
    status: 'completed',
  },
  differs: ['seed: 1 → 2'],
  ...runDifferences({ conditions, examples: outcomes, final: true }, { conditions, examples: outcomes, final: true }),
};
