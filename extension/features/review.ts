// Owns annotating as work: a queue of examples in the diff, blind if wanted, and annotations as files. Must not know how a diff looks.
import path from 'node:path';
import * as vscode from 'vscode';
import { CancelledError, UserError } from '../../engine/domain/failure';
import type { ReviewKind } from '../../engine/domain/review';
import type { Host } from '../host/host';
import { rootOfRun } from '../host/runLibrary';
import { setting } from '../host/settings';
import { commands } from '../manifest/commands';
import { annotator } from './annotate';
import { reviewInDiff } from './diffPanel';
import { pickRun } from './runCommands';

/** As many as a person does in one go. */
const queueSize = 50;

export function startReview(host: Host): vscode.Disposable[] {
  const on = (id: string, attempt: string, act: (host: Host) => Promise<void>): vscode.Disposable =>
    vscode.commands.registerCommand(id, () => act(host).catch((error) => host.report(error, attempt)));
  return [
    on(commands.reviewExamples.id, vscode.l10n.t('review examples'), review),
    on(commands.exportAnnotations.id, vscode.l10n.t('export the annotations'), exportAnnotations),
    on(commands.importAnnotations.id, vscode.l10n.t('import annotations'), importAnnotations),
  ];
}

type KindItem = vscode.QuickPickItem & { readonly kind: vscode.QuickPickItemKind; readonly review: ReviewKind };

function kindItems(seed: number): readonly KindItem[] {
  const kind = vscode.QuickPickItemKind.Default;
  return [
    { kind, review: 'unlabeled', label: vscode.l10n.t('Not labeled by you'), description: annotator() },
    { kind, review: 'disagreements', label: vscode.l10n.t('Labeled differently by two annotators') },
    { kind, review: 'random', label: vscode.l10n.t('A random sample'), description: vscode.l10n.t('seed {0}', seed) },
  ];
}

async function review(host: Host): Promise<void> {
  const run = await pickRun(host);
  if (run === undefined) return;
  const dir = await host.runs.dirOf(run);
  const { conditions } = await host.reader.ask('manifest', { dir });
  const aliases = conditions.map(({ alias, id }) => ({ label: alias, id }));
  const condition = await choose(aliases, vscode.l10n.t('Examples under which condition?'));
  const seed = setting('counterthought.seed');
  const kind = await choose(kindItems(seed), vscode.l10n.t('Which examples?'));
  const blindness = [
    { label: vscode.l10n.t('Open'), description: vscode.l10n.t('original left, condition named'), isBlind: false },
    { label: vscode.l10n.t('Blind'), description: vscode.l10n.t('sides shuffled, condition hidden'), isBlind: true },
  ];
  const { isBlind } = await choose(blindness, vscode.l10n.t('How are they shown?'));
  const ask = { condition: condition.id, kind: kind.review, author: annotator(), seed, size: queueSize };
  const targets = await host.reader.ask('reviewQueue', { dir, ask });
  if (targets.length === 0) throw new UserError(vscode.l10n.t('No example is left: {0}.', kind.label));
  reviewInDiff(host, { targets, isBlind });
}

async function choose<T extends vscode.QuickPickItem>(items: readonly T[], placeHolder: string): Promise<T> {
  const chosen = await vscode.window.showQuickPick(items, { placeHolder });
  if (!chosen) throw new CancelledError();
  return chosen;
}

/** The folder whose annotations are meant: that of the runs, asked for where there are several. */
async function annotationRoot(host: Host): Promise<string> {
  const folders = (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri.fsPath);
  const roots = [...new Set([...folders, ...(await host.runs.list()).map(({ dir }) => rootOfRun(dir))])];
  const [only, ...others] = roots;
  if (only === undefined) throw new UserError(vscode.l10n.t('Open a folder first: annotations lie in it.'));
  if (others.length === 0) return only;
  const items = roots.map((root) => ({ label: path.basename(root), description: root, root }));
  return (await choose(items, vscode.l10n.t('Annotations of which folder?'))).root;
}

async function exportAnnotations(host: Host): Promise<void> {
  const root = await annotationRoot(host);
  const defaultUri = vscode.Uri.file(path.join(root, 'annotations.csv'));
  const filters = { CSV: ['csv'], [vscode.l10n.t('Facts that can be imported')]: ['jsonl'] };
  const target = await vscode.window.showSaveDialog({ defaultUri, filters });
  if (!target) return;
  const { written } = await host.reader.ask('exportAnnotations', { root, out: target.fsPath });
  void vscode.window.showInformationMessage(
    vscode.l10n.t('{0} annotations were written to {1}.', written, target.fsPath),
  );
}

async function importAnnotations(host: Host): Promise<void> {
  const root = await annotationRoot(host);
  const [file] = (await vscode.window.showOpenDialog({ filters: { 'JSON Lines': ['jsonl'] } })) ?? [];
  if (!file) return;
  const { added, known, bad } = await host.reader.ask('importAnnotations', { root, file: file.fsPath });
  host.runs.touch();
  void vscode.window.showInformationMessage(
    vscode.l10n.t('{0} facts were added, {1} were here already, {2} lines are no annotations.', added, known, bad),
  );
}
