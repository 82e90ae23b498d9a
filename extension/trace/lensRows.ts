// Owns which lines of readable traces have a row of actions above them, whoever put it there: what is drawn beside a line is as high as both.
import * as vscode from 'vscode';
import type { Host } from '../host/host';

export type LensRows = {
  /** @param by who puts rows there; its earlier ones are gone */
  readonly set: (uri: vscode.Uri, by: string, lines: readonly number[]) => void;
  readonly has: (uri: vscode.Uri, line: number) => boolean;
  readonly onDidChange: vscode.Event<vscode.Uri>;
  readonly dispose: () => void;
};

const ofHosts = new WeakMap<Host, LensRows>();

/** Those of a window. */
export function lensRowsOf(host: Host): LensRows {
  const known = ofHosts.get(host);
  if (known) return known;
  const rows = createLensRows();
  host.context.subscriptions.push(rows);
  ofHosts.set(host, rows);
  return rows;
}

function createLensRows(): LensRows {
  const rows = new Map<string, Map<string, ReadonlySet<number>>>();
  const changed = new vscode.EventEmitter<vscode.Uri>();
  return {
    set: (uri, by, lines) => {
      const known = rows.get(uri.toString()) ?? new Map<string, ReadonlySet<number>>();
      const before = known.get(by) ?? new Set();
      if (before.size === lines.length && lines.every((line) => before.has(line))) return;
      rows.set(uri.toString(), known.set(by, new Set(lines)));
      changed.fire(uri);
    },
    has: (uri, line) => [...(rows.get(uri.toString())?.values() ?? [])].some((lines) => lines.has(line)),
    onDidChange: changed.event,
    dispose: () => changed.dispose(),
  };
}
