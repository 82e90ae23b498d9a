// Owns which rows of a long list are on screen and which pages of them must be fetched. Pure: fixed row height, no DOM.

export type RowWindow = { readonly first: number; readonly last: number };

/** Half-open range of rows to render, with a margin on both sides so that scrolling shows no gaps. */
export function rowWindow(
  scrollTop: number,
  viewHeight: number,
  list: { rowHeight: number; total: number },
): RowWindow {
  const margin = 10;
  const first = Math.max(0, Math.floor(scrollTop / list.rowHeight) - margin);
  const last = Math.min(list.total, Math.ceil((scrollTop + viewHeight) / list.rowHeight) + margin);
  return { first: Math.min(first, last), last };
}

/** Numbers of the pages that a window touches. */
export function pagesOf({ first, last }: RowWindow, size: number): readonly number[] {
  const pages: number[] = [];
  for (let page = Math.floor(first / size); page * size < last; page += 1) pages.push(page);
  return pages;
}
