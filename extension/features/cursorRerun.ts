// Owns re-running one example from a point of its readable trace: the trace is kept up to the cursor or the step, the rest is written anew,
// a peek shows it as it streams, and the diff shows it whole. Must not know how a run is made.
import * as vscode from 'vscode';
import type { TraceEditSpec } from '../../engine/domain/condition';
import { UserError } from '../../engine/domain/failure';
import type { Host } from '../host/host';
import { commands } from '../manifest/commands';
import { hasStepLenses } from '../trace/curveMarks';
import { createCutMarks } from '../trace/cutMarks';
import { type ResultDocuments, resultDocuments } from '../trace/rerunResult';
import { rerunSpec, upTo, without } from '../trace/rerunSpec';
import { isTrace, traceScheme } from '../trace/traceAddress';
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

/** What a lens passes: the document and the offset of the reasoning at which to cut. */
type RerunAt = { readonly uri: string; readonly offset: number };

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
  const lenses: vscode.CodeLensProvider = {
    onDidChangeCodeLenses: marks.onDidChange,
    provideCodeLenses: (document) => stepLenses(document, tracesOf(host).peek(document.uri), marks),
  };
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
    vscode.languages.registerCodeLensProvider({ scheme: traceScheme }, lenses),
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

/** Steps beyond are re-run from the menu or by key. */
const mostLenses = 1000;

/** Above each step: from here, and what came of it the last time. */
function stepLenses(
  document: vscode.TextDocument,
  trace: ShownTrace | null,
  marks: RerunParts['marks'],
): vscode.CodeLens[] {
  if (!trace || trace.example.opaque !== null || !hasStepLenses(document)) return [];
  const uri = document.uri.toString();
  const done = marks.outcomeIn(document.uri);
  return trace.layout.lines.slice(0, mostLenses).flatMap(({ line, shown }, i) => {
    const range = new vscode.Range(line, 0, line, 0);
    const here = { uri, offset: shown.start } satisfies RerunAt;
    const title = vscode.l10n.t('Re-run from here');
    const lens = new vscode.CodeLens(range, { title, command: commands.rerunHere.id, arguments: [here] });
    const drop = { uri, step: i + 1 };
    const dropTitle = vscode.l10n.t('without this step');
    const dropLens = new vscode.CodeLens(range, {
      title: dropTitle,
      command: commands.rerunWithout.id,
      arguments: [drop],
    });
    if (done?.line !== line) return [lens, dropLens];
    return [lens, dropLens, new vscode.CodeLens(range, { title: `→ ${done.words}`, command: commands.openCutDiff.id })];
  });
}
