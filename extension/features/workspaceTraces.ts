// Owns which files of the workspace are taken for trace files without looking into them.
import * as vscode from 'vscode';

const traceFilePattern = '**/*.{jsonl,ndjson,eval,parquet}';
const notTraces = '**/{node_modules,.counterthought}/**';
const mostFiles = 500;

/** In a folder, or in the whole workspace; in the order of their paths. */
export async function traceFilesOfWorkspace(folder?: vscode.Uri): Promise<readonly vscode.Uri[]> {
  const pattern = folder ? new vscode.RelativePattern(folder, traceFilePattern) : traceFilePattern;
  const found = [...(await vscode.workspace.findFiles(pattern, notTraces, mostFiles))];
  return found.sort((a, b) => (a.path < b.path ? -1 : 1));
}
