// Owns the log channel: what the engine prints, and the details of failures.
import * as vscode from 'vscode';

export type Log = vscode.LogOutputChannel;

export function createLog(): Log {
  return vscode.window.createOutputChannel('Counterthought', { log: true });
}
