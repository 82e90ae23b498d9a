// Owns the comparison of two recorded runs: what was asked for otherwise, and the outcomes side by side. Must not know statistics.
import { canonicalJson } from '../domain/ids';
import type { RunManifest } from '../domain/run';
import type { ComparedRun, RunComparison } from '../domain/runComparison';
import { runDifferences } from '../measure/runDifference';
import type { RunFold } from '../store/runLog';
import { closedOutcomes, statusOf } from './summary';

/** A folded run, and whether a process is appending to it. */
export type OpenRun = { readonly fold: RunFold; readonly writing: boolean };

export function compareRuns(first: OpenRun, second: OpenRun): RunComparison {
  const seed = first.fold.manifest.spec.seed;
  return {
    first: sideOf(first),
    second: sideOf(second),
    differs: differencesOf(first.fold.manifest, second.fold.manifest),
    ...runDifferences(outcomesOf(first), outcomesOf(second), { seed }),
  };
}

const outcomesOf = ({ fold, writing }: OpenRun) => ({
  conditions: fold.manifest.conditions,
  examples: closedOutcomes(fold.state),
  final: statusOf(fold.state, writing) !== 'running',
});

function sideOf({ fold, writing }: OpenRun): ComparedRun {
  const { run, startedAt, model, files } = fold.manifest;
  return {
    run,
    startedAt,
    model: model.id,
    files: files.map(({ path }) => path),
    status: statusOf(fold.state, writing),
  };
}

/** What can decide outcomes; how it reads in a manifest, and what to say of it. */
const aspects: readonly (readonly [name: string, of: (manifest: RunManifest) => unknown])[] = [
  ['model', ({ model }) => model.id],
  ['weights', ({ model }) => model.sha256.slice(0, 12)],
  ['tokenizer', ({ model }) => model.tokenizerSha256.slice(0, 12)],
  ['chat template', ({ model }) => model.templateSha256.slice(0, 12)],
  ['runtime', ({ model }) => model.runtime],
  [
    'files',
    ({ files }) => files.map(({ path, sha256 }) => `${path.split(/[\\/]/).at(-1)} (${sha256.slice(0, 12)})`).join(', '),
  ],
  ['options', ({ options }) => options.join(', ')],
  ['answer reader', ({ answerReader }) => answerReader],
  ['samples', ({ spec }) => spec.samples],
  ['sampling', ({ spec }) => canonicalJson(spec.sampling)],
  ['seed', ({ spec }) => spec.seed],
  ['limit', ({ spec }) => spec.limit ?? 'none'],
  ['maxTokens', ({ spec }) => spec.maxTokens],
];

function differencesOf(first: RunManifest, second: RunManifest): readonly string[] {
  return aspects.flatMap(([name, of]) => {
    const [was, is] = [String(of(first)), String(of(second))];
    return was === is ? [] : [`${name}: ${was} → ${is}`];
  });
}
