// Owns the addresses of readable traces: which example of which file a document shows, told by its URI alone, so that it survives a reload.
import path from 'node:path';
import * as vscode from 'vscode';
import { UserError } from '../../engine/domain/failure';
import type { ExamplePlace } from '../../engine/service/contract';

export const traceScheme = 'counterthought-trace';
/** Copies that a person edits. */
export const editScheme = 'counterthought-edit';
export const traceLanguage = 'counterthought-trace';

export type TraceAddress = { readonly file: string; readonly at: ExamplePlace };

/** The document of an example; the last part of its path is what the tab shows. */
export function traceUri(address: TraceAddress, scheme = traceScheme): vscode.Uri {
  const { file, at } = address;
  const which = 'index' in at ? String(at.index + 1) : at.id.slice(0, 8);
  const title = `${path.basename(file)} ${which}`;
  return vscode.Uri.from({ scheme, path: `/${title}`, query: JSON.stringify(address) });
}

/** @throws UserError for an address that this extension did not write */
export function addressOf(uri: vscode.Uri): TraceAddress {
  try {
    const { file, at } = JSON.parse(uri.query) as Partial<TraceAddress>;
    if (typeof file === 'string' && typeof at === 'object' && at !== null) return { file, at };
  } catch {
    // Told below, as for every other address that is none.
  }
  throw new UserError(vscode.l10n.t('This address names no example. Open the trace again from its file.'));
}

export const isTrace = (document: vscode.TextDocument): boolean => document.uri.scheme === traceScheme;
export const isEdit = (document: vscode.TextDocument): boolean => document.uri.scheme === editScheme;
