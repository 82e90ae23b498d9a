// Owns what a run is called where runs are listed: its name if a person gave it one, else its files and when it began.
import path from 'node:path';
import * as vscode from 'vscode';
import type { RunHeader } from '../../engine/service/contract';

export function runTitle({ name, files, startedAt }: RunHeader): string {
  if (name !== null) return name;
  const names = files.map((file) => path.basename(file.replaceAll('\\', '/'))).join(', ');
  const when = new Date(startedAt).toLocaleString(vscode.env.language, { dateStyle: 'medium', timeStyle: 'short' });
  return `${names} · ${when}`;
}
