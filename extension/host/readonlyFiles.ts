// Owns documents that exist as text alone and cannot be changed. They are files of a scheme rather than texts, because only files are asked
// for again when a window is reloaded. Must not know what they say.
import * as vscode from 'vscode';
import { UserError } from '../../engine/domain/failure';
import type { Log } from './log';

export type ReadonlyTexts = {
  readonly textOf: (uri: vscode.Uri) => Promise<string>;
  /** Stands above the reason in a document that cannot be made. */
  readonly failureTitle: string;
  readonly log: Log;
};

export type ReadonlyFiles = {
  readonly provider: vscode.FileSystemProvider;
  /** What these documents say became something else. */
  readonly touch: (uris: readonly vscode.Uri[]) => void;
};

/** A failure is the document's text: it is opened by the editor, which would only say that it cannot. */
export function readonlyFiles({ textOf, failureTitle, log }: ReadonlyTexts): ReadonlyFiles {
  const changed = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  let mtime = Date.now();
  const content = async (uri: vscode.Uri): Promise<Uint8Array> => {
    try {
      return new TextEncoder().encode(await textOf(uri));
    } catch (error) {
      if (!(error instanceof UserError)) log.error(`${uri.scheme}: ${error}`);
      const reason = error instanceof Error ? error.message : String(error);
      return new TextEncoder().encode(`${failureTitle}\n\n${reason}\n`);
    }
  };
  const refuse = (uri: vscode.Uri): never => {
    throw vscode.FileSystemError.NoPermissions(uri);
  };
  const provider: vscode.FileSystemProvider = {
    onDidChangeFile: changed.event,
    watch: () => new vscode.Disposable(() => undefined),
    stat: async (uri) => ({ type: vscode.FileType.File, ctime: 0, mtime, size: (await content(uri)).length }),
    readFile: content,
    readDirectory: () => [],
    createDirectory: refuse,
    writeFile: refuse,
    delete: refuse,
    rename: refuse,
  };
  const touch = (uris: readonly vscode.Uri[]): void => {
    mtime = Date.now();
    changed.fire(uris.map((uri) => ({ type: vscode.FileChangeType.Changed, uri })));
  };
  return { provider, touch };
}
