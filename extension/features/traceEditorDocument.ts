// Owns one file that is open in trace editors: it is read in the background for as long as it is open, and whether it is still what it was on
// disk. Its text stays in the reader process. Must not know pages.
import { stat } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { CancelledError, UserError } from '../../engine/domain/failure';
import { mappingSuffix } from '../../engine/domain/fieldMapping';
import type { TraceFileState } from '../../webview/protocol';
import type { Host } from '../host/host';
import { commands } from '../manifest/commands';

export type TraceDocument = vscode.CustomDocument & {
  readonly file: string;
  readonly state: () => TraceFileState;
  readonly onDidChange: vscode.Event<void>;
  /** Reads it again from its start. */
  readonly reload: () => void;
  /** @throws UserError when the file is no longer what the editor shows: its places would be those of other records. */
  readonly checkUnchanged: () => Promise<void>;
};

/** News of reading come thousands of times a second; a page needs a few. */
const tellEveryMs = 100;
const nothingRead = { bytes: 0, totalBytes: 0, examples: 0 };

type Stamp = { readonly file: string; readonly mapping: string };

/** @throws UserError for what is no file on this disk, such as an older version of one */
export function createTraceDocument(host: Host, uri: vscode.Uri): TraceDocument {
  if (uri.scheme !== 'file') throw new UserError(vscode.l10n.t('Only files on disk can be shown as traces.'));
  const file = uri.fsPath;
  const changed = new vscode.EventEmitter<void>();
  let state = firstState(file);
  let reading = new AbortController();
  let stamp: Promise<Stamp> = stampOf(file);

  const update = (news: Partial<TraceFileState>): void => {
    state = { ...state, ...news };
    changed.fire();
  };
  const reload = (): void => {
    reading.abort();
    reading = new AbortController();
    stamp = stampOf(file);
    void stamp.then(({ mapping }) => update({ isMapped: mapping !== '' }));
    update({ status: 'reading', progress: nothingRead, facts: null, failure: null });
    // What is read of a file that changed meanwhile does not make it unchanged.
    const onNews = (news: Partial<TraceFileState>): void =>
      update(state.status === 'changed' ? { ...news, status: 'changed' } : news);
    void readAll(host, file, { signal: reading.signal, update: onNews });
  };
  const check = async (): Promise<void> => {
    const [known, now] = await Promise.all([stamp, stampOf(file)]);
    if (known.mapping !== now.mapping) reload();
    else if (known.file !== now.file && state.status !== 'changed') update({ status: 'changed' });
  };
  const subscriptions = [
    changed,
    watch(uri, () => void check()),
    vscode.workspace.onDidGrantWorkspaceTrust(() => update({ isTrusted: true })),
  ];
  reload();
  return {
    uri,
    file,
    state: () => state,
    onDidChange: changed.event,
    reload,
    checkUnchanged: async () => {
      await check();
      if (state.status === 'changed')
        throw new UserError(vscode.l10n.t('{0} was changed on disk. Reload it.', state.name));
    },
    dispose: () => {
      reading.abort();
      for (const one of subscriptions) one.dispose();
    },
  };
}

const firstState = (file: string): TraceFileState => ({
  name: path.basename(file),
  status: 'reading',
  progress: nothingRead,
  facts: null,
  failure: null,
  isMapped: false,
  isTrusted: vscode.workspace.isTrusted,
});

type Reading = { readonly signal: AbortSignal; readonly update: (news: Partial<TraceFileState>) => void };

async function readAll(host: Host, file: string, { signal, update }: Reading): Promise<void> {
  let toldAt = 0;
  const onEvent = (progress: TraceFileState['progress']): void => {
    if (signal.aborted || Date.now() - toldAt < tellEveryMs) return;
    toldAt = Date.now();
    update({ progress });
  };
  try {
    const summary = await host.reader.ask('inspect', { file }, { signal, onEvent });
    const { size, examples, formatTitle, problems, problemCount, withoutReasoning, opaque, models } = summary;
    const { reader, read, tally } = summary.answer;
    const counts = { examples, problems, problemCount, withoutReasoning, opaque };
    const facts = { formatTitle, models, ...counts, answer: { reader, read, tally }, fields: summary.fields };
    if (!signal.aborted) update({ status: 'ready', facts, progress: { bytes: size, totalBytes: size, examples } });
  } catch (error) {
    if (signal.aborted || error instanceof CancelledError) return;
    host.log.warn(`${file} could not be listed: ${error}`);
    update({ status: 'failed', failure: failureOf(error) });
  }
}

function failureOf(error: unknown): NonNullable<TraceFileState['failure']> {
  const message = error instanceof Error ? error.message : String(error);
  const canChooseFields = error instanceof UserError && error.fix?.command === commands.chooseFields.id;
  return { message, canChooseFields };
}

/** Size and time of the file and of the mapping beside it; empty where there is none. */
async function stampOf(file: string): Promise<Stamp> {
  const one = async (name: string): Promise<string> => {
    const found = await stat(name).catch(() => null);
    return found ? `${found.size}/${found.mtimeMs}` : '';
  };
  const [own, mapping] = await Promise.all([one(file), one(`${file}${mappingSuffix}`)]);
  return { file: own, mapping };
}

/** The file's folder is watched, because a name may hold what means something in a pattern. */
function watch(uri: vscode.Uri, onChange: () => void): vscode.Disposable {
  const folder = vscode.Uri.joinPath(uri, '..');
  const watcher = vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(folder, '*'));
  const onAny = ({ fsPath }: vscode.Uri): void => {
    if (fsPath === uri.fsPath || fsPath === `${uri.fsPath}${mappingSuffix}`) onChange();
  };
  const listeners = [watcher.onDidChange(onAny), watcher.onDidCreate(onAny), watcher.onDidDelete(onAny)];
  return vscode.Disposable.from(watcher, ...listeners);
}
