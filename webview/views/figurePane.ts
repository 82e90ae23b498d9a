// Owns a figure of the report in the panel: drawn in the theme's colors, its numbers as a table, and ways to take it along.
import { html, type TemplateResult } from 'lit';
import type { RunSummary } from '../../engine/domain/effect';
import type { Figure } from '../../engine/report/figures/figure';
import { svgOf } from '../../engine/report/figures/svgOf';
import { pandasSnippet } from '../../engine/report/pandasSnippet';
import type { Intent } from '../protocol';
import { figure as drawn } from '../ui/figure';
import { reportTable } from '../ui/reportTable';
import { t } from '../ui/t';

export type FigurePaneProps = {
  readonly figure: Figure;
  readonly summary: RunSummary;
  readonly perform: (intent: Intent) => void;
};

export function figurePane(props: FigurePaneProps): TemplateResult {
  const { figure, summary } = props;
  const svg = svgOf(figure.draw(summary, 'page'), { idPrefix: figure.id });
  return html`${drawn(svg, t('{0}; its numbers stand below', figure.title))}
    <p class="caption">${figure.caption(summary)}</p>
    ${takeAlong(props)}
    <details class="figure-numbers"><summary>${t('Numbers')}</summary>${reportTable(figure.numbers(summary), null)}</details>`;
}

function takeAlong({ figure, summary, perform }: FigurePaneProps): TemplateResult {
  const { id } = figure;
  // Made when asked for: a run of many conditions has a large file.
  const copies: readonly { readonly title: string; readonly text: () => string }[] = [
    { title: 'SVG', text: () => svgOf(figure.draw(summary, 'column'), { idPrefix: id, form: 'file' }) },
    { title: 'CSV', text: () => figure.data(summary) },
    { title: t('Caption'), text: () => `${figure.caption(summary)} Run ${summary.run}.` },
    { title: 'pandas', text: () => pandasSnippet(summary.run) },
  ];
  return html`<div class="take-along" role="group" aria-label=${t('Take along')}>
    ${copies.map(
      ({ title, text }) => html`<button class="choice" title=${t('To the clipboard: {0}', title)}
        @click=${() => perform({ do: 'copyText', text: text(), what: title })}>${t('Copy {0}', title)}</button>`,
    )}
    <button class="choice" @click=${() => perform({ do: 'savePdf', run: summary.run, figure: id })}>${t('Save PDF…')}</button>
  </div>`;
}
