// Owns the search that a trace editor has under way: one at a time, the newest wins, and what was found so far.
// Must not know how it is shown.
import { type ExampleQuery, isWholeFile, type QueryProgress } from '../../engine/domain/traceList';
import type { Page } from '../page';

export type SearchState = { readonly progress: QueryProgress; readonly isDone: boolean };

type Listener = (state: SearchState | null, error?: unknown) => void;

/** A person types on: so long is waited for the next letter. */
const settleMs = 200;

/** `begin` looks through the file for a query, and tells of `null` when every example of it is meant. */
export function searches(page: Page, listener: Listener) {
  let running = new AbortController();
  const begin = async (query: ExampleQuery, delayMs = settleMs): Promise<void> => {
    running.abort();
    running = new AbortController();
    const { signal } = running;
    listener(null);
    if (isWholeFile(query)) return;
    await new Promise((resolve) => setTimeout(resolve, delayMs));
    if (signal.aborted) return;
    const tell = (progress: QueryProgress, isDone: boolean): void => {
      if (!signal.aborted) listener({ progress, isDone });
    };
    tell({ found: 0, examples: 0, bytes: 0, totalBytes: 0 }, false);
    try {
      tell(await page.ask('find', { query }, { signal, onEvent: (progress) => tell(progress, false) }), true);
    } catch (error) {
      if (!signal.aborted) listener(null, error);
    }
  };
  return { begin, cancel: () => running.abort() };
}
