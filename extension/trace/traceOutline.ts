// Owns what the editor derives from a readable trace's layout: outline, folding, and the link back to the record. Must not know the curves.
import * as vscode from 'vscode';
import type { Host } from '../host/host';
import { traceLanguage, traceScheme } from './traceAddress';
import type { ReasoningLine, TracePart } from './traceLayout';
import { type ShownTrace, tracesOf } from './traceShelf';

export function traceOutline(host: Host): vscode.Disposable[] {
  const shown = (document: vscode.TextDocument): ShownTrace | null => tracesOf(host).peek(document.uri);
  const selector: vscode.DocumentSelector = { language: traceLanguage, scheme: traceScheme };
  return [
    vscode.languages.registerDocumentSymbolProvider(selector, {
      provideDocumentSymbols: (document) => symbols(document, shown(document)),
    }),
    vscode.languages.registerFoldingRangeProvider(selector, {
      provideFoldingRanges: (document) =>
        (shown(document)?.layout.parts ?? []).map(
          ({ markerLine, endLine }) => new vscode.FoldingRange(markerLine, endLine - 1, vscode.FoldingRangeKind.Region),
        ),
    }),
    vscode.languages.registerDocumentLinkProvider(selector, {
      provideDocumentLinks: (document) => recordLink(document, shown(document)),
    }),
  ];
}

function symbols(document: vscode.TextDocument, trace: ShownTrace | null): vscode.DocumentSymbol[] {
  return (trace?.layout.parts ?? []).map((part) => {
    const symbol = symbolOf(document, part);
    if (part.kind === 'reasoning')
      symbol.children = trace?.layout.lines.map((line, i) => stepSymbol(document, line, i)) ?? [];
    return symbol;
  });
}

const symbolKinds: Readonly<Record<TracePart['kind'], vscode.SymbolKind>> = {
  message: vscode.SymbolKind.String,
  reasoning: vscode.SymbolKind.Namespace,
  answer: vscode.SymbolKind.Constant,
};

function symbolOf(
  document: vscode.TextDocument,
  { kind, title, markerLine, endLine }: TracePart,
): vscode.DocumentSymbol {
  const marker = document.lineAt(markerLine).range;
  const whole = marker.union(document.lineAt(Math.max(markerLine, endLine - 1)).range);
  return new vscode.DocumentSymbol(title, '', symbolKinds[kind], whole, marker);
}

function stepSymbol(document: vscode.TextDocument, { line }: ReasoningLine, i: number): vscode.DocumentSymbol {
  const { range, text } = document.lineAt(line);
  const words = text.trim().slice(0, 80) || '…';
  return new vscode.DocumentSymbol(`${i + 1} ${words}`, '', vscode.SymbolKind.Event, range, range);
}

/** From the first line to the record's line in its file. */
function recordLink(document: vscode.TextDocument, trace: ShownTrace | null): vscode.DocumentLink[] {
  if (!trace) return [];
  const { source } = trace.example;
  const file = vscode.Uri.file(source.kind === 'files' ? source.folder : source.file);
  const target = source.kind === 'bytes' ? file.with({ fragment: `L${source.line}` }) : file;
  const link = new vscode.DocumentLink(document.lineAt(0).range, target);
  link.tooltip = vscode.l10n.t('Open the record');
  return [link];
}
