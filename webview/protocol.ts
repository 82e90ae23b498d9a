// Owns what a page may ask of the host, and what the host may tell a page (types only). Pages pull: `open`, then `follow` from a cursor.
import type { Annotation } from '../engine/domain/annotation';
import type { Comparison, RowFilter } from '../engine/domain/comparison';
import type { TraceEditSpec } from '../engine/domain/condition';
import type { OutcomeRow, RunSummary } from '../engine/domain/effect';
import type { ConditionId, ExampleId, RunId } from '../engine/domain/ids';
import type { Ask, Flow } from '../engine/wire/contract';

/** The first message of a page that has loaded, before any frame: the host answers by opening a port for it. */
export type PageReady = { readonly page: 'ready' };

/** What a page shows first; given to it by the first answer, never in its HTML. */
export type ViewState =
  | { readonly view: 'flips'; readonly run: RunId | null }
  | { readonly view: 'diff'; readonly run: RunId; readonly example: ExampleId; readonly condition: ConditionId };

export type RunListEntry = { readonly run: RunId; readonly title: string; readonly status: string };

export type PageRowQuery = RowFilter & { readonly run: RunId };

/** A comparison with what the page needs beside it to name its condition. */
export type DiffData = Omit<Comparison, 'editedMessages'> & {
  readonly alias: string;
  readonly traceEdit: TraceEditSpec;
  readonly swapped: boolean;
  readonly options: readonly string[];
  readonly annotations: readonly Annotation[];
};

/** Everything that a page may have the host do; decoded with a schema on arrival. */
export type Intent =
  | { readonly do: 'openDiff'; readonly run: RunId; readonly example: ExampleId; readonly condition: ConditionId }
  | { readonly do: 'openReport'; readonly run: RunId }
  | { readonly do: 'openSource'; readonly run: RunId; readonly example: ExampleId }
  | { readonly do: 'openSpec'; readonly run: RunId }
  | { readonly do: 'resumeRun'; readonly run: RunId }
  | { readonly do: 'cancelRun'; readonly run: RunId }
  | { readonly do: 'startRun' }
  | {
      readonly do: 'annotate';
      readonly run: RunId;
      readonly example: ExampleId;
      readonly condition: ConditionId;
      readonly sample: number;
      readonly label: string | null;
      readonly note: string;
    };

export type ViewContract = {
  hello: Ask<
    null,
    {
      readonly state: ViewState;
      readonly labels: readonly { readonly id: string; readonly title: string; readonly key: string }[];
    }
  >;
  runs: Ask<null, readonly RunListEntry[]>;
  open: Ask<{ readonly run: RunId }, { readonly summary: RunSummary; readonly cursor: number }>;
  rows: Ask<PageRowQuery, { readonly rows: readonly OutcomeRow[]; readonly total: number }>;
  follow: Flow<
    { readonly run: RunId; readonly from: number },
    { readonly summary: RunSummary; readonly cursor: number },
    null
  >;
  diff: Ask<{ readonly run: RunId; readonly example: ExampleId; readonly condition: ConditionId }, DiffData>;
  perform: Ask<Intent, null>;
};

/** What the host tells a page unasked: show something else, or the list of runs changed. */
export type PageContract = {
  show: Ask<ViewState, null>;
  runsChanged: Ask<null, null>;
};
