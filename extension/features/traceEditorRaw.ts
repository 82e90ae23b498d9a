// Owns showing a record's own bytes as a read-only text document, whatever holds them: a line, a row, an entry of a ZIP.
import path from 'node:path';
import * as vscode from 'vscode';
import { toFailure } from '../../engine/domain/failure';
import type { RecordPlace } from '../../engine/domain/traceList';
import type { Host } from '../host/host';

const scheme = 'counterthought-raw';

/** The address says which record of which file it is; the last part is what a tab is called. */
export function rawUri(file: string, at: RecordPlace): vscode.Uri {
  const title = 'line' in at ? vscode.l10n.t('line {0}', at.line) : vscode.l10n.t('example {0}', at.index + 1);
  return vscode.Uri.from({
    scheme,
    path: `${vscode.Uri.file(file).path}/${path.basename(file)} ${title}`,
    query: JSON.stringify({ file, at }),
  });
}

export function startRawRecords(host: Host): vscode.Disposable[] {
  const provideTextDocumentContent = async ({ query }: vscode.Uri): Promise<string> => {
    try {
      const { file, at } = JSON.parse(query) as { file: string; at: RecordPlace };
      const { text, chars } = await host.reader.ask('rawRecord', { file, at });
      if (text.length >= chars) return text;
      return `${text}\n${vscode.l10n.t('… cut here: the record has {0} characters', chars)}`;
    } catch (error) {
      const failure = toFailure(error);
      return failure.kind === 'cancelled' ? '' : failure.message;
    }
  };
  return [vscode.workspace.registerTextDocumentContentProvider(scheme, { provideTextDocumentContent })];
}
