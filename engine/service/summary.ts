// Owns the way from a folded log to what people see: the statistics' input, and the summary with its caveats.
// Must not know how logs are read.
import type { RunStatus, RunSummary } from '../domain/effect';
import type { CaveatId, RunManifest, TraceCheck } from '../domain/run';
import type { ExampleState, RunState, SampleDigest } from '../domain/runState';
import { replicatesFor } from '../measure/clusterBootstrap';
import { summarizeCurves } from '../measure/curve';
import { summarizeEffects } from '../measure/effects';
import type { ConditionOutcomes, ExampleOutcomes } from '../measure/exampleOutcomes';
import { metricBootstrap } from '../measure/metrics/metric';
import { summarizeMeasures } from '../measure/summarizeMeasures';
import { traceLogProb } from '../measure/traceLogProb';
import { matchOption } from './foldAnswer';
import { runCaveats } from './runCaveats';

export const optionOf = (digest: SampleDigest): string | null =>
  digest.outcome.kind === 'option' ? digest.outcome.option : null;

function outside(digests: readonly SampleDigest[]): number | null {
  const probabilities = digests[0]?.probabilities;
  return probabilities ? Math.max(0, 1 - probabilities.reduce((sum, one) => sum + one, 0)) : null;
}

function smallestMargin(digests: readonly SampleDigest[]): number | null {
  const margins = digests.map((one) => one.minMargin).filter((one) => one !== null);
  return margins.length === 0 ? null : Math.min(...margins);
}

/** What was noted of regenerated texts; nothing where no sample has it. */
function factsOf(digests: readonly SampleDigest[]): Pick<ConditionOutcomes, 'similarities' | 'namesEdit'> {
  const [likened, named] = [digests.filter(hasLikeness), digests.filter(hasNames)];
  return {
    ...(likened.length === 0 ? {} : { similarities: digests.map(({ stepLikeness }) => stepLikeness ?? null) }),
    ...(named.length === 0 ? {} : { namesEdit: digests.map(({ namesEdit }) => namesEdit ?? false) }),
  };
}

const hasLikeness = ({ stepLikeness }: SampleDigest): boolean => stepLikeness !== undefined;
const hasNames = ({ namesEdit }: SampleDigest): boolean => namesEdit !== undefined;

/** What statistics need of an example, closed or not. */
export function outcomesOf(example: ExampleState): ExampleOutcomes {
  const byCondition = new Map<keyof ExampleState['caveats'], ConditionOutcomes>();
  for (const [condition, digests] of example.results) {
    byCondition.set(condition, {
      outcomes: digests.map(optionOf),
      redraws: (example.redraws.get(condition) ?? []).map(optionOf),
      wentOn: digests.map((one) => one.wentOn),
      caveats: [...(example.caveats[condition] ?? []), ...unscored(digests)],
      outside: outside(digests),
      finishLength: digests.filter((one) => one.finish === 'length').length,
      minMargin: smallestMargin(digests),
      probabilities: digests[0]?.probabilities ?? null,
      ...factsOf(digests),
    });
  }
  const { recorded, labels, steps, levels } = example;
  const omitted = new Set(Object.keys(example.omitted));
  const counted = steps === null ? {} : { steps };
  return { example: example.example, recorded, labels, levels, omitted, ...counted, byCondition };
}

const unscored = (digests: readonly SampleDigest[]): readonly CaveatId[] =>
  digests.some(({ finish, probabilities }) => finish === 'forced' && probabilities === null) ? ['optionsUnscored'] : [];

function skippedReasons(state: RunState): RunSummary['skipped'] {
  const counts = new Map<string, number>();
  for (const reason of state.skipped.values()) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return [...counts].map(([reason, count]) => ({ reason, count })).sort((a, b) => b.count - a.count);
}

/** The statistics' input: every example that is closed. */
export const closedOutcomes = (state: RunState): readonly ExampleOutcomes[] =>
  [...state.examples.values()].filter((one) => one.logEnd !== null).map(outcomesOf);

/** The answer toward which effects are signed, as the options spell it. */
function towardOf({ spec, options }: RunManifest): string | undefined {
  return spec.toward === undefined ? undefined : (matchOption(spec.toward, options) ?? undefined);
}

const checksOf = (state: RunState): readonly TraceCheck[] =>
  [...state.examples.values()].flatMap(({ logEnd, check }) => (logEnd === null || !check ? [] : [check]));

/** `writing`: whether a process is appending now; a run that nobody writes and that has no end was interrupted. */
export const statusOf = (state: RunState, writing: boolean): RunStatus =>
  state.status === 'running' && !writing ? 'interrupted' : state.status;

/** What people see of a run; `writing` as for {@link statusOf}. */
export function summarize(state: RunState, manifest: RunManifest, writing: boolean): RunSummary {
  const status = statusOf(state, writing);
  const outcomes = closedOutcomes(state);
  const final = status !== 'running';
  const { seed } = manifest.spec;
  const { effects, replication } = summarizeEffects(manifest.conditions, outcomes, { final, seed });
  const curves = summarizeCurves(manifest.conditions, outcomes, { seed, replicates: replicatesFor(final) });
  return {
    run: manifest.run,
    status,
    message: state.message,
    manifest,
    done: state.closed + state.skipped.size,
    planned: manifest.plannedCount,
    skipped: skippedReasons(state),
    replication,
    traceLogProb: traceLogProb(checksOf(state), { seed, replicates: replicatesFor(final) }),
    effects,
    curves,
    measures: summarizeMeasures({
      conditions: manifest.conditions,
      options: manifest.options,
      toward: towardOf(manifest),
      examples: outcomes,
      bootstrap: metricBootstrap({ seed, replicates: replicatesFor(final) }),
    }),
    caveats: runCaveats(state, manifest),
    ...(state.traffic ? { traffic: state.traffic } : {}),
    reuse: { evaluated: state.tokensEvaluated, asked: state.tokensAsked },
  };
}
