// Owns what a page may ask of the host, and what the host may tell a page (types only). Pages pull: `open`, then `follow` from a cursor.
import type { Annotation, AnnotationTarget } from '../engine/domain/annotation';
import type { Comparison, OutcomeOrder, RowFilter, RunGroups } from '../engine/domain/comparison';
import type { TraceEditSpec } from '../engine/domain/condition';
import type { OutcomeRow, RunSummary } from '../engine/domain/effect';
import type { ConditionId, ExampleId, RunId } from '../engine/domain/ids';
import type { RunComparison } from '../engine/domain/runComparison';
import type {
  ExampleQuery,
  ExampleReading,
  ExampleRow,
  QueryProgress,
  RecordPlace,
  TraceFileFacts,
} from '../engine/domain/traceList';
import type { Ask, Flow } from '../engine/wire/contract';

/** The first message of a page that has loaded, before any frame: the host answers by opening a port for it. */
export type PageReady = { readonly page: 'ready' };

/** What a page shows first; given to it by the first answer, never in its HTML. */
export type ViewState =
  | { readonly view: 'flips'; readonly run: RunId | null }
  | { readonly view: 'traces' }
  | {
      readonly view: 'diff';
      readonly run: RunId;
      readonly example: ExampleId;
      readonly condition: ConditionId;
      /** In which flips are gone through. */
      readonly order: OutcomeOrder;
      /** `null`: it was opened by itself. */
      readonly review: ReviewPlace | null;
    };

/** Where one is in a queue of examples to annotate. */
export type ReviewPlace = {
  readonly index: number;
  readonly count: number;
  readonly previous: ExampleId | null;
  readonly next: ExampleId | null;
  readonly isBlind: boolean;
};

export type RunListEntry = { readonly run: RunId; readonly title: string; readonly status: string };

export type PageRowQuery = RowFilter & { readonly run: RunId };

/** A comparison with what the page needs beside it to name its condition. */
export type DiffData = Omit<Comparison, 'editedMessages'> & {
  readonly alias: string;
  readonly traceEdit: TraceEditSpec;
  readonly swapped: boolean;
  readonly options: readonly string[];
  readonly annotations: readonly Annotation[];
  /** Who annotates here. */
  readonly author: string;
};

/** Which example under which condition, and in which order its neighbors are; left out: that of the file. */
export type DiffAsk = {
  readonly run: RunId;
  readonly example: ExampleId;
  readonly condition: ConditionId;
  readonly order?: OutcomeOrder;
};

/** Everything that a page may have the host do; decoded with a schema on arrival. */
export type Intent =
  | ({ readonly do: 'openDiff' } & DiffAsk)
  | ({ readonly do: 'openNativeDiff'; readonly sample: number } & DiffAsk)
  | { readonly do: 'openReport'; readonly run: RunId }
  | { readonly do: 'openSource'; readonly run: RunId; readonly example: ExampleId }
  | { readonly do: 'openTrace'; readonly run: RunId; readonly example: ExampleId }
  | { readonly do: 'openSpec'; readonly run: RunId }
  | { readonly do: 'copyText'; readonly text: string; readonly what: string }
  | { readonly do: 'savePdf'; readonly run: RunId; readonly figure: string }
  | { readonly do: 'resumeRun'; readonly run: RunId }
  | { readonly do: 'cancelRun'; readonly run: RunId }
  | { readonly do: 'startRun' }
  | { readonly do: 'undoAnnotation' }
  | {
      readonly do: 'annotate';
      /** Beside which the annotation is kept. */
      readonly run: RunId;
      readonly target: AnnotationTarget;
      readonly label: string | null;
      readonly note: string;
    };

type Hello = Ask<
  null,
  {
    readonly state: ViewState;
    readonly labels: readonly { readonly id: string; readonly title: string; readonly key: string }[];
    /** The page's words in the person's language, by what they are in English; empty for English. */
    readonly texts: Readonly<Record<string, string>>;
  }
>;

export type ViewContract = {
  hello: Hello;
  runs: Ask<null, readonly RunListEntry[]>;
  open: Ask<{ readonly run: RunId }, { readonly summary: RunSummary; readonly cursor: number }>;
  rows: Ask<PageRowQuery, { readonly rows: readonly OutcomeRow[]; readonly total: number }>;
  groups: Ask<{ readonly run: RunId; readonly by: string | null }, RunGroups>;
  compare: Ask<{ readonly first: RunId; readonly second: RunId }, RunComparison>;
  follow: Flow<
    { readonly run: RunId; readonly from: number },
    { readonly summary: RunSummary; readonly cursor: number },
    null
  >;
  diff: Ask<DiffAsk, DiffData>;
  perform: Ask<Intent, null>;
};

/** The file of a trace editor: how far it was read, and what is wrong with it. */
export type TraceFileState = {
  readonly name: string;
  /** `changed`: it is on disk no longer what it was. `failed`: nothing of it can be listed. */
  readonly status: 'reading' | 'ready' | 'changed' | 'failed';
  readonly progress: { readonly bytes: number; readonly totalBytes: number; readonly examples: number };
  /** `null` until all of it was read. */
  readonly facts: TraceFileFacts | null;
  readonly failure: { readonly message: string; readonly canChooseFields: boolean } | null;
  /** Whether a person's own mapping says where its fields are. */
  readonly isMapped: boolean;
  /** Whether models may run here. */
  readonly isTrusted: boolean;
};

/** Everything that the page of a trace editor may have the host do with its file; decoded with a schema on arrival. */
export type TraceIntent =
  /** `null`: all examples of the file. */
  | { readonly do: 'exportExamples'; readonly indexes: readonly number[] | null }
  | { readonly do: 'copyExamples'; readonly indexes: readonly number[] }
  | { readonly do: 'rerunExamples'; readonly indexes: readonly number[] }
  | { readonly do: 'rerunFile' }
  | { readonly do: 'openReadable'; readonly index: number }
  | { readonly do: 'openRaw'; readonly at: RecordPlace }
  | { readonly do: 'chooseFields' }
  | { readonly do: 'reload' };

/** What the page of a trace editor asks; the file is the editor's own, so no page can name another. */
export type TracesContract = {
  hello: Hello;
  fileState: Flow<null, TraceFileState, null>;
  examples: Ask<
    { readonly query: ExampleQuery; readonly offset: number; readonly limit: number },
    readonly ExampleRow[]
  >;
  find: Flow<{ readonly query: ExampleQuery }, QueryProgress, QueryProgress>;
  /** @param whole texts of any length, else only their beginnings */
  reading: Ask<{ readonly index: number; readonly whole: boolean }, ExampleReading>;
  act: Ask<TraceIntent, null>;
};

/** What the host tells a page unasked: show something else, or the list of runs changed. */
export type PageContract = {
  show: Ask<ViewState, null>;
  runsChanged: Ask<null, null>;
};
