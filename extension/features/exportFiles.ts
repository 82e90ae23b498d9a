// Owns writing examples and runs for other tools: which format, where to, and how far it is. The formats are the engine's; their descriptors say all.
import path from 'node:path';
import * as vscode from 'vscode';
import type { ExportDescriptor } from '../../engine/domain/catalog';
import type { RunId } from '../../engine/domain/ids';
import type { ExportProgress } from '../../engine/service/contract';
import type { Host } from '../host/host';
import { withPatientProgress } from '../host/patientProgress';
import { rootOfRun } from '../host/runLibrary';

/** @param indexes `null`: all examples of the file */
export async function exportExamples(host: Host, file: string, indexes: readonly number[] | null): Promise<void> {
  const { name } = path.parse(file);
  await write(host, { name, folder: path.dirname(file) }, (to, out) => ({
    start: (options) => host.reader.ask('exportExamples', { file, indexes, to, out }, options),
  }));
}

export async function exportRun(host: Host, run: RunId): Promise<void> {
  const dir = await host.runs.dirOf(run);
  await write(host, { name: run, folder: rootOfRun(dir) }, (to, out) => ({
    start: (options) => host.reader.ask('exportRun', { dir, to, out }, options),
  }));
}

type Options = { readonly signal: AbortSignal; readonly onEvent: (progress: ExportProgress) => void };
type Export = { readonly start: (options: Options) => Promise<{ readonly written: number }> };
type Suggestion = { readonly name: string; readonly folder: string };

async function write(
  host: Host,
  { name, folder }: Suggestion,
  exportTo: (to: string, out: string) => Export,
): Promise<void> {
  const format = await chooseFormat(host);
  const target =
    format && (await askTarget(format, path.join(folder, `${name}.${format.id}${format.extension ?? ''}`)));
  if (!format || !target) return;
  const { start } = exportTo(format.id, target.fsPath);
  const title = vscode.l10n.t('Writing {0}', path.basename(target.fsPath));
  const { written } = await withPatientProgress(title, ({ signal, report }) =>
    start({ signal, onEvent: (progress) => report(progressWords(progress)) }),
  );
  const open = format.extension === null ? vscode.l10n.t('Show') : vscode.l10n.t('Open');
  const words = vscode.l10n.t('{0} written to {1}', written, target.fsPath);
  const command = format.extension === null ? 'revealInExplorer' : 'vscode.open';
  if ((await vscode.window.showInformationMessage(words, open)) === open)
    await vscode.commands.executeCommand(command, target);
}

const progressWords = ({ done, planned }: ExportProgress): string =>
  planned === null ? vscode.l10n.t('{0} examples', done) : vscode.l10n.t('{0} of {1} examples', done, planned);

async function chooseFormat(host: Host): Promise<ExportDescriptor | undefined> {
  const { exports } = await host.reader.ask('catalog', null);
  const items = exports.map((format) => ({
    format,
    label: format.title,
    description: format.extension ?? vscode.l10n.t('folder'),
    detail: format.about,
  }));
  const picked = await vscode.window.showQuickPick(items, { placeHolder: vscode.l10n.t('Export to which form?') });
  return picked?.format;
}

async function askTarget({ title, extension }: ExportDescriptor, suggested: string): Promise<vscode.Uri | undefined> {
  const filters = extension === null ? {} : { filters: { [title]: [extension.slice(1)] } };
  return vscode.window.showSaveDialog({ defaultUri: vscode.Uri.file(suggested), ...filters });
}
