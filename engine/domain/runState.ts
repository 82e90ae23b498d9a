// Owns the one fold of a run's log: what the panel, the diff, the report and the command line show are queries over it.
// Keeps no generated text (a log holds gigabytes of it): where an example's facts lie in the log, so that they can be read again.
// Must not know files, processes or statistics.
import type { Example, Outcome, RecordLabels, Source } from './example';
import type { ConditionId, ExampleId } from './ids';
import type { CaveatId, RunEvent, RunManifest, SampleResult, TraceCheck, Traffic } from './run';

/** What statistics need of one sample. */
export type SampleDigest = {
  readonly outcome: Outcome;
  readonly wentOn: boolean;
  readonly finish: SampleResult['finish'];
  readonly probabilities: readonly number[] | null;
  readonly minMargin: number | null;
  readonly namesEdit?: boolean;
  readonly stepLikeness?: number | null;
};

export type ExampleState = {
  readonly example: ExampleId;
  readonly ordinal: number;
  readonly source: Source;
  readonly turn: number;
  readonly sampling: 'greedy' | 'sampled' | 'unknown';
  readonly recorded: string;
  readonly title: string;
  readonly labels: RecordLabels;
  /** Short fields of the record; none in logs that do not have them. */
  readonly fields: Example['fields'];
  readonly caveats: Readonly<Record<ConditionId, readonly CaveatId[]>>;
  readonly omitted: Readonly<Record<ConditionId, string>>;
  /** Steps of the recorded reasoning; `null` in logs that do not say. */
  readonly steps: number | null;
  readonly levels: Readonly<Record<string, string>>;
  /** By condition, by sample. Grows while the example is open. */
  readonly results: Map<ConditionId, SampleDigest[]>;
  readonly redraws: Map<ConditionId, SampleDigest[]>;
  /** `null` in logs that do not say. */
  check: TraceCheck | null;
  /** Where its events begin in the log, and where they end once it is closed (bytes). */
  readonly logStart: number;
  logEnd: number | null;
};

export type RunState = {
  manifest: RunManifest | null;
  /** In the order of their start; an example that was begun and not closed is redone whole and takes its old place. */
  readonly examples: Map<ExampleId, ExampleState>;
  readonly skipped: Map<ExampleId, string>;
  /** Where in the log stands what was made ready for examples that are not closed yet (bytes). */
  readonly materials: Map<ExampleId, { readonly start: number; readonly end: number }[]>;
  status: 'running' | 'completed' | 'cancelled' | 'failed';
  message: string | null;
  closed: number;
  tokensEvaluated: number;
  tokensAsked: number;
  /** Over all parts of a run that was resumed; `null`: no server was asked. */
  traffic: Traffic | null;
};

export function emptyRunState(): RunState {
  return {
    manifest: null,
    examples: new Map(),
    skipped: new Map(),
    materials: new Map(),
    status: 'running',
    message: null,
    closed: 0,
    tokensEvaluated: 0,
    tokensAsked: 0,
    traffic: null,
  };
}

const digest = (result: SampleResult): SampleDigest => ({
  outcome: result.outcome,
  wentOn: result.wentOn,
  finish: result.finish,
  probabilities: result.probabilities,
  minMargin: result.minMargin,
  ...(result.namesEdit === undefined ? {} : { namesEdit: result.namesEdit }),
  ...(result.stepLikeness === undefined ? {} : { stepLikeness: result.stepLikeness }),
});

function addResult(into: Map<ConditionId, SampleDigest[]>, result: SampleResult): void {
  const known = into.get(result.condition);
  if (known) known.push(digest(result));
  else into.set(result.condition, [digest(result)]);
}

function startExample(state: RunState, event: Extract<RunEvent, { type: 'exampleStarted' }>, logStart: number): void {
  if (state.examples.get(event.example)?.logEnd != null) return;
  const { example, ordinal, source, turn, sampling, recorded, title, caveats, labels = {} } = event;
  const { omitted = {}, steps = null, levels = {}, fields = {} } = event;
  const fresh = {
    example,
    ordinal,
    source,
    turn,
    sampling,
    recorded,
    title,
    labels,
    fields,
    caveats,
    omitted,
    steps,
    levels,
    results: new Map(),
    redraws: new Map(),
    check: null,
  };
  state.examples.set(example, { ...fresh, logStart, logEnd: null });
}

function closeExample(state: RunState, event: Extract<RunEvent, { type: 'exampleFinished' }>, logEnd: number): void {
  const example = state.examples.get(event.example);
  if (!example || example.logEnd !== null) return;
  example.logEnd = logEnd;
  state.materials.delete(event.example);
  state.closed += 1;
  state.tokensEvaluated += event.tokensEvaluated;
  state.tokensAsked += event.tokensAsked;
}

function addTraffic(before: Traffic | null, more: Traffic): Traffic {
  if (!before) return more;
  return {
    requests: before.requests + more.requests,
    retries: before.retries + more.retries,
    promptTokens: before.promptTokens + more.promptTokens,
    cachedTokens: before.cachedTokens + more.cachedTokens,
    completionTokens: before.completionTokens + more.completionTokens,
  };
}

/** Adds one event that stands at bytes [at.start, at.end) of the log. Facts of an example that is closed already are ignored. */
export function foldRun(state: RunState, event: RunEvent, at: { readonly start: number; readonly end: number }): void {
  switch (event.type) {
    case 'runStarted':
      state.manifest = event.manifest;
      break;
    case 'runResumed':
      state.status = 'running';
      state.message = null;
      break;
    case 'materialReady':
      state.materials.set(event.example, [...(state.materials.get(event.example) ?? []), { ...at }]);
      break;
    case 'exampleStarted':
      startExample(state, event, at.start);
      break;
    case 'sampleFinished':
    case 'redrawFinished': {
      const example = state.examples.get(event.example);
      if (example && example.logEnd === null) {
        addResult(event.type === 'sampleFinished' ? example.results : example.redraws, event);
      }
      break;
    }
    case 'traceChecked': {
      const example = state.examples.get(event.example);
      if (example && example.logEnd === null) {
        const { tokens, logProb, templateLosesText, sameIds } = event;
        example.check = { tokens, logProb, templateLosesText, sameIds };
      }
      break;
    }
    case 'exampleFinished':
      closeExample(state, event, at.end);
      break;
    case 'exampleSkipped':
      state.skipped.set(event.example, event.reason);
      break;
    case 'runFinished':
      state.status = event.status;
      state.message = event.message ?? null;
      if (event.traffic) state.traffic = addTraffic(state.traffic, event.traffic);
      break;
  }
}
