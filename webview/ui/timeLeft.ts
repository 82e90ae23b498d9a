// Owns how long a run will go on, from how far it came since the page began to look. Pure.
import { t } from './t';

export type Pace = { readonly done: number; readonly atMs: number };

/** `about 40 s left`; empty while nothing was finished since, and at the end. */
export function timeLeft(since: Pace, now: Pace, planned: number): string {
  const finished = now.done - since.done;
  const left = planned - now.done;
  if (finished <= 0 || left <= 0) return '';
  const seconds = Math.max(1, Math.round(((now.atMs - since.atMs) / finished) * (left / 1000)));
  if (seconds < 90) return t('about {0} s left', seconds);
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? t('about {0} min left', minutes) : t('about {0} h left', Math.round(minutes / 60));
}
