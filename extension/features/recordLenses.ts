// Owns the actions above each record of a trace file that is open as text: read it, or re-run it. Only the first records of a file get them.
import * as vscode from 'vscode';
import type { ExampleRow } from '../../engine/domain/traceList';
import type { Host } from '../host/host';
import { commands } from '../manifest/commands';

/** Further records are reached through the list of examples; the reader is not asked for more than a screenful of thousands. */
const mostRecords = 500;

export function startRecordLenses(host: Host): vscode.Disposable[] {
  const known = new Map<string, { readonly version: number; readonly rows: Promise<readonly ExampleRow[]> }>();
  const rowsOf = ({ uri, version }: vscode.TextDocument): Promise<readonly ExampleRow[]> => {
    const before = known.get(uri.fsPath);
    if (before?.version === version) return before.rows;
    // A file that holds no traces is no failure: it gets no actions.
    const rows = host.reader.ask('examples', { file: uri.fsPath, offset: 0, limit: mostRecords }).catch(() => []);
    known.set(uri.fsPath, { version, rows });
    return rows;
  };
  const provider: vscode.CodeLensProvider = {
    provideCodeLenses: async (document) => {
      // Lines of unsaved changes are not those of the file that the reader reads.
      if (document.isDirty) return [];
      return (await rowsOf(document)).flatMap((row) => lensesOf(document, row));
    },
  };
  const selector: vscode.DocumentSelector = { scheme: 'file', pattern: '**/*.{jsonl,ndjson}' };
  return [
    vscode.languages.registerCodeLensProvider(selector, provider),
    vscode.workspace.onDidCloseTextDocument(({ uri }) => known.delete(uri.fsPath)),
  ];
}

function lensesOf(document: vscode.TextDocument, { id, index, line, opaque }: ExampleRow): vscode.CodeLens[] {
  if (line < 1 || line > document.lineCount) return [];
  const range = new vscode.Range(line - 1, 0, line - 1, 0);
  const file = document.uri.fsPath;
  const lens = (title: string, command: string, asked: object): vscode.CodeLens =>
    new vscode.CodeLens(range, { title, command, arguments: [asked] });
  const read = lens(vscode.l10n.t('Example {0}: read the trace', index + 1), commands.openTrace.id, { file, index });
  if (opaque !== null) return [read];
  return [read, lens(vscode.l10n.t('Re-run from here'), commands.rerun.id, { file, only: [id] })];
}
