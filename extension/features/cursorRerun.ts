// Owns re-running one example from a point of its readable trace: the trace is kept up to the cursor or the step, the rest is written anew,
// a peek shows it as it streams, and the diff shows it whole. Must not know how a run is made.
import * as vscode from 'vscode';
import type { TraceEditSpec } from '../../engine/domain/condition';
import { UserError } from '../../engine/domain/failure';
import type { Host } from '../host/host';
import { commands } from '../manifest/commands';
import { createCutMarks } from '../trace/cutMarks';
import { type ResultDocuments, resultDocuments } from '../trace/rerunResult';
import { rerunSpec, upTo, without } from '../trace/rerunSpec';
import { type RerunAt, stepActions } from '../trace/stepActions';
import { isTrace } from '../trace/traceAddress';
import { offsetAt, positionAt } from '../trace/traceLayout';
import { type ShownTrace, tracesOf } from '../trace/traceShelf';
import { openDiff } from './diffPanel';
import { refuseUntrusted } from './rerun';
import { watchRerun } from './rerunWatch';
import { modelFor } from './traceChoice';

export type RerunParts = {
  readonly host: Host;
  readonly results: ResultDocuments;
  readonly marks: ReturnType<typeof createCutMarks>;
};

export function startCursorRerun(host: Host): vscode.Disposable[] {
  const results = resultDocuments();
  const marks = createCutMarks();
  const parts: RerunParts = { host, results, marks };
  let running = new AbortController();
  const command = (id: string, editOf: (asked: unknown) => Promise<TraceRerun>): vscode.Disposable =>
    vscode.commands.registerCommand(id, async (asked?: unknown) => {
      running.abort();
      running = new AbortController();
      try {
        refuseUntrusted();
        await rerunTrace(parts, await editOf(asked), running);
      } catch (error) {
        host.report(error, vscode.l10n.t('re-run the trace from here'));
      }
    });
  return [
    results,
    marks,
    { dispose: () => running.abort() },
    command(commands.rerunHere.id, (asked) => upToHere(host, asked)),
    command(commands.rerunWithout.id, (asked) => withoutSteps(host, asked)),
    vscode.commands.registerCommand(commands.openCutDiff.id, () => {
      const last = marks.last();
      if (last) openDiff(host, { do: 'openDiff', ...last });
    }),
    ...stepActions(host, marks),
  ];
}

async function upToHere(host: Host, asked: unknown): Promise<TraceRerun> {
  const given = asked as Partial<RerunAt> | undefined;
  const isGiven = typeof given?.uri === 'string' && typeof given.offset === 'number';
  const { uri, trace, selection } = isGiven ? await traceAt(host, given.uri ?? '') : await shownTrace(host);
  const offset = isGiven ? (given.offset ?? 0) : offsetAt(trace.layout.lines, selection.active);
  if (offset === null) throw new UserError(vscode.l10n.t('Put the cursor into the reasoning: it is kept up to there.'));
  // White space before the cut would belong to the first word of what is written next.
  const at = trace.example.trace.reasoning.slice(0, offset).trimEnd().length;
  return { uri, trace, traceEdit: upTo(at), at };
}

/** Without the steps of the selection, or without the one whose lens was clicked. */
async function withoutSteps(host: Host, asked: unknown): Promise<TraceRerun> {
  const given = asked as { readonly uri?: unknown; readonly step?: unknown } | undefined;
  const isGiven = typeof given?.uri === 'string' && typeof given.step === 'number';
  const { uri, trace, selection } = isGiven ? await traceAt(host, String(given.uri)) : await shownTrace(host);
  const { lines } = trace.layout;
  const steps = isGiven
    ? [Number(given.step)]
    : lines.flatMap(({ line }, i) => (touches(selection, line) ? [i + 1] : []));
  const [first, last] = [steps[0], steps.at(-1)];
  if (first === undefined || last === undefined)
    throw new UserError(vscode.l10n.t('Select one or more sentences of the reasoning: they are left out.'));
  return { uri, trace, traceEdit: without(first, last), at: lines[first - 1]?.shown.start ?? 0 };
}

/** A selection that ends where a line begins does not touch that line. */
function touches({ start, end, isEmpty }: vscode.Selection, line: number): boolean {
  const endLine = !isEmpty && end.character === 0 ? end.line - 1 : end.line;
  return line >= start.line && line <= endLine;
}

type Shown = { readonly uri: vscode.Uri; readonly trace: ShownTrace; readonly selection: vscode.Selection };

async function traceAt(host: Host, address: string): Promise<Shown> {
  const uri = vscode.Uri.parse(address, true);
  return { uri, trace: await tracesOf(host).get(uri), selection: new vscode.Selection(0, 0, 0, 0) };
}

/** @throws UserError when no readable trace is in front */
async function shownTrace(host: Host): Promise<Shown> {
  const editor = vscode.window.activeTextEditor;
  if (!editor || !isTrace(editor.document)) {
    const fix = { label: vscode.l10n.t('Read one trace'), command: commands.openTrace.id };
    const words = vscode.l10n.t('Open an example with “Read one trace” first, and put the cursor into its reasoning.');
    throw new UserError(words, fix);
  }
  const { uri } = editor.document;
  return { uri, trace: await tracesOf(host).get(uri), selection: editor.selection };
}

export type TraceRerun = {
  readonly uri: vscode.Uri;
  readonly trace: ShownTrace;
  readonly traceEdit: TraceEditSpec;
  /** Where the peek opens, as an offset of the reasoning. */
  readonly at: number;
};

/** Runs one example under the edit, with the prompt kept and swapped, in the sight of the person. */
export async function rerunTrace(parts: RerunParts, rerun: TraceRerun, running: AbortController): Promise<void> {
  const { host } = parts;
  const { trace, traceEdit, uri, at } = rerun;
  if (trace.example.opaque !== null)
    throw new UserError(vscode.l10n.t('This reasoning is {0}, so it cannot be re-run.', trace.example.opaque));
  const model = await modelFor(host, trace);
  if (model === null) return;
  const { swap } = tracesOf(host).choiceFor(trace);
  const position = positionAt(trace.layout.lines, at) ?? { line: trace.layout.titleLine, character: 0 };
  await watchRerun(parts, {
    spec: rerunSpec(trace, { model, swap, traceEdit }),
    swap,
    trace,
    uri,
    position: new vscode.Position(position.line, position.character),
    running,
  });
}
