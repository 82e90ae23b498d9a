// Owns a comparison for an annotator who must not know which side is which: sides shuffled, no condition, no marks, the recorded prompt alone.
import { html, type TemplateResult } from 'lit';
import type { SampleResult } from '../../engine/domain/run';
import type { DiffData } from '../protocol';
import { t } from '../ui/t';
import type { DiffPanes, Segment } from './diffModel';

type Side = { readonly answer: string; readonly text: string };

export function blindView(data: DiffData, result: SampleResult, panes: DiffPanes): TemplateResult {
  const { example, recorded } = data;
  const original: Side = { answer: recorded, text: textOf(panes.original) };
  const now = result.outcome.kind === 'option' ? result.outcome.option : t('unreadable');
  const regenerated: Side = { answer: now, text: textOf(panes.regenerated) };
  const sides = isSwitched(example.id, result) ? [regenerated, original] : [original, regenerated];
  return html`<section class="prompt" aria-label=${t('Prompt')}><details open><summary>${t('Prompt')}</summary>
      ${example.messages.map(
        ({ role, content }) =>
          html`<div class="message"><span class="role">${role}</span><p class="model-text">${content}</p></div>`,
      )}</details></section>
    <section class="panes blind" aria-label=${t('Both sides, in random order')}>${sides.map(
      ({ answer, text }, index) => html`<article class="pane" aria-label=${t('Side {0}', 'AB'[index] ?? '')}>
        <h2>${'AB'[index]}: ${answer}</h2><div class="model-text">${text}</div></article>`,
    )}</section>`;
}

const textOf = (segments: readonly Segment[]): string => segments.map(({ text }) => text).join('');

/** The same example, condition and sample always lie the same way; over examples both ways are as frequent. */
export function isSwitched(
  example: string,
  { condition, sample }: Pick<SampleResult, 'condition' | 'sample'>,
): boolean {
  let hash = 0x811c9dc5;
  for (const letter of `${example} ${condition} ${sample}`) {
    hash = Math.imul(hash ^ letter.charCodeAt(0), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return ((hash >>> 13) & 1) === 1;
}
