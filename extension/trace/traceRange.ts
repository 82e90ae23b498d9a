// Owns ranges of a readable trace's reasoning as ranges of its document, and back.
import * as vscode from 'vscode';
import type { Range } from '../../engine/domain/trace';
import { offsetAt, positionAt, type ReasoningLine } from './traceLayout';

/** `null` where the reasoning has no lines. */
export function editorRange(lines: readonly ReasoningLine[], { start, end }: Range): vscode.Range | null {
  const [first, last] = [positionAt(lines, start), positionAt(lines, end)];
  return first && last && new vscode.Range(first.line, first.character, last.line, last.character);
}

/** The part of a selection that lies in the reasoning, without white space around it; `null` where that is nothing. */
export function selectedReasoning(
  reasoning: string,
  lines: readonly ReasoningLine[],
  selection: vscode.Range,
): Range | null {
  const touched = lines.filter(({ line }) => line >= selection.start.line && line <= selection.end.line);
  const [first, last] = [touched[0], touched.at(-1)];
  if (!first || !last) return null;
  const start = offsetAt(lines, selection.start) ?? first.shown.start;
  const end = offsetAt(lines, selection.end) ?? last.shown.end;
  const text = reasoning.slice(start, end);
  if (text.trim() === '') return null;
  return { start: end - text.trimStart().length, end: start + text.trimEnd().length };
}
