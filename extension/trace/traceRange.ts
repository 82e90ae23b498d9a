// Owns ranges of a readable trace's reasoning as ranges of its document.
import * as vscode from 'vscode';
import type { Range } from '../../engine/domain/trace';
import { positionAt, type ReasoningLine } from './traceLayout';

/** `null` where the reasoning has no lines. */
export function editorRange(lines: readonly ReasoningLine[], { start, end }: Range): vscode.Range | null {
  const [first, last] = [positionAt(lines, start), positionAt(lines, end)];
  return first && last && new vscode.Range(first.line, first.character, last.line, last.character);
}
