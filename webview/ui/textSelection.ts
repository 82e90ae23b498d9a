// Owns the browser's selection in texts whose pieces say where they stand (`data-at`, an offset): read as offsets, and made from them.
import type { Range } from '../../engine/domain/trace';

type Piece = { readonly at: number; readonly text: Text };

function piecesIn(pane: Element): readonly Piece[] {
  return [...pane.querySelectorAll<HTMLElement>('[data-at]')].flatMap((element) => {
    const text = [...element.childNodes].find((node): node is Text => node instanceof Text && node.data !== '');
    return text ? [{ at: Number(element.dataset.at), text }] : [];
  });
}

/** The selected part of a pane's text, without white space around it; `null`: nothing of it is selected. */
export function selectionIn(pane: Element): Range | null {
  const selection = getSelection();
  if (!selection || selection.isCollapsed || selection.rangeCount === 0) return null;
  const range = selection.getRangeAt(0);
  const parts = piecesIn(pane).flatMap(({ at, text }) => {
    if (!range.intersectsNode(text)) return [];
    const from = range.startContainer === text ? range.startOffset : 0;
    const to = range.endContainer === text ? range.endOffset : text.length;
    return from < to ? [{ at: at + from, text: text.data.slice(from, to) }] : [];
  });
  const [first, last] = [parts.find(isSeen), parts.filter(isSeen).at(-1)];
  if (!first || !last) return null;
  const start = first.at + first.text.length - first.text.trimStart().length;
  return { start, end: last.at + last.text.trimEnd().length };
}

const isSeen = ({ text }: { readonly text: string }): boolean => text.trim() !== '';

/** Selects a range of a pane's text and brings it into view. */
export function selectIn(pane: Element, { start, end }: Range): void {
  const pieces = piecesIn(pane);
  const first = pieces.find(({ at, text }) => at + text.length > start);
  const last = pieces.filter(({ at }) => at < end).at(-1);
  if (!first || !last) return;
  const offset = ({ at, text }: Piece, place: number): number => Math.max(0, Math.min(text.length, place - at));
  getSelection()?.setBaseAndExtent(first.text, offset(first, start), last.text, offset(last, end));
  first.text.parentElement?.scrollIntoView({ block: 'nearest' });
}
