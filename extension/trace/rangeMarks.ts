// Owns how annotated words look in a readable trace: underlined, with a mark in the ruler, what was said of them on hover and above their line.
import * as vscode from 'vscode';
import { commands } from '../manifest/commands';
import type { RangeNote } from './annotationShelf';
import type { TraceLayout } from './traceLayout';
import { editorRange } from './traceRange';

/** What a lens or a hover passes: whose words are meant. */
export type AnnotatedWords = { readonly uri: string; readonly start: number; readonly end: number };

export type RangeMarks = {
  readonly draw: (editor: vscode.TextEditor, layout: TraceLayout, notes: readonly RangeNote[]) => void;
  readonly dispose: () => void;
};

export function createRangeMarks(): RangeMarks {
  const annotated = vscode.window.createTextEditorDecorationType({
    borderColor: new vscode.ThemeColor('editorInfo.foreground'),
    borderStyle: 'solid',
    borderWidth: '0 0 2px 0',
    overviewRulerColor: new vscode.ThemeColor('editorInfo.foreground'),
    overviewRulerLane: vscode.OverviewRulerLane.Center,
  });
  return {
    draw: (editor, { lines }, notes) =>
      editor.setDecorations(
        annotated,
        notes.flatMap(({ range }) => editorRange(lines, range) ?? []),
      ),
    dispose: () => annotated.dispose(),
  };
}

/** What was said, of words at an offset of the reasoning; `null`: nothing. */
export function notesHover(uri: vscode.Uri, notes: readonly RangeNote[], offset: number): vscode.MarkdownString | null {
  const here = notes.filter(({ range }) => range.start <= offset && offset <= range.end);
  if (here.length === 0) return null;
  const words = new vscode.MarkdownString();
  words.isTrusted = { enabledCommands: [commands.annotateWords.id] };
  for (const { annotation, range } of here) {
    const { label, note, author, at } = annotation;
    if (label !== null) words.appendMarkdown('**').appendText(label).appendMarkdown('** ');
    words.appendText([note, `(${author}, ${new Date(at).toLocaleDateString(vscode.env.language)})`].join(' ').trim());
    const asked = encodeURIComponent(JSON.stringify([wordsAt(uri, range)]));
    words.appendMarkdown(` — [${vscode.l10n.t('Change')}](command:${commands.annotateWords.id}?${asked})\n\n`);
  }
  return words;
}

const wordsAt = (uri: vscode.Uri, { start, end }: RangeNote['range']): AnnotatedWords => ({
  uri: uri.toString(),
  start,
  end,
});

const mostChars = 60;

/** One lens an annotation, above the line in which its words begin. */
export function noteLenses(uri: vscode.Uri, { lines }: TraceLayout, notes: readonly RangeNote[]): vscode.CodeLens[] {
  return notes.flatMap(({ annotation, range }) => {
    const at = editorRange(lines, range)?.start;
    if (!at) return [];
    const { label, note, author } = annotation;
    const words = [label, note].filter((part) => part !== null && part !== '').join(': ');
    const short = words.length > mostChars ? `${words.slice(0, mostChars)}…` : words;
    const title = `$(comment) ${short.replace(/\s+/g, ' ').replaceAll('$(', '$ (')} (${author})`;
    const target = { title, command: commands.annotateWords.id, arguments: [wordsAt(uri, range)] };
    return [new vscode.CodeLens(new vscode.Range(at.line, 0, at.line, 0), target)];
  });
}
