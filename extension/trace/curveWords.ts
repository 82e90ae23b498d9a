// Owns the words and numbers of the decision curves: what an inlay, a hover, the legend and the status bar say. Must not know where they stand.
import * as vscode from 'vscode';
import { bestOption, decidedAfter, type TraceCurvePoint } from '../../engine/domain/traceCurve';
import type { CurveState } from './curveStore';
import type { Swap } from './traceShelf';

export const percent = (p: number): string => `${(100 * p).toFixed(p > 0.0005 && p < 0.9995 ? 1 : 0)}%`;

/** The option whose probability is drawn: the recorded answer; where none was read, what the model answers at the end. */
export function drawnOption({ spec, kept }: CurveState): number {
  const recorded = spec.options.indexOf(spec.example.answer?.option ?? '');
  return recorded >= 0 ? recorded : bestOption(kept.at(-1)?.probabilities ?? []);
}

export const swapWords = ({ a, b }: Swap): string => vscode.l10n.t('{0} ⇄ {1}', a, b);

/** Behind the line: both numbers, the kept one first. */
export function inlayWords(option: number, kept: TraceCurvePoint, swapped: TraceCurvePoint | undefined): string {
  const of = (point: TraceCurvePoint): string => percent(point.probabilities[option] ?? 0);
  return swapped ? `● ${of(kept)}  ◆ ${of(swapped)}` : `● ${of(kept)}`;
}

/** Everything about one cut, as a table. Options come from files: they are text, never markup. */
export function hoverWords(state: CurveState, steps: number): vscode.MarkdownString {
  const words = new vscode.MarkdownString();
  const kept = state.kept.find((point) => point.steps === steps);
  const swapped = state.swapped.find((point) => point.steps === steps);
  if (!kept) return words;
  const total = state.summary?.steps ?? state.kept.at(-1)?.steps ?? steps;
  words.appendMarkdown('**');
  words.appendText(vscode.l10n.t('If it had to answer after step {0} of {1}', steps, total));
  words.appendMarkdown('**\n\n');
  words.appendMarkdown(table(state, kept, swapped));
  const option = drawnOption(state);
  if (swapped) {
    const gap = 100 * ((kept.probabilities[option] ?? 0) - (swapped.probabilities[option] ?? 0));
    words.appendText(
      vscode.l10n.t(
        'Gap: {0} points of {1}. So much the prompt still decides by itself.',
        gap.toFixed(1),
        state.spec.options[option] ?? '',
      ),
    );
    words.appendMarkdown('\n\n');
  }
  const counts = vscode.l10n.t('{0} of {1} tokens of the reasoning kept', kept.k, kept.n);
  words.appendText(`${counts} · ${vscode.l10n.t('1 example, scored exactly: no sampling error')}`);
  return words;
}

function table({ spec }: CurveState, kept: TraceCurvePoint, swapped: TraceCurvePoint | undefined): string {
  const cell = (text: string): string =>
    text.replace(/[\\`*_{}[\]()#+\-.!|<>~&\r\n]/g, (sign) => (/\s/.test(sign) ? ' ' : `\\${sign}`));
  const row = (title: string, { probabilities }: TraceCurvePoint): string => {
    const outside = Math.max(0, 1 - probabilities.reduce((sum, p) => sum + p, 0));
    return `| ${title} | ${[...probabilities, outside].map(percent).join(' | ')} |`;
  };
  const head = [...spec.options.map((option) => cell(option.slice(0, 40))), vscode.l10n.t('neither')];
  const rows = [
    `| | ${head.join(' | ')} |`,
    `|---|${head.map(() => '--:').join('|')}|`,
    row(vscode.l10n.t('● prompt kept'), kept),
    ...(swapped ? [row(vscode.l10n.t('◆ prompt swapped'), swapped)] : []),
  ];
  return `${rows.join('\n')}\n\n`;
}

/** The line above the reasoning: what is drawn, or why nothing is. */
export function legendWords(state: CurveState | null, isTrusted: boolean): string {
  if (!isTrusted) return vscode.l10n.t('Curves need a trusted workspace: models run only there');
  if (!state) return vscode.l10n.t('No curves yet');
  if (state.failure !== null) return vscode.l10n.t('No curves: {0}', state.failure);
  if (state.kept.length === 0 && state.summary) {
    return vscode.l10n.t(
      'No curves: the trace is longer than the model’s context of {0} tokens',
      state.summary.contextTokens,
    );
  }
  if (state.kept.length === 0) return vscode.l10n.t('Scoring…');
  const answer = state.spec.options[drawnOption(state)] ?? '';
  const parts = [vscode.l10n.t('Probability of “{0}” after each step', answer)];
  if (!state.summary) parts.push(vscode.l10n.t('scoring…'));
  else parts.push(...notes(state));
  return parts.join(' · ');
}

function notes(state: CurveState): readonly string[] {
  const { summary, spec, kept } = state;
  if (!summary) return [];
  const words: string[] = [];
  if (spec.swap && !summary.swapTouches) words.push(vscode.l10n.t('the swap changes nothing in this prompt'));
  if (summary.tooLong > 0) {
    words.push(
      vscode.l10n.t('{0} cuts are beyond the model’s context of {1} tokens', summary.tooLong, summary.contextTokens),
    );
  }
  const last = kept.at(-1);
  const recorded = spec.example.answer?.option;
  const final = last?.steps === summary.steps ? spec.options[bestOption(last.probabilities)] : undefined;
  if (final !== undefined && recorded !== undefined && final !== recorded && !spec.edited) {
    words.push(vscode.l10n.t('at its end this model answers “{0}”, not the recorded “{1}”', final, recorded));
  }
  return words;
}

/** After how many steps each curve's decision falls; `null` while that is not known. */
export function decisions(state: CurveState): { readonly kept: number | null; readonly swapped: number | null } {
  const { summary, kept, swapped } = state;
  if (!summary) return { kept: null, swapped: null };
  return { kept: decidedAfter(kept, summary.steps), swapped: decidedAfter(swapped, summary.steps) };
}

/** How a model is called in one word or two. */
export function modelName(model: string | null): string {
  if (model === null) return vscode.l10n.t('choose the model…');
  return model === 'bundled' ? vscode.l10n.t('bundled model') : (model.split(/[\\/]/).pop() ?? model);
}
