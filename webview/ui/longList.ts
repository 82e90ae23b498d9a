// Owns the geometry of a list of any length: browsers lay out no box higher than some ten million pixels, so the scroll range of a longer list
// is compressed, and rows are placed around where it stands. Pure: fixed row height, no DOM.
import { type RowWindow, rowWindow } from './rowWindow';

/** In CSS pixels; every browser lays out boxes of this height. */
export const highestSpace = 15_000_000;

export type LongList = { readonly rowHeight: number; readonly total: number; readonly viewHeight: number };

export const spaceHeight = ({ rowHeight, total }: Omit<LongList, 'viewHeight'>): number =>
  Math.min(highestSpace, total * rowHeight);

/** Pixels of the list, as if it were not compressed, above what is shown at a scroll position. */
export function listTop(scrollTop: number, list: LongList): number {
  const range = spaceHeight(list) - list.viewHeight;
  const whole = list.total * list.rowHeight - list.viewHeight;
  return range <= 0 ? 0 : (Math.min(scrollTop, range) / range) * whole;
}

/** Half-open range of rows to render at a scroll position. */
export function visibleRows(scrollTop: number, list: LongList): RowWindow {
  return rowWindow(listTop(scrollTop, list), list.viewHeight, list);
}

/** Where a row stands in the scrolled space, in pixels. */
export const rowTop = (row: number, scrollTop: number, list: LongList): number =>
  row * list.rowHeight + (isCompressed(list) ? scrollTop - listTop(scrollTop, list) : 0);

const isCompressed = ({ rowHeight, total }: LongList): boolean => total * rowHeight > highestSpace;

/** The scroll position at which a row is wholly visible, nearest to where the list is now. */
export function scrollToShow(row: number, scrollTop: number, list: LongList): number {
  const top = listTop(scrollTop, list);
  const wanted = Math.max((row + 1) * list.rowHeight - list.viewHeight, Math.min(top, row * list.rowHeight));
  if (wanted === top) return scrollTop;
  const whole = list.total * list.rowHeight - list.viewHeight;
  return whole <= 0 ? 0 : (wanted / whole) * (spaceHeight(list) - list.viewHeight);
}
