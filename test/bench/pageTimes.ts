// Owns times as a page sees them: from an event, or from the moment that something is shown, to the frame in which something else is.
// Looks once a frame and reads texts alone, so that looking costs next to nothing. Must not know what is measured.
import type { Page } from 'playwright-core';

export type Sight = {
  readonly selector: string;
  /** Source of a regular expression over an element's text. */
  readonly text: string;
  /** So many such elements; 1 unless given. */
  readonly atLeast?: number;
};

export type Span = { readonly from: { readonly event: string } | Sight; readonly to: Sight };

const timeoutMs = 60_000;

/** Acts, and answers how long the page took, in milliseconds; `null`: it was not seen in time. */
export async function timeIfSeen(
  page: Page,
  span: Span,
  { act, withinMs }: { readonly act: () => Promise<unknown>; readonly withinMs: number },
): Promise<number | null> {
  const handle = await page.evaluateHandle(watch, { span, timeoutMs: withinMs });
  await act();
  return handle.evaluate(({ found }) => found);
}

/** As above. @throws Error when it is not seen within a minute */
export async function timeInPage(page: Page, span: Span, act: () => Promise<unknown>): Promise<number> {
  const found = await timeIfSeen(page, span, { act, withinMs: timeoutMs });
  if (found === null) throw new Error(`The page never showed ${JSON.stringify(span.to)}.`);
  return found;
}

/** Runs in the page. The promise is wrapped, because a handle would wait for a bare one. */
function watch({ span, timeoutMs: limit }: { readonly span: Span; readonly timeoutMs: number }): {
  readonly found: Promise<number | null>;
} {
  const isSeen = ({ selector, text, atLeast = 1 }: Sight): boolean => {
    const pattern = new RegExp(text);
    let left = atLeast;
    for (const element of document.querySelectorAll(selector)) {
      if (pattern.test(element.textContent ?? '')) left -= 1;
      if (left === 0) return true;
    }
    return false;
  };
  let began: number | null = null;
  const { from, to } = span;
  if ('event' in from) {
    const note = (): void => {
      began ??= performance.now();
    };
    addEventListener(from.event, note, { capture: true, once: true });
  }
  const started = performance.now();
  const found = new Promise<number | null>((resolve) => {
    const look = (): void => {
      const now = performance.now();
      if (!('event' in from) && began === null && isSeen(from)) began = now;
      if (began !== null && isSeen(to)) resolve(now - began);
      else if (now - started > limit) resolve(null);
      else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
  return { found };
}
