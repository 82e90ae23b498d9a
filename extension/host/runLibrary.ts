// Owns which runs there are, where each lies, and which are at work in this window. Must not know what is in them.
import path from 'node:path';
import * as vscode from 'vscode';
import { UserError } from '../../engine/domain/failure';
import type { RunId } from '../../engine/domain/ids';
import type { RunHeader } from '../../engine/service/contract';
import type { EngineProcess } from './engineProcess';

export type RunLibrary = {
  /** Newest first; asked of the reader each time. */
  readonly list: () => Promise<readonly RunHeader[]>;
  /** @throws UserError when no run of that name is known. */
  readonly dirOf: (run: RunId) => Promise<string>;
  readonly add: (run: RunId, dir: string, cancel: () => void) => void;
  readonly finish: (run: RunId) => void;
  readonly isActive: (run: RunId) => boolean;
  /** @throws UserError when the run is not at work in this window. */
  readonly cancel: (run: RunId) => void;
  /** Something about a run changed beside its log: an annotation, say. */
  readonly touch: () => void;
  readonly onDidChange: vscode.Event<void>;
};

/** Folders of runs outside the workspace (a file was opened without a folder) are remembered under this key. */
const strayFoldersKey = 'strayRunFolders';

/** Where runs on this file are recorded: in the workspace folder that holds it, else beside it. */
export function runsFolderFor(file: vscode.Uri): string {
  const folder = vscode.workspace.getWorkspaceFolder(file);
  return path.join(folder?.uri.fsPath ?? path.dirname(file.fsPath), '.counterthought', 'runs');
}

/** The folder whose `.counterthought` holds these runs. */
export const rootOfRuns = (out: string): string => path.resolve(out, '..', '..');

/** The folder whose `.counterthought` holds this run; annotations lie there too. */
export function rootOfRun(dir: string): string {
  return rootOfRuns(path.dirname(dir));
}

export function createRunLibrary(reader: EngineProcess, memory: vscode.Memento): RunLibrary {
  const dirs = new Map<RunId, string>();
  const active = new Map<RunId, () => void>();
  const changed = new vscode.EventEmitter<void>();

  const list = async (): Promise<readonly RunHeader[]> => {
    const headers: RunHeader[] = [];
    for (const out of knownFolders(memory)) headers.push(...(await reader.ask('runs', { out })));
    const here = new Set(headers.map(({ run }) => run));
    for (const run of dirs.keys()) if (!here.has(run) && !active.has(run)) dirs.delete(run);
    for (const { run, dir } of headers) dirs.set(run, dir);
    return headers.sort((a, b) => (a.run < b.run ? 1 : -1));
  };
  const dirOf = async (run: RunId): Promise<string> => {
    if (!dirs.has(run)) await list();
    const dir = dirs.get(run);
    if (dir === undefined) {
      throw new UserError(vscode.l10n.t('The run {0} is not here any more. Choose another one in the panel.', run));
    }
    return dir;
  };
  return {
    list,
    dirOf,
    add: (run, dir, cancel) => {
      dirs.set(run, dir);
      active.set(run, cancel);
      rememberFolder(memory, path.dirname(dir));
      changed.fire();
    },
    finish: (run) => {
      active.delete(run);
      changed.fire();
    },
    isActive: (run) => active.has(run),
    cancel: (run) => {
      const cancel = active.get(run);
      if (!cancel) {
        throw new UserError(
          vscode.l10n.t('This run is at work in another window or on a command line; cancel it there.'),
        );
      }
      cancel();
    },
    touch: () => changed.fire(),
    onDidChange: changed.event,
  };
}

function knownFolders(memory: vscode.Memento): ReadonlySet<string> {
  const ofWorkspace = (vscode.workspace.workspaceFolders ?? []).map(({ uri }) =>
    path.join(uri.fsPath, '.counterthought', 'runs'),
  );
  return new Set([...ofWorkspace, ...memory.get<readonly string[]>(strayFoldersKey, [])]);
}

function rememberFolder(memory: vscode.Memento, out: string): void {
  if (!knownFolders(memory).has(out))
    void memory.update(strayFoldersKey, [...memory.get<readonly string[]>(strayFoldersKey, []), out]);
}
