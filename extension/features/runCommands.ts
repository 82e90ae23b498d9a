// Owns what can be done with a recorded run: resume, open its report, its spec, or the record that an example came from.
import path from 'node:path';
import * as vscode from 'vscode';
import { UserError } from '../../engine/domain/failure';
import type { ExampleId, RunId } from '../../engine/domain/ids';
import type { Host } from '../host/host';
import { decode, intentSchema } from '../host/pageSchemas';
import { rootOfRun } from '../host/runLibrary';
import { commands } from '../manifest/commands';
import { sourceOf } from './exampleSource';
import { exportRun } from './exportFiles';
import { prepareModel } from './modelCheck';
import { copyRunLink, deleteRun, renameRun, revealRun, runLinkHandler, runSpec, tagRun } from './runFacts';
import { showRunProgress } from './runProgress';
import { runTitle } from './runTitle';
import type { RunNode } from './runTree';

export async function resumeRun(host: Host, run: RunId): Promise<void> {
  if (host.runs.isActive(run)) throw new UserError(vscode.l10n.t('This run is at work already.'));
  const dir = await host.runs.dirOf(run);
  const { spec } = await host.reader.ask('manifest', { dir });
  await prepareModel(host, spec, rootOfRun(dir));
  await showRunProgress(host, vscode.l10n.t('Resuming'), (options) => host.engine.ask('resume', { dir }, options));
}

/** Writes the report and shows it in an editor: one self-contained page without scripts. */
export async function openReport(host: Host, run: RunId): Promise<void> {
  const { file } = await host.reader.ask('report', { dir: await host.runs.dirOf(run) });
  const html = await vscode.workspace.fs.readFile(vscode.Uri.file(file));
  const title = vscode.l10n.t('Report {0}', run);
  const panel = vscode.window.createWebviewPanel('counterthought.report', title, vscode.ViewColumn.Active, {
    enableScripts: false,
    enableFindWidget: true,
    localResourceRoots: [],
  });
  panel.webview.html = new TextDecoder().decode(html);
  host.log.info(`report written to ${file}`);
}

/** The spec as a document to read, save as `*.cot.json`, and run again. */
export async function openSpec(host: Host, run: RunId): Promise<void> {
  const dir = await host.runs.dirOf(run);
  const { spec } = await host.reader.ask('manifest', { dir });
  const uri = vscode.Uri.file(path.join(rootOfRun(dir), `${run}.cot.json`)).with({ scheme: 'untitled' });
  const document = await vscode.workspace.openTextDocument(uri);
  if (document.getText() === '') {
    const edit = new vscode.WorkspaceEdit();
    edit.insert(uri, new vscode.Position(0, 0), `${JSON.stringify(spec, null, 2)}\n`);
    await vscode.workspace.applyEdit(edit);
  }
  await vscode.window.showTextDocument(document);
}

/** Opens the example as a readable trace. */
export async function openTraceOf(host: Host, run: RunId, example: ExampleId): Promise<void> {
  const source = await sourceOf(host, run, example);
  const file = source.kind === 'files' ? source.folder : source.file;
  await vscode.commands.executeCommand(commands.openTrace.id, { file: path.resolve(file), id: example, source });
}

/** Opens the trace file at the example's record. */
export async function openSource(host: Host, run: RunId, example: ExampleId): Promise<void> {
  const source = await sourceOf(host, run, example);
  if (source.kind === 'files') {
    await vscode.commands.executeCommand('revealInExplorer', vscode.Uri.file(source.folder));
    return;
  }
  const editor = await vscode.window.showTextDocument(vscode.Uri.file(path.resolve(source.file)));
  if (source.kind !== 'bytes') return;
  const line = editor.document.lineAt(Math.min(Math.max(0, source.line - 1), editor.document.lineCount - 1));
  editor.selection = new vscode.Selection(line.range.start, line.range.start);
  editor.revealRange(line.range, vscode.TextEditorRevealType.InCenter);
}

export function startRunCommands(host: Host): vscode.Disposable[] {
  const onRun = (id: string, attempt: string, act: (host: Host, run: RunId) => Promise<void>): vscode.Disposable =>
    vscode.commands.registerCommand(id, async (asked?: unknown) => {
      try {
        const run = runIn(asked) ?? (await pickRun(host));
        if (run !== undefined) await act(host, run);
      } catch (error) {
        host.report(error, attempt);
      }
    });
  return [
    onRun(commands.resumeRun.id, vscode.l10n.t('resume the run'), resumeRun),
    onRun(commands.openReport.id, vscode.l10n.t('open the report'), openReport),
    onRun(commands.renameRun.id, vscode.l10n.t('rename the run'), renameRun),
    onRun(commands.tagRun.id, vscode.l10n.t('tag the run'), tagRun),
    onRun(commands.deleteRun.id, vscode.l10n.t('delete the run'), deleteRun),
    onRun(commands.revealRun.id, vscode.l10n.t('show the run’s folder'), revealRun),
    onRun(commands.copyRunLink.id, vscode.l10n.t('copy a link to the run'), copyRunLink),
    onRun(commands.pauseRun.id, vscode.l10n.t('pause the run'), async ({ runs }, run) => runs.cancel(run)),
    vscode.window.registerUriHandler(runLinkHandler(host)),
    vscode.commands.registerCommand(commands.runSpec.id, (asked?: unknown) =>
      runSpec(host, asked).catch((error) => host.report(error, vscode.l10n.t('run the spec'))),
    ),
    vscode.commands.registerCommand(commands.openAnnotated.id, (asked: unknown) =>
      host.perform(decode(intentSchema, asked)).catch((error) => host.report(error, vscode.l10n.t('open the diff'))),
    ),
    onRun(commands.exportRun.id, vscode.l10n.t('export the run'), exportRun),
    onRun(commands.openSpec.id, vscode.l10n.t('open the spec'), openSpec),
    vscode.commands.registerCommand(commands.showLog.id, () => host.log.show()),
    vscode.commands.registerCommand(commands.restartEngine.id, () => {
      host.engine.stop();
      host.reader.stop();
    }),
  ];
}

/** Pages name a run by its id, trees by the item that shows it. */
function runIn(asked: unknown): RunId | undefined {
  if (typeof asked === 'string') return asked as RunId;
  const { run } = (asked ?? {}) as Partial<RunNode>;
  return typeof run === 'string' ? run : undefined;
}

/** @throws UserError when there is none; `undefined` when the person left. */
export async function pickRun(host: Host): Promise<RunId | undefined> {
  const headers = await host.runs.list();
  if (headers.length === 0) {
    const fix = { label: vscode.l10n.t('Re-run a trace file'), command: commands.rerun.id };
    throw new UserError(vscode.l10n.t('There are no runs in this workspace yet.'), fix);
  }
  const items = headers.map((header) => ({
    run: header.run,
    label: runTitle(header),
    description: header.status,
    detail: [header.run, ...header.tags.map((tag) => `#${tag}`)].join(' '),
  }));
  return (await vscode.window.showQuickPick(items, { placeHolder: vscode.l10n.t('Which run?') }))?.run;
}
