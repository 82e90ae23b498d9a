// Owns drawing the decision curves into an editor: pictures in the margin of the lines that can be seen, and the mark where a decision falls.
// Must not know who asked for the curves.
import * as vscode from 'vscode';
import type { TraceCurvePoint } from '../../engine/domain/traceCurve';
import { colorIds } from '../manifest/colors';
import { type Around, curvePicture, type Palette, type PictureSize } from './curvePicture';
import type { CurveState } from './curveStore';
import { decisions, drawnOption } from './curveWords';
import { marginColumns, type ReasoningLine } from './traceLayout';

export type CurveMarks = {
  /** Draws what the state knows; `null` takes all marks away. */
  readonly draw: (editor: vscode.TextEditor, layout: CurveLayout, state: CurveState | null) => void;
  readonly dispose: () => void;
};

export type HasLens = (uri: vscode.Uri, line: number) => boolean;

/** Where the reasoning's title stands, and its lines. */
export type CurveLayout = { readonly titleLine: number; readonly lines: readonly ReasoningLine[] };

/** A line of the document with the last step that ends in it. */
export type LinePoint = {
  readonly line: number;
  readonly kept: TraceCurvePoint;
  readonly swapped: TraceCurvePoint | null;
};

/** Lines beyond the visible ones that are drawn already, so that scrolling shows no empty margin. */
const linesAhead = 40;

/** @param hasLens whether a row of actions stands above a line */
export function createCurveMarks(hasLens: HasLens = () => false): CurveMarks {
  const pictures = vscode.window.createTextEditorDecorationType({});
  const decided = vscode.window.createTextEditorDecorationType({
    isWholeLine: true,
    backgroundColor: new vscode.ThemeColor(colorIds.decidedBackground),
    borderColor: new vscode.ThemeColor(colorIds.decidedBorder),
    borderStyle: 'dotted',
    borderWidth: '1px',
    overviewRulerColor: new vscode.ThemeColor('charts.blue'),
    overviewRulerLane: vscode.OverviewRulerLane.Right,
  });
  return {
    draw: (editor, { lines, titleLine }, state) => {
      // A document that is being changed may have lost lines that were laid out.
      const present = lines.filter(({ line }) => line < editor.document.lineCount);
      const points = state ? pointsByLine(present, state) : [];
      const options = state ? pictureOptions(editor, { points, hasLens }, drawnOption(state)) : [];
      editor.setDecorations(pictures, options);
      editor.setDecorations(decided, state ? decisionOptions(editor, { points, titleLine }, state) : []);
    },
    dispose: () => {
      pictures.dispose();
      decided.dispose();
    },
  };
}

/** Points of cuts that end in a line; lines whose cut was not scored yet are left out. */
export function pointsByLine(lines: readonly ReasoningLine[], { kept, swapped }: CurveState): readonly LinePoint[] {
  const swappedBySteps = new Map(swapped.map((point) => [point.steps, point]));
  const found: LinePoint[] = [];
  let at = 0;
  for (const { line, shown } of lines) {
    let last: TraceCurvePoint | null = null;
    for (; (kept[at]?.offset ?? Number.POSITIVE_INFINITY) <= shown.end; at += 1) last = kept[at] ?? null;
    if (last && last.offset > shown.start) {
      found.push({ line, kept: last, swapped: swappedBySteps.get(last.steps) ?? null });
    }
  }
  return found;
}

function pictureOptions(
  editor: vscode.TextEditor,
  { points, hasLens }: { readonly points: readonly LinePoint[]; readonly hasLens: HasLens },
  option: number,
): vscode.DecorationOptions[] {
  const sizes = [false, true].map((isBelowLens) => pictureSize(editor.document, isBelowLens));
  const isNear = ({ line }: LinePoint): boolean =>
    editor.visibleRanges.some(({ start, end }) => line >= start.line - linesAhead && line <= end.line + linesAhead);
  const p = (point: TraceCurvePoint | null | undefined): number | null => point?.probabilities[option] ?? null;
  return points.flatMap((point, i) => {
    if (!isNear(point)) return [];
    const [before, after] = [points[i - 1], points[i + 1]];
    const around = (which: 'kept' | 'swapped'): Around | null => {
      const here = p(point[which]);
      return here === null ? null : { before: p(before?.[which]), here, after: p(after?.[which]) };
    };
    const kept = around('kept');
    const size = sizes[hasLens(editor.document.uri, point.line) ? 1 : 0];
    if (!kept || !size) return [];
    const picture = (palette: Palette): vscode.ThemableDecorationInstanceRenderOptions => ({
      before: {
        contentIconPath: dataUri(curvePicture({ kept, swapped: around('swapped') }, size, palette)),
        // Drawn over the free columns and the row above without taking room of its own.
        width: `${size.width}px`,
        margin: `-${size.height}px -${size.width}px 0 0`,
      },
    });
    const start = new vscode.Position(point.line, 0);
    return [
      { range: new vscode.Range(start, start), renderOptions: { dark: picture('dark'), light: picture('light') } },
    ];
  });
}

/** How far above the text's base line the middle of a row is, as a share of its height. */
const middleAboveBaseline = 0.22;

/**
 * Fits into the columns that the layout left free, whatever the font's size, and as high as a row with what stands above it, so that
 * the curves go on from row to row.
 */
function pictureSize(document: vscode.TextDocument, isBelowLens: boolean): PictureSize {
  const config = vscode.workspace.getConfiguration('editor', document);
  const fontSize = config.get<number>('fontSize', 14);
  const asked = config.get<number>('lineHeight', 0);
  const row = Math.round(asked === 0 ? 1.35 * fontSize : asked < 8 ? asked * fontSize : asked);
  const lens = isBelowLens && config.get<boolean>('codeLens', true) ? Math.round(0.92 * row) : 0;
  // 0.6 em is the width of a character in common monospaced fonts; narrower ones leave the picture some columns fewer.
  const width = Math.round(0.55 * fontSize * (marginColumns - 2));
  const height = row + lens;
  return { width, height, pointY: height - middleAboveBaseline * row };
}

const dataUri = (svg: string): vscode.Uri =>
  vscode.Uri.parse(`data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`);

/** Where no step decides, the prompt alone did: that is marked where the reasoning begins. */
function decisionOptions(
  editor: vscode.TextEditor,
  { points, titleLine }: { readonly points: readonly LinePoint[]; readonly titleLine: number },
  state: CurveState,
): vscode.DecorationOptions[] {
  const falls = decisions(state);
  const options = new Map<number, string[]>();
  const add = (steps: number | null, sign: string): void => {
    if (steps === null) return;
    const line = steps === 0 ? titleLine : points.find(({ kept }) => kept.steps >= steps)?.line;
    const words =
      steps === 0 ? vscode.l10n.t('{0} decided by the prompt alone', sign) : vscode.l10n.t('{0} decided here', sign);
    if (line !== undefined && line < editor.document.lineCount)
      options.set(line, [...(options.get(line) ?? []), words]);
  };
  add(falls.kept, '●');
  if (state.swapped.length > 0) add(falls.swapped, '◆');
  return [...options].map(([line, words]) => {
    const contentText = `  ◂ ${words.join(' · ')}`;
    const color = new vscode.ThemeColor('editorCodeLens.foreground');
    return {
      range: editor.document.lineAt(line).range,
      renderOptions: { after: { contentText, color, fontStyle: 'italic' } },
    };
  });
}
