// Owns how one example looks in the list. Model text is text, never markup.
import { html, nothing, type TemplateResult } from 'lit';
import type { OutcomeRow } from '../../engine/domain/effect';
import { percent } from '../../engine/report/numbers';
import { icon, type Verdict, verdictIcons, verdictWord } from '../ui/icons';
import { t } from '../ui/t';

/** What stands in the row of an example. */
export function exampleRow({
  ordinal,
  title,
  recorded,
  outcomes,
  recordedProbability,
  labels,
}: OutcomeRow): TemplateResult {
  const own = verdict(recorded, outcomes);
  const word = verdictWord(own);
  return html`<span class=${`verdict ${own}`} title=${word}>${icon(verdictIcons[own])}<span class="hidden">${word}</span></span>
    <span class="ordinal">#${ordinal + 1}</span>
    <span class="title" title=${title}>${title}</span>
    ${labels.map((label) => html`<span class="label-chip">${label}</span>`)}
    <span class="answers">${recorded} ${icon('arrow')} <b>${tally(outcomes)}</b></span>
    ${recordedProbability === null ? nothing : html`<span class="probability" title=${t('Probability of the recorded answer')}>${percent(recordedProbability, 0)}</span>`}`;
}

function verdict(recorded: string, outcomes: readonly (string | null)[]): Verdict {
  const readable = outcomes.filter((outcome) => outcome !== null);
  if (readable.length === 0) return 'unreadable';
  return readable.some((outcome) => outcome !== recorded) ? 'flipped' : 'kept';
}

/** One sample: its answer; several: each answer with how often it came, most frequent first. */
function tally(outcomes: readonly (string | null)[]): string {
  const times = new Map<string, number>();
  const unreadable = t('unreadable');
  for (const outcome of outcomes) times.set(outcome ?? unreadable, (times.get(outcome ?? unreadable) ?? 0) + 1);
  const sorted = [...times].sort(([, a], [, b]) => b - a);
  return outcomes.length === 1 ? (sorted[0]?.[0] ?? '') : sorted.map(([answer, n]) => `${answer} ×${n}`).join(', ');
}
