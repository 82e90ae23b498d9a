// Owns the activity bar: recorded runs, trace files and annotations as trees. What can be done with an item are commands; menus name them.
import path from 'node:path';
import * as vscode from 'vscode';
import type { Annotation } from '../../engine/domain/annotation';
import type { RunId } from '../../engine/domain/ids';
import type { AnnotatorAgreement } from '../../engine/domain/review';
import type { RunHeader } from '../../engine/service/contract';
import type { Host } from '../host/host';
import { rootOfRun } from '../host/runLibrary';
import { commands } from '../manifest/commands';
import { treeIds } from '../manifest/panels';
import { runTitle } from './runTitle';
import { traceFilesOfWorkspace } from './workspaceTraces';

/** What the tree's commands are given. */
export type RunNode = { readonly run: RunId };

export function startRunTree(host: Host): vscode.Disposable[] {
  const runs = tree(() => runItems(host));
  const files = tree(fileItems);
  const annotations = tree(() => annotationItems(host));
  // The folder, too: what is made in a new folder at once can escape a watcher.
  const watchers = ['*', '*/events.jsonl'].map((name) =>
    vscode.workspace.createFileSystemWatcher(`**/.counterthought/runs/${name}`, false, true, false),
  );
  return [
    vscode.window.registerTreeDataProvider(treeIds.runs, runs.provider),
    vscode.window.registerTreeDataProvider(treeIds.files, files.provider),
    vscode.window.registerTreeDataProvider(treeIds.annotations, annotations.provider),
    ...watchers,
    // Runs come and go by the command line and other windows, too.
    ...watchers
      .flatMap(({ onDidCreate, onDidDelete }) => [onDidCreate, onDidDelete])
      .map((on) => on(() => host.runs.touch())),
    vscode.workspace.onDidChangeWorkspaceFolders(files.refresh),
    host.runs.onDidChange(() => {
      runs.refresh();
      annotations.refresh();
    }),
  ];
}

type Item = vscode.TreeItem & { readonly children?: readonly Item[] };

/** A tree that is read anew at each change, and not at all while nobody sees it. */
function tree(roots: () => Promise<readonly Item[]>) {
  const changed = new vscode.EventEmitter<undefined>();
  const provider: vscode.TreeDataProvider<Item> = {
    onDidChangeTreeData: changed.event,
    getTreeItem: (item) => item,
    getChildren: async (item) => [...(item ? (item.children ?? []) : await roots())],
  };
  return { provider, refresh: () => changed.fire(undefined) };
}

async function runItems(host: Host): Promise<readonly Item[]> {
  return (await host.runs.list()).map((header) => runItem(header, host.runs.isActive(header.run)));
}

const statusIcons: Readonly<Record<RunHeader['status'], string>> = {
  running: 'sync~spin',
  completed: 'pass',
  cancelled: 'debug-pause',
  failed: 'error',
  interrupted: 'debug-disconnect',
};

function statusWord(status: RunHeader['status']): string {
  const words: Readonly<Record<RunHeader['status'], string>> = {
    running: vscode.l10n.t('running'),
    completed: vscode.l10n.t('completed'),
    cancelled: vscode.l10n.t('paused'),
    failed: vscode.l10n.t('failed'),
    interrupted: vscode.l10n.t('interrupted'),
  };
  return words[status];
}

function runItem(header: RunHeader, active: boolean): Item & RunNode {
  const { run, status, done, planned, model, tags } = header;
  const canGoOn = status === 'cancelled' || status === 'failed' || status === 'interrupted';
  const counts = status === 'completed' ? vscode.l10n.t('{0} examples', done) : `${done}/${planned}`;
  const item = new vscode.TreeItem(runTitle(header));
  item.id = run;
  item.description = [counts, ...tags.map((tag) => `#${tag}`)].join(' · ');
  item.tooltip = `${runTitle(header)}\n${run}\n${statusWord(status)} · ${counts}\n${model}`;
  item.iconPath = new vscode.ThemeIcon(statusIcons[status]);
  item.contextValue = active ? 'run active' : canGoOn ? 'run resumable' : 'run';
  item.command = { command: commands.showFlips.id, title: commands.showFlips.title, arguments: [run] };
  item.accessibilityInformation = { label: `${runTitle(header)}, ${statusWord(status)}, ${counts} ${tags.join(' ')}` };
  return Object.assign(item, { run });
}

async function fileItems(): Promise<readonly Item[]> {
  return (await traceFilesOfWorkspace()).map((uri) => {
    const item = new vscode.TreeItem(uri);
    item.contextValue = 'traceFile';
    item.description = path.posix.dirname(vscode.workspace.asRelativePath(uri)).replace(/^\.$/, '');
    item.command = { command: commands.openTraces.id, title: commands.openTraces.title, arguments: [uri] };
    return item;
  });
}

/** An annotation, and the folder that holds it. */
type Found = { readonly root: string; readonly one: Annotation };

async function annotationItems(host: Host): Promise<readonly Item[]> {
  const folders = (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri.fsPath);
  const roots = new Set([...folders, ...(await host.runs.list()).map(({ dir }) => rootOfRun(dir))]);
  const all = await Promise.all(
    [...roots].map(async (root) => (await host.reader.ask('annotations', { root })).map((one) => ({ root, one }))),
  );
  const agreements = await Promise.all([...roots].map((root) => host.reader.ask('agreement', { root })));
  const byLabel = new Map<string, Found[]>();
  for (const found of all.flat()) {
    const label = found.one.label ?? vscode.l10n.t('notes alone');
    byLabel.set(label, [...(byLabel.get(label) ?? []), found]);
  }
  const labels = [...byLabel].sort().map(([label, own]) => {
    const item = new vscode.TreeItem(label, vscode.TreeItemCollapsibleState.Collapsed);
    item.description = String(own.length);
    item.iconPath = new vscode.ThemeIcon('tag');
    return Object.assign(item, { children: own.map(annotationItem) });
  });
  return [...agreements.flat().map(agreementItem), ...labels];
}

/** Cohen's kappa of two annotators, with its interval and on how many examples. */
function agreementItem({ first, second, n, raw, kappa, interval }: AnnotatorAgreement): Item {
  const item = new vscode.TreeItem(vscode.l10n.t('{0} and {1} agree', first, second));
  const range = interval ? ` [${interval.map((one) => one.toFixed(2)).join(', ')}]` : '';
  const value = kappa === null ? vscode.l10n.t('one label only') : `κ ${kappa.toFixed(2)}${range}`;
  item.description = vscode.l10n.t('{0}, {1}% of {2} alike', value, Math.round(100 * (raw ?? 0)), n);
  item.tooltip = vscode.l10n.t('Cohen’s kappa with a 95% bootstrap interval over what both labeled');
  item.iconPath = new vscode.ThemeIcon('law');
  return item;
}

/** Opens what it is about: the words in their trace, else the comparison. */
function annotationItem({ root, one: { id, target, note, author, at, file } }: Found): Item {
  const { run, condition, example, range } = target;
  const about = range ? `“${range.quote}”` : vscode.l10n.t('example {0}', example.slice(0, 8));
  const item = new vscode.TreeItem(note === '' ? about : note);
  if (range) item.tooltip = [about, note].filter((part) => part !== '').join('\n');
  item.id = id;
  item.description = `${author} · ${new Date(at).toLocaleDateString(vscode.env.language)}`;
  if (run !== undefined && condition !== undefined) {
    const target = { do: 'openDiff', run, example, condition };
    item.command = { command: commands.openAnnotated.id, title: commands.openAnnotated.title, arguments: [target] };
  } else if (file !== undefined) {
    const asked = { file: path.resolve(root, file), id: example, ...(range ? { range } : {}) };
    item.command = { command: commands.openTrace.id, title: commands.openTrace.title, arguments: [asked] };
  }
  return item;
}
