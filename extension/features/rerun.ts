// Owns "Re-run from here": which files, what is in them, what the person chose, and starting the run.
import path from 'node:path';
import * as vscode from 'vscode';
import { UserError } from '../../engine/domain/failure';
import type { ExampleId } from '../../engine/domain/ids';
import { greedy, type RunSpec } from '../../engine/domain/run';
import type { FileSummary } from '../../engine/service/contract';
import type { Host } from '../host/host';
import { withPatientProgress } from '../host/patientProgress';
import { rootOfRuns, runsFolderFor } from '../host/runLibrary';
import { setting } from '../host/settings';
import { commands } from '../manifest/commands';
import { prepareModel } from './modelCheck';
import { runPilot } from './pilot';
import { type EstimateRerun, type PreviewRerun, pickRerun } from './rerunPicker';
import { showPreview } from './rerunPreview';
import type { RerunChoice } from './rerunQuestions';
import { type Launch, showRunProgress } from './runProgress';
import { giveProgram } from './servers';
import { traceFilesOfWorkspace } from './workspaceTraces';

export function startRerun(host: Host): vscode.Disposable[] {
  const command = async (clicked?: unknown, selected?: unknown): Promise<void> => {
    try {
      refuseUntrusted();
      const chosen = chosenExamples(clicked);
      const files = chosen ? [vscode.Uri.file(chosen.file)] : await filesIn(await chooseFiles(clicked, selected));
      if (files.length > 0) await rerun(host, files, chosen?.only ?? null);
    } catch (error) {
      host.report(error, vscode.l10n.t('re-run the traces'));
    }
  };
  return [vscode.commands.registerCommand(commands.rerun.id, command)];
}

/** Examples that were chosen one by one in a list. */
type ChosenExamples = { readonly file: string; readonly only: readonly ExampleId[] };

function chosenExamples(asked: unknown): ChosenExamples | null {
  const { file, only } = (asked ?? {}) as Partial<ChosenExamples>;
  return typeof file === 'string' && Array.isArray(only) && only.length > 0 ? { file, only } : null;
}

type Only = ChosenExamples['only'] | null;

async function rerun(host: Host, asked: readonly vscode.Uri[], only: Only): Promise<void> {
  const summaries = await inspectAll(host, asked);
  const files = summaries.map(({ file }) => vscode.Uri.file(file));
  refuseUnusable(summaries);
  const specOf = async (draft: RerunChoice): Promise<RunSpec> => ({
    ...(await toSpec(host, files, draft)),
    ...(only ? { only } : {}),
  });
  const estimate: EstimateRerun = async (draft, signal) => {
    await giveProgram(host);
    return host.engine.ask('estimate', { spec: await specOf(draft) }, { signal });
  };
  const preview: PreviewRerun = async (draft) => showPreview(host, await specOf(draft));
  const picked = await pickRerun(host, { summaries, chosen: only?.length ?? null }, { estimate, preview });
  if (!picked) return;
  const spec = await specOf(picked.choice);
  const [first] = files;
  const out = runsFolderFor(first as vscode.Uri);
  await prepareModel(host, spec, rootOfRuns(out));
  const title = vscode.l10n.t('Re-running {0}', files.map(({ fsPath }) => path.basename(fsPath)).join(', '));
  const launch =
    (asked: RunSpec): Launch =>
    (options) =>
      host.engine.ask('run', { spec: asked, out }, options);
  if (picked.start === 'pilot') await runPilot(host, { spec, title, launch });
  else await showRunProgress(host, title, launch(spec));
}

/** @throws UserError in a folder that the person has not said they trust: settings in it may name the model that is loaded. */
export function refuseUntrusted(): void {
  if (vscode.workspace.isTrusted) return;
  const fix = { label: vscode.l10n.t('Manage Workspace Trust'), command: 'workbench.trust.manage' };
  throw new UserError(vscode.l10n.t('Models run only in a trusted workspace; recorded runs can be read in any.'), fix);
}

/** The explorer passes the clicked file and the whole selection, our own tree its item; the palette passes nothing. */
async function chooseFiles(clicked: unknown, selected: unknown): Promise<readonly vscode.Uri[]> {
  const many = Array.isArray(selected) ? selected.filter((one): one is vscode.Uri => one instanceof vscode.Uri) : [];
  if (many.length > 0) return many;
  if (clicked instanceof vscode.Uri) return [clicked];
  if (clicked instanceof vscode.TreeItem && clicked.resourceUri) return [clicked.resourceUri];
  const edited = vscode.window.activeTextEditor?.document.uri;
  if (edited?.scheme === 'file' && looksLikeTraces(edited)) return [edited];
  return pickTraceFiles();
}

/** Folders as the trace files in them; a folder without any is one trace file itself, as some tools write them. */
async function filesIn(chosen: readonly vscode.Uri[]): Promise<readonly vscode.Uri[]> {
  const files = await Promise.all(
    chosen.map(async (uri) => {
      const { type } = await vscode.workspace.fs.stat(uri);
      if ((type & vscode.FileType.Directory) === 0) return [uri];
      const found = await traceFilesOfWorkspace(uri);
      return found.length === 0 ? [uri] : found;
    }),
  );
  return files.flat();
}

const looksLikeTraces = ({ path: file }: vscode.Uri): boolean => /\.(jsonl|ndjson|eval|parquet)(\.gz)?$/i.test(file);

async function pickTraceFiles(): Promise<readonly vscode.Uri[]> {
  const found = await traceFilesOfWorkspace();
  if (found.length === 0) {
    return (
      (await vscode.window.showOpenDialog({ canSelectMany: true, title: vscode.l10n.t('Trace files to re-run') })) ?? []
    );
  }
  const items = found.map((uri) => ({
    label: path.basename(uri.path),
    description: vscode.workspace.asRelativePath(uri),
    uri,
  }));
  items.sort((a, b) => a.description.localeCompare(b.description));
  const placeHolder = vscode.l10n.t('Which trace file should be re-run?');
  const picked = await vscode.window.showQuickPick(items, { placeHolder, matchOnDescription: true });
  return picked ? [picked.uri] : [];
}

/** Of several files, those that hold no traces are left out, and named. @throws UserError when none of them does */
async function inspectAll(host: Host, files: readonly vscode.Uri[]): Promise<readonly FileSummary[]> {
  return withPatientProgress(vscode.l10n.t('Reading'), async ({ signal, report }) => {
    const summaries: FileSummary[] = [];
    const left: UserError[] = [];
    for (const { fsPath } of files) {
      const name = path.basename(fsPath);
      const onEvent = ({ examples }: { readonly examples: number }): void =>
        report(vscode.l10n.t('{0}: {1} examples', name, examples));
      report(name);
      const asked = host.reader.ask('inspect', { file: fsPath }, { signal, onEvent });
      await asked.then(
        (summary) => summaries.push(summary),
        (error) => left.push(onlyUserError(error)),
      );
    }
    if (summaries.length === 0 && left[0]) throw left[0];
    if (left.length > 0) {
      const reasons = left.map(({ message }) => message).join(' ');
      void vscode.window.showWarningMessage(vscode.l10n.t('{0} files are left out: {1}', left.length, reasons));
    }
    return summaries;
  });
}

function onlyUserError(error: unknown): UserError {
  if (error instanceof UserError) return error;
  throw error;
}

/** @throws UserError when there is nothing to re-run in any of the files. */
function refuseUnusable(summaries: readonly FileSummary[]): void {
  const names = summaries.map(({ file }) => path.basename(file)).join(', ');
  const examples = summaries.reduce((sum, one) => sum + one.examples, 0);
  const readable = summaries.reduce((sum, one) => sum + one.answer.read, 0);
  if (examples === 0) {
    const [problem] = summaries.flatMap(({ problems }) => problems);
    const why = problem ? vscode.l10n.t('Line {0}: {1}', problem.line, problem.reason) : '';
    throw new UserError(vscode.l10n.t('No record with reasoning was found in {0}. {1}', names, why).trim());
  }
  if (readable === 0) {
    throw new UserError(
      vscode.l10n.t('No answer could be read in {0}, so there is nothing to compare a new one with.', names),
    );
  }
}

async function toSpec(host: Host, files: readonly vscode.Uri[], choice: RerunChoice): Promise<RunSpec> {
  const { traceEdits, swap, placebo, samples, limit, model, server } = choice;
  const scope = files[0];
  return {
    v: 1,
    files: files.map(({ fsPath }) => fsPath),
    model,
    ...(server === null ? {} : { server }),
    conditions: await host.reader.ask('defaultConditions', { traceEdits, swap, placebo }),
    samples,
    // One answer is drawn greedily; several would all be the same one, so they are sampled from the model's own distribution.
    sampling: samples === 1 ? greedy : { ...greedy, temperature: 1 },
    seed: setting('counterthought.seed', scope),
    limit,
    maxTokens: setting('counterthought.maxTokens', scope),
    answer: 'auto',
    noiseExamples: setting('counterthought.noiseExamples', scope),
  };
}
