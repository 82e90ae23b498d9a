// Owns the decision curves that were asked for: one question a document at a time, the newest wins, answers kept as long as what was asked is
// the same. Must not know how they are drawn.
import * as vscode from 'vscode';
import { CancelledError } from '../../engine/domain/failure';
import type { CurvePrompt, TraceCurvePoint, TraceCurveSpec, TraceCurveSummary } from '../../engine/domain/traceCurve';
import type { EngineProcess } from '../host/engineProcess';

export type CurveState = {
  readonly spec: TraceCurveSpec;
  /** By rising number of steps. */
  readonly kept: readonly TraceCurvePoint[];
  readonly swapped: readonly TraceCurvePoint[];
  /** After the whole trace: the first that is scored. `null` until then. */
  readonly whole: { readonly kept: TraceCurvePoint | null; readonly swapped: TraceCurvePoint | null };
  readonly askedAtMs: number;
  /** `null` while cuts stream in. */
  readonly summary: TraceCurveSummary | null;
  /** Why there is no curve, in words. */
  readonly failure: string | null;
};

export type CurveStore = {
  readonly stateOf: (uri: vscode.Uri) => CurveState | null;
  /** Asks unless the same was asked and is answered or on its way; what failed is asked again. */
  readonly ask: (uri: vscode.Uri, spec: TraceCurveSpec) => void;
  /** Nobody looks any more: what is on its way stops; what is complete stays. */
  readonly pause: (uri: vscode.Uri) => void;
  readonly forget: (uri: vscode.Uri) => void;
  readonly onDidChange: vscode.Event<vscode.Uri>;
  readonly dispose: () => void;
};

type Entry = { state: CurveState; readonly key: string; readonly controller: AbortController };

export function createCurveStore(engine: EngineProcess): CurveStore {
  const entries = new Map<string, Entry>();
  const changed = new vscode.EventEmitter<vscode.Uri>();

  const pause = (uri: vscode.Uri): void => {
    const entry = entries.get(uri.toString());
    if (!entry || entry.state.summary !== null) return;
    entry.controller.abort();
    entries.delete(uri.toString());
  };
  const ask = (uri: vscode.Uri, spec: TraceCurveSpec): void => {
    const key = JSON.stringify(spec);
    const before = entries.get(uri.toString());
    if (before?.key === key && before.state.failure === null) return;
    before?.controller.abort();
    const carried = before ? carryOver(before.state, spec) : { kept: [], swapped: [] };
    const entry: Entry = {
      key,
      controller: new AbortController(),
      state: {
        spec,
        ...carried,
        whole: { kept: null, swapped: null },
        askedAtMs: Date.now(),
        summary: null,
        failure: null,
      },
    };
    entries.set(uri.toString(), entry);
    const update = (change: Partial<CurveState>): void => {
      if (entries.get(uri.toString()) !== entry) return;
      entry.state = { ...entry.state, ...change };
      changed.fire(uri);
    };
    const onEvent = (points: readonly TraceCurvePoint[]): void => update(withPoints(entry.state, points));
    engine.ask('curve', spec, { signal: entry.controller.signal, onEvent }).then(
      (summary) => update({ summary }),
      (error: unknown) => {
        if (error instanceof CancelledError) return;
        update({ failure: error instanceof Error ? error.message : String(error) });
      },
    );
    if (!before) changed.fire(uri);
  };
  return {
    stateOf: (uri) => entries.get(uri.toString())?.state ?? null,
    ask,
    pause,
    forget: (uri) => {
      entries.get(uri.toString())?.controller.abort();
      entries.delete(uri.toString());
    },
    onDidChange: changed.event,
    dispose: () => {
      for (const { controller } of entries.values()) controller.abort();
      changed.dispose();
    },
  };
}

/** Of the same model, options and swap, cuts before the place from which the new question asks stay as they are. */
function carryOver(
  { spec: before, kept, swapped }: CurveState,
  spec: TraceCurveSpec,
): Pick<CurveState, 'kept' | 'swapped'> {
  const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
  const isSame =
    before.model === spec.model &&
    same([before.options, before.swap, messagesOf(before)], [spec.options, spec.swap, messagesOf(spec)]);
  const earlier = (points: readonly TraceCurvePoint[]) => points.filter(({ offset }) => isSame && offset < spec.from);
  return { kept: earlier(kept), swapped: earlier(swapped) };
}

/** The first points that come are those of the whole trace. */
function withPoints(state: CurveState, points: readonly TraceCurvePoint[]): Partial<CurveState> {
  const of = (prompt: CurvePrompt) => points.filter((point) => point.prompt === prompt);
  const [kept, swapped] = [of('kept'), of('swapped')];
  const whole = state.whole.kept ? state.whole : { kept: kept[0] ?? null, swapped: swapped[0] ?? null };
  return { whole, kept: merged(state.kept, kept), swapped: merged(state.swapped, swapped) };
}

const messagesOf = ({ edited, example }: TraceCurveSpec) => edited?.messages ?? example.messages;

function merged(before: readonly TraceCurvePoint[], more: readonly TraceCurvePoint[]): readonly TraceCurvePoint[] {
  const bySteps = new Map([...before, ...more].map((point) => [point.steps, point]));
  return [...bySteps.values()].sort((a, b) => a.steps - b.steps);
}
