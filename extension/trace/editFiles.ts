// Owns the copies of traces that a person edits: files in memory that outlive a reload of the window. Must not know what edits mean.
import * as vscode from 'vscode';
import type { Host } from '../host/host';
import { tracesOf } from './traceShelf';

type Copy = { readonly text: string; readonly mtime: number };

const memoryKey = 'editedTraces';
/** So many copies are remembered, the newest; a person who wants one for good saves it elsewhere. */
const remembered = 20;
/** Longer copies live as long as the window. */
const longestRemembered = 400_000;

/** A provider of files; what was never written is the trace itself. */
export function editFiles(host: Host): vscode.FileSystemProvider {
  const { workspaceState } = host.context;
  const copies = new Map(Object.entries(workspaceState.get<Readonly<Record<string, Copy>>>(memoryKey, {})));
  const startedAt = Date.now();
  const textOf = async (uri: vscode.Uri): Promise<string> => {
    const copy = copies.get(uri.query);
    if (copy) return copy.text;
    try {
      return (await tracesOf(host).get(uri)).layout.text;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw vscode.FileSystemError.Unavailable(reason);
    }
  };
  const keep = (key: string, copy: Copy): void => {
    copies.delete(key);
    copies.set(key, copy);
    const kept = [...copies].filter(([, { text }]) => text.length <= longestRemembered).slice(-remembered);
    void workspaceState.update(memoryKey, Object.fromEntries(kept));
  };
  const refuse = (uri: vscode.Uri): never => {
    throw vscode.FileSystemError.NoPermissions(uri);
  };
  return {
    // Nobody but the editor writes these, and it knows what it wrote.
    onDidChangeFile: () => new vscode.Disposable(() => undefined),
    watch: () => new vscode.Disposable(() => undefined),
    stat: async (uri) => {
      const size = new TextEncoder().encode(await textOf(uri)).length;
      return { type: vscode.FileType.File, ctime: startedAt, mtime: copies.get(uri.query)?.mtime ?? startedAt, size };
    },
    readFile: async (uri) => new TextEncoder().encode(await textOf(uri)),
    writeFile: (uri, bytes) => keep(uri.query, { text: new TextDecoder().decode(bytes), mtime: Date.now() }),
    readDirectory: () => [],
    createDirectory: refuse,
    delete: refuse,
    rename: refuse,
  };
}
