// Owns the comparison of two recorded runs: what was asked for otherwise, and the outcomes side by side. Must not know statistics.
import { canonicalJson } from '../domain/ids';
import type { RunManifest, RunSpec } from '../domain/run';
import type { ComparedRun, RunComparison } from '../domain/runComparison';
import { runDifferences } from '../measure/runDifference';
import type { RunFold } from '../store/runLog';
import { hashOf } from './conditions';
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

type Aspect = readonly [name: string, of: (manifest: RunManifest) => unknown];

/** What ran, as it was found: it can differ where the same was asked for. */
const found: readonly Aspect[] = [
  ['weights', ({ model }) => short(model.sha256)],
  ['tokenizer', ({ model }) => short(model.tokenizerSha256)],
  ['chat template', ({ model }) => short(model.templateSha256)],
  ['runtime', ({ model }) => model.runtime],
  ['answers', ({ options }) => options.join(', ')],
  ['answer reader', ({ answerReader }) => answerReader],
  ['weights of the helper', ({ helper }) => helper && short(helper.sha256)],
];

const short = (sha256: string): string => sha256.slice(0, 12);

const nameOf = (file: string): string => file.split(/[\\/]/).at(-1) ?? file;

/** What was asked for, member by member of the spec; `null` where it is told otherwise. A new member does not compile without its line. */
const asked: { readonly [Member in keyof Required<RunSpec>]: Aspect | null } = {
  v: null,
  // Each is in one run or in both: that is told with the rates.
  conditions: null,
  model: ['model', ({ model }) => model.id],
  files: ['files', ({ files }) => files.map(({ path, sha256 }) => `${nameOf(path)} (${short(sha256)})`).join(', ')],
  samples: ['samples', ({ spec }) => spec.samples],
  sampling: ['sampling', ({ spec }) => canonicalJson(spec.sampling)],
  seed: ['seed', ({ spec }) => spec.seed],
  limit: ['limit', ({ spec }) => spec.limit],
  only: [
    'chosen examples',
    ({ spec }) => spec.only && `${spec.only.length} (${hashOf([...spec.only].sort()).slice(0, 8)})`,
  ],
  maxTokens: ['maxTokens', ({ spec }) => spec.maxTokens],
  // `answers` and `answer reader` say what came of these two.
  answer: null,
  options: null,
  mapping: ['mapping of fields', ({ spec }) => spec.mapping && canonicalJson(spec.mapping)],
  noiseExamples: ['noise examples', ({ spec }) => spec.noiseExamples],
  toward: ['toward', ({ spec }) => spec.toward],
  helper: ['helper', ({ spec, helper }) => helper?.id ?? spec.helper],
  server: ['server', serverOf],
  shard: ['shard', ({ spec: { shard } }) => shard && `${shard.index + 1}/${shard.of}`],
};

/** Without the addresses: which machine answers decides nothing, what it runs does. */
function serverOf({ model }: RunManifest): string | undefined {
  const engines = model.server?.endpoints.map(({ engine, root }) =>
    [engine, root].filter((one) => one !== '').join(' with '),
  );
  return engines && [model.server?.dialect, ...new Set(engines)].join(', ');
}

function differencesOf(first: RunManifest, second: RunManifest): readonly string[] {
  const aspects = [...Object.values(asked), ...found].filter((one) => one !== null);
  return aspects.flatMap(([name, of]) => {
    const [was, is] = [first, second].map((one) => String(of(one) ?? 'none'));
    return was === is ? [] : [`${name}: ${was} → ${is}`];
  });
}
