// Owns what may be asked of an engine process (types only). The extension imports this file and nothing else of the service.
import type { Annotation, AnnotationEvent } from '../domain/annotation';
import type { Catalog } from '../domain/catalog';
import type { Comparison, OutcomeOrder, RowFilter, RunGroups } from '../domain/comparison';
import type { ConditionSpec } from '../domain/condition';
import type { OutcomeRow, RunStatus, RunSummary } from '../domain/effect';
import type { Example, Source } from '../domain/example';
import type { FieldMapping, FileFields, MappingTrial } from '../domain/fieldMapping';
import type { ConditionId, ExampleId, RunId } from '../domain/ids';
import type { AnnotatorAgreement, ReviewAsk, ReviewTarget } from '../domain/review';
import type { RunManifest, RunSpec, SampleResult, ServerSpec } from '../domain/run';
import type { RunComparison } from '../domain/runComparison';
import type { TraceCurvePoint, TraceCurveSpec, TraceCurveSummary } from '../domain/traceCurve';
import type {
  ExampleQuery,
  ExampleReading,
  ExampleRow,
  QueryProgress,
  RawText,
  RecordPlace,
  TraceFileFacts,
} from '../domain/traceList';
import type { Ask, Flow } from '../wire/contract';
import type { SentExample } from './sentExample';

export type SwapSuggestion = {
  readonly attribute: string;
  readonly a: string;
  readonly b: string;
  readonly countA: number;
  readonly countB: number;
};

export type FileSummary = TraceFileFacts & {
  readonly file: string;
  readonly format: string;
  readonly size: number;
  /** The options seen, most frequent first, at most 12; none when there are too many answers to be options. */
  readonly answer: { readonly options: readonly string[] };
  readonly swaps: readonly SwapSuggestion[];
  /** Whether the traces were written by the bundled model. */
  readonly bundledProducer: boolean;
};

/** Which example of a file: by its place from 0, as a run recorded it, or by its id alone, which is looked for. */
export type ExamplePlace =
  | { readonly index: number }
  | { readonly source: Source; readonly id: ExampleId }
  | { readonly id: ExampleId };

/** `summary`: of the first examples, where the file was not read to its end yet. */
export type OpenedTrace = { readonly example: Example; readonly summary: FileSummary };

export type IndexProgress = { readonly bytes: number; readonly totalBytes: number; readonly examples: number };

export type RunHeader = {
  readonly run: RunId;
  readonly dir: string;
  readonly startedAt: string;
  readonly status: RunStatus;
  readonly files: readonly string[];
  readonly model: string;
  readonly done: number;
  readonly planned: number;
  /** What a person calls it; `null`: nothing. */
  readonly name: string | null;
  readonly tags: readonly string[];
};

export type RunProgress =
  | {
      readonly type: 'planned';
      readonly run: RunId;
      readonly dir: string;
      readonly examples: number;
      readonly conditions: number;
    }
  | { readonly type: 'progress'; readonly done: number; readonly planned: number; readonly etaMs: number | null }
  /** What came out of a sample, before the run is over; only of runs of a single example. */
  | { readonly type: 'answered'; readonly recorded: string; readonly result: SampleResult }
  /** More text of a sample; only of runs of a single example. */
  | { readonly type: 'wrote'; readonly condition: ConditionId; readonly sample: number; readonly text: string };

/** A model of the hub: downloaded, or worth downloading. */
export type KnownModel = {
  /** As it is named in a spec. */
  readonly model: string;
  readonly isHere: boolean;
  readonly about: string;
  /** On this disk; `null`: it is not here. */
  readonly bytes: number | null;
};

/** A model in a folder that a person named. */
export type FolderModel = {
  readonly name: string;
  /** As it is named in a spec. */
  readonly model: string;
  readonly kind: 'ONNX' | 'GGUF';
  readonly bytes: number;
};

/** What one check of a model found; `told`: nothing that could fail. */
export type ModelFinding = {
  readonly check: string;
  readonly verdict: 'passed' | 'failed' | 'told';
  readonly says: string;
};

/** GGUF files that other tools keep here, and the llama.cpp server that would run them; `null`: none is found. */
export type GgufModels = {
  readonly program: string | null;
  readonly files: readonly {
    readonly name: string;
    readonly file: string;
    readonly bytes: number;
    /** Whose it is. */
    readonly tool: string;
  }[];
};

/** What the hub says of a model, before anything is downloaded. */
export type HubDescription = {
  readonly repo: string;
  readonly commit: string;
  readonly license: string | null;
  readonly isGated: boolean;
  /** The one that is meant when none is named. */
  readonly precision: string;
  readonly exports: readonly { readonly precision: string; readonly bytes: number }[];
};

/** Examples written; `planned` is `null` where nobody counted them. */
export type ExportProgress = { readonly done: number; readonly planned: number | null };

export type DownloadProgress = { readonly file: string; readonly bytes: number; readonly totalBytes: number };

/** What a run is expected to cost, from its first examples: every figure is about. */
export type RunEstimate = {
  readonly examples: number;
  /** Continuations and forced answers. */
  readonly requests: number;
  /** Tokens, if every condition and sample were evaluated on its own from its first token. */
  readonly tokensAsked: number;
  /** Distinct tokens that are read, each shared prefix once. */
  readonly tokensRead: number;
  /** Tokens that are generated: as many as the recorded turns have after the cuts. */
  readonly tokensWritten: number;
  /** Wall time; `null` when the examples are too short to time. */
  readonly etaMs: number | null;
};

export type SwapWords = { readonly attribute: string; readonly a: string; readonly b: string };

export type PilotPromise = {
  /** The table that the command line prints. */
  readonly text: string;
  /** Of the whole run, without its redraws. */
  readonly expectedMs: number;
  /** Half the widest of the expected intervals, from 0 to 1; `null`: no rate is known. */
  readonly widest: number | null;
};

/** A place in a run's log: bytes folded so far. */
export type Cursor = number;

export type RowQuery = RowFilter & { readonly dir: string };

export type GroupQuery = { readonly dir: string; readonly by: string | null };

export type EngineContract = {
  hello: Ask<{ readonly wire: number }, { readonly wire: number; readonly version: string }>;
  catalog: Ask<null, Catalog>;
  inspect: Flow<{ readonly file: string }, IndexProgress, FileSummary>;
  examples: Ask<{ readonly file: string; readonly offset: number; readonly limit: number }, readonly ExampleRow[]>;
  /** Looks for examples through the whole file; what was found so far can be listed meanwhile by `found`. */
  find: Flow<{ readonly file: string; readonly query: ExampleQuery }, QueryProgress, QueryProgress>;
  found: Ask<
    { readonly file: string; readonly query: ExampleQuery; readonly offset: number; readonly limit: number },
    readonly ExampleRow[]
  >;
  /** One example as a person reads it, each text up to `mostChars` UTF-16 units. */
  reading: Ask<{ readonly file: string; readonly index: number; readonly mostChars: number }, ExampleReading>;
  exampleIds: Ask<{ readonly file: string; readonly indexes: readonly number[] }, readonly ExampleId[]>;
  /** The examples as JSON text: an object for one, else an array. */
  examplesJson: Ask<{ readonly file: string; readonly indexes: readonly number[] }, string>;
  /**
   * Writes examples, or a run's samples, for another tool, over a file that is there; a folder must not be there yet.
   * `indexes` `null`: all of the file.
   */
  exportExamples: Flow<
    { readonly file: string; readonly indexes: readonly number[] | null; readonly to: string; readonly out: string },
    ExportProgress,
    { readonly written: number }
  >;
  exportRun: Flow<
    { readonly dir: string; readonly to: string; readonly out: string },
    ExportProgress,
    { readonly written: number }
  >;
  /** A record's own bytes as text: of an example, or of a line (from 1), damaged or not. */
  rawRecord: Ask<{ readonly file: string; readonly at: RecordPlace }, RawText>;
  fields: Ask<{ readonly file: string }, FileFields>;
  tryMapping: Ask<{ readonly file: string; readonly mapping: FieldMapping }, MappingTrial>;
  example: Ask<{ readonly source: Source; readonly id: ExampleId }, Example>;
  /** One example as the readable trace shows it. */
  openTrace: Ask<{ readonly file: string; readonly at: ExamplePlace }, OpenedTrace>;
  /** The decision curves of one trace, overtaking runs at work; the whole trace first, then cut after cut. */
  curve: Flow<TraceCurveSpec, readonly TraceCurvePoint[], TraceCurveSummary>;
  /** The conditions of an experiment by default: presets × (none, swap). */
  defaultConditions: Ask<
    {
      readonly traceEdits: readonly string[];
      readonly swap: SwapWords | null;
      /** What should not matter: another swap, or the prompt in other words; left out: none. */
      readonly placebo?: SwapWords | 'paraphrase' | null;
    },
    readonly ConditionSpec[]
  >;
  /** What a run would change, in lines of words; nothing is run, no weights are loaded. */
  preview: Ask<{ readonly spec: RunSpec }, string>;
  /** The spec for thirty of the examples that the given one has, drawn at random. */
  planPilot: Ask<{ readonly spec: RunSpec }, { readonly spec: RunSpec; readonly examples: number }>;
  /** What a pilot that ran so long tells of a run over all examples. */
  pilot: Ask<
    { readonly dir: string; readonly examples: number; readonly noiseExamples: number; readonly ranMs: number },
    PilotPromise
  >;
  /** Loads the model, so that the run that follows finds it warm. Waits for runs at work, as a run does: they may need another model. */
  estimate: Ask<{ readonly spec: RunSpec }, RunEstimate>;
  run: Flow<
    { readonly spec: RunSpec; readonly out: string },
    RunProgress,
    { readonly run: RunId; readonly dir: string }
  >;
  resume: Flow<{ readonly dir: string }, RunProgress, { readonly run: RunId; readonly dir: string }>;
  /** The spec of a `*.cot.json` file, its paths made absolute. */
  readSpec: Ask<{ readonly file: string }, RunSpec>;
  setRunFacts: Ask<{ readonly dir: string; readonly name: string | null; readonly tags: readonly string[] }, null>;
  runs: Ask<{ readonly out: string }, readonly RunHeader[]>;
  open: Ask<{ readonly dir: string }, { readonly summary: RunSummary; readonly cursor: Cursor }>;
  rows: Ask<RowQuery, { readonly rows: readonly OutcomeRow[]; readonly total: number }>;
  groups: Ask<GroupQuery, RunGroups>;
  follow: Flow<
    { readonly dir: string; readonly from: Cursor },
    { readonly summary: RunSummary; readonly cursor: Cursor },
    null
  >;
  comparison: Ask<
    {
      readonly dir: string;
      readonly example: ExampleId;
      readonly condition: ConditionId;
      /** Of the neighboring flips; left out: that of the file. */
      readonly order?: OutcomeOrder;
    },
    Comparison
  >;
  /** The run's report as one HTML file; answers where it was written. */
  report: Ask<{ readonly dir: string }, { readonly file: string }>;
  /** One of the report's figures as a PDF file of a column's width. */
  figurePdf: Ask<{ readonly dir: string; readonly figure: string; readonly out: string }, null>;
  /** Two runs, condition by condition, paired on the examples that both have. */
  compare: Ask<{ readonly first: string; readonly second: string }, RunComparison>;
  manifest: Ask<{ readonly dir: string }, RunManifest>;
  models: Ask<null, readonly KnownModel[]>;
  folderModels: Ask<{ readonly folders: readonly string[] }, readonly FolderModel[]>;
  /** Removes a downloaded model in all its precisions. */
  removeModel: Ask<{ readonly model: string }, { readonly freedBytes: number }>;
  /** Checks whether a model can be trusted with this work, check by check; waits for runs at work, as a run does. */
  examineModel: Flow<Pick<RunSpec, 'model' | 'server'>, ModelFinding, readonly ModelFinding[]>;
  describeModel: Ask<{ readonly model: string; readonly token?: string }, HubDescription>;
  /** Goes on where a download broke off; answers the name by which the model is run. */
  downloadModel: Flow<{ readonly model: string; readonly token?: string }, DownloadProgress, string>;
  /** @param program where the person says that llama.cpp's server is; empty: on PATH */
  ggufModels: Ask<{ readonly program: string }, GgufModels>;
  /** As above, remembered for models that are opened from now on. */
  useLlamaServer: Ask<{ readonly program: string }, null>;
  servedModels: Ask<{ readonly server: ServerSpec }, readonly string[]>;
  /** The key behind a name of a spec: kept in memory by the process that is told, and nowhere else. */
  giveKey: Ask<{ readonly name: string; readonly key: string }, null>;
  /** Servers of a spec that nobody in the workspace has agreed to yet, and what would be sent there, with an example; `null`: none. */
  consent: Ask<
    { readonly spec: RunSpec; readonly root: string },
    ({ readonly urls: readonly string[]; readonly says: string } & SentExample) | null
  >;
  /** Endpoints of these servers on other machines. */
  remoteEndpoints: Ask<{ readonly server: ServerSpec }, readonly string[]>;
  agree: Ask<{ readonly urls: readonly string[]; readonly root: string }, null>;
  annotate: Ask<{ readonly root: string; readonly event: AnnotationEvent }, null>;
  annotations: Ask<{ readonly root: string }, readonly Annotation[]>;
  /** Adds the facts of another file of annotations; those that are here already are passed over. */
  importAnnotations: Ask<
    { readonly root: string; readonly file: string },
    { readonly added: number; readonly known: number; readonly bad: number }
  >;
  /** Writes what stands as CSV, or as facts that can be imported (a name that ends in `.jsonl`). */
  exportAnnotations: Ask<{ readonly root: string; readonly out: string }, { readonly written: number }>;
  agreement: Ask<{ readonly root: string }, readonly AnnotatorAgreement[]>;
  reviewQueue: Ask<{ readonly dir: string; readonly ask: ReviewAsk }, readonly ReviewTarget[]>;
};
