// Owns the decision curves that were asked for: one question a document at a time, the newest wins, answers kept as long as what was asked is
// the same. Must not know how they are drawn.
import * as vscode from 'vscode';
import { CancelledError } from '../../engine/domain/failure';
import type { TraceCurvePoint, TraceCurveSpec, TraceCurveSummary } from '../../engine/domain/traceCurve';
import type { EngineProcess } from '../host/engineProcess';

export type CurveState = {
  readonly spec: TraceCurveSpec;
  /** By rising number of steps. */
  readonly kept: readonly TraceCurvePoint[];
  readonly swapped: readonly TraceCurvePoint[];
  /** `null` while cuts stream in. */
  readonly summary: TraceCurveSummary | null;
  /** Why there is no curve, in words. */
  readonly failure: string | null;
};

export type CurveStore = {
  readonly stateOf: (uri: vscode.Uri) => CurveState | null;
  /** Asks unless the same was asked and is answered or on its way. */
  readonly ask: (uri: vscode.Uri, spec: TraceCurveSpec) => void;
  /** Nobody looks any more: what is on its way stops, what came stays. */
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
    if (before?.key === key) return;
    before?.controller.abort();
    const carried = before ? carryOver(before.state, spec) : { kept: [], swapped: [] };
    const entry: Entry = {
      key,
      controller: new AbortController(),
      state: { spec, ...carried, summary: null, failure: null },
    };
    entries.set(uri.toString(), entry);
    const update = (change: Partial<CurveState>): void => {
      if (entries.get(uri.toString()) !== entry) return;
      entry.state = { ...entry.state, ...change };
      changed.fire(uri);
    };
    const onEvent = (points: readonly TraceCurvePoint[]): void =>
      update({
        kept: merged(
          entry.state.kept,
          points.filter(({ prompt }) => prompt === 'kept'),
        ),
        swapped: merged(
          entry.state.swapped,
          points.filter(({ prompt }) => prompt === 'swapped'),
        ),
      });
    engine.ask('curve', spec, { signal: entry.controller.signal, onEvent }).then(
      (summary) => update({ summary }),
      (error: unknown) => {
        if (error instanceof CancelledError) return;
        update({ failure: error instanceof Error ? error.message : String(error) });
      },
    );
    changed.fire(uri);
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

const messagesOf = ({ edited, example }: TraceCurveSpec) => edited?.messages ?? example.messages;

function merged(before: readonly TraceCurvePoint[], more: readonly TraceCurvePoint[]): readonly TraceCurvePoint[] {
  const bySteps = new Map([...before, ...more].map((point) => [point.steps, point]));
  return [...bySteps.values()].sort((a, b) => a.steps - b.steps);
}
