// Owns which example a person means when no part of the editor says so: the one whose record the cursor is in, else one chosen from a list.
import path from 'node:path';
import * as vscode from 'vscode';
import { UserError } from '../../engine/domain/failure';
import type { ExampleRow } from '../../engine/domain/traceList';
import type { Host } from '../host/host';
import type { TraceAddress } from './traceAddress';

/** Examples that a list offers; further ones are reached through the file itself. */
const listed = 500;

/** @param asked what a menu passes: the clicked file, if any */
export async function pickExample(host: Host, asked: unknown): Promise<TraceAddress | null> {
  const editor = vscode.window.activeTextEditor;
  const clicked = asked instanceof vscode.Uri ? asked : undefined;
  const uri = clicked ?? (editor?.document.uri.scheme === 'file' ? editor.document.uri : await pickFile());
  if (!uri) return null;
  const file = uri.fsPath;
  const rows = await host.reader.ask('examples', { file, offset: 0, limit: listed });
  if (rows.length === 0)
    throw new UserError(vscode.l10n.t('No record with reasoning was found in {0}.', path.basename(file)));
  const isEdited = editor?.document.uri.toString() === uri.toString();
  const here = isEdited ? rows.find(({ line }) => line === editor.selection.active.line + 1) : undefined;
  const row = here ?? (await pickRow(rows, path.basename(file)));
  return row ? { file, at: { index: row.index } } : null;
}

async function pickFile(): Promise<vscode.Uri | undefined> {
  const picked = await vscode.window.showOpenDialog({ title: vscode.l10n.t('Trace file to read') });
  return picked?.[0];
}

async function pickRow(rows: readonly ExampleRow[], name: string): Promise<ExampleRow | undefined> {
  const items = rows.map((row) => ({
    row,
    label: `${row.index + 1}`,
    description: row.answer ?? vscode.l10n.t('no answer'),
    detail: row.title,
  }));
  const placeHolder =
    rows.length < listed
      ? vscode.l10n.t('Which example of {0}?', name)
      : vscode.l10n.t('Which of the first {0} examples of {1}?', listed, name);
  return (await vscode.window.showQuickPick(items, { placeHolder, matchOnDetail: true }))?.row;
}
