// Owns the few drawn signs: fonts differ in which arrows and scissors they hold, drawings do not. All are decoration; the words beside them
// carry the meaning.
import { html, svg, type TemplateResult } from 'lit';
import { t } from './t';

const shapes = {
  arrow: svg`<path d="M2 8h11M9 4l4 4-4 4"></path>`,
  flip: svg`<path d="M2 5.500h11M10 2.500l3 3-3 3M14 10.500H3M6 7.500l-3 3 3 3"></path>`,
  keep: svg`<path d="M3 6h10M3 10h10"></path>`,
  unknown: svg`<path d="M5.500 6c0-3.500 5-3.500 5-.5 0 2-2.500 2-2.500 4"></path><path d="M8 12.400v.1"></path>`,
  cut: svg`<circle cx="4" cy="4.500" r="2"></circle><circle cx="4" cy="11.500" r="2"></circle><path d="M5.800 5.700 14 11.500M5.800 10.300 14 4.500"></path>`,
  warning: svg`<path d="M8 2.500 14.500 13.500h-13z"></path><path d="M8 6.500v3.500M8 11.800v.1"></path>`,
} as const;

export type IconName = keyof typeof shapes;

export function icon(name: IconName): TemplateResult {
  return html`<svg class="icon" viewBox="0 0 16 16" aria-hidden="true">${shapes[name]}</svg>`;
}

/** The sign of each verdict; never the only sign, its word stands beside it or in the label. */
export const verdictIcons = { flipped: 'flip', kept: 'keep', unreadable: 'unknown' } as const satisfies Readonly<
  Record<string, IconName>
>;

export type Verdict = keyof typeof verdictIcons;

/** The word of a verdict. */
export function verdictWord(verdict: Verdict): string {
  if (verdict === 'unreadable') return t('unreadable');
  return verdict === 'kept' ? t('kept') : t('flipped');
}
