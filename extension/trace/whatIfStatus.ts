// Owns the status bar's words about the copy that is edited: the probability of the answer, as recorded and now, with the prompt kept and
// swapped. Must not know how a copy is read.
import * as vscode from 'vscode';
import { bestOption, type TraceCurvePoint, type TraceCurveSpec } from '../../engine/domain/traceCurve';
import type { CurveState, CurveStore } from './curveStore';
import { drawnOption, percent } from './curveWords';
import type { Misread } from './readBack';
import { traceScheme } from './traceAddress';

export type WhatIfStatus = {
  /** Asks what the unchanged trace answers, once. */
  readonly begin: (uri: vscode.Uri, spec: TraceCurveSpec) => void;
  readonly update: (uri: vscode.Uri) => void;
  readonly misread: (uri: vscode.Uri, misread: Misread) => void;
  readonly idle: (uri: vscode.Uri, needsModel: boolean) => void;
  /** Shows the words of this editor's document, or none. */
  readonly show: (editor: vscode.TextEditor | undefined) => void;
  readonly dispose: () => void;
};

/** The unchanged trace's curve is asked at its end alone. */
const atTheEnd = Number.MAX_SAFE_INTEGER;

const unchanged = (uri: vscode.Uri): vscode.Uri => uri.with({ scheme: traceScheme });

export function whatIfStatus(store: CurveStore): WhatIfStatus {
  const item = vscode.window.createStatusBarItem('counterthought.whatIf', vscode.StatusBarAlignment.Left, -1);
  item.name = vscode.l10n.t('Counterthought what-if');
  const words = new Map<string, Words>();
  let active = '';
  const set = (uri: vscode.Uri, next: Words): void => {
    words.set(uri.toString(), next);
    refresh();
  };
  const refresh = (): void => {
    const shown = words.get(active);
    if (!shown) {
      item.hide();
      return;
    }
    item.text = shown.text;
    item.tooltip = shown.tooltip;
    item.accessibilityInformation = { label: shown.tooltip };
    item.show();
  };
  return {
    begin: (uri, spec) => store.ask(unchanged(uri), { ...spec, from: atTheEnd }),
    update: (uri) => {
      const copy = uri.scheme === traceScheme ? null : uri;
      const of = copy ?? [...words.keys()].map((key) => vscode.Uri.parse(key)).find((one) => one.query === uri.query);
      const now = of && store.stateOf(of);
      if (of && now && (now.whole.kept || now.failure !== null)) set(of, liveWords(store.stateOf(unchanged(of)), now));
    },
    misread: (uri, { expected }) => {
      const tooltip = vscode.l10n.t(
        'The copy cannot be read: the title line “{0}” is missing or doubled. Undo brings it back.',
        expected,
      );
      set(uri, { text: `$(warning) ${vscode.l10n.t('What-if: a title line is missing')}`, tooltip });
    },
    idle: (uri, needsModel) => {
      const tooltip = needsModel
        ? vscode.l10n.t('What-if: choose a model above the reasoning')
        : vscode.l10n.t('What-if: models run only in a trusted workspace');
      set(uri, { text: `$(circle-slash) ${tooltip}`, tooltip });
    },
    show: (editor) => {
      active = editor?.document.uri.toString() ?? '';
      refresh();
    },
    dispose: () => item.dispose(),
  };
}

type Words = { readonly text: string; readonly tooltip: string };

function liveWords(before: CurveState | null, now: CurveState): Words {
  if (now.failure !== null) return { text: `$(warning) ${vscode.l10n.t('What-if failed')}`, tooltip: now.failure };
  const option = drawnOption(before ?? now);
  const answer = now.spec.options[option] ?? '';
  const kept = sideWords('●', { before: before?.whole.kept, now: now.whole.kept, option });
  const swapped = sideWords('◆', { before: before?.whole.swapped, now: now.whole.swapped, option });
  const final = now.whole.kept;
  const answers = final ? (now.spec.options[bestOption(final.probabilities)] ?? '') : '…';
  const text = `$(beaker) ${answer} ${[kept, swapped].filter((side) => side !== '').join('  ')}`;
  const tooltip = vscode.l10n.t(
    'Probability of “{0}” after the whole trace, as recorded and as edited: {1}. The model would answer “{2}”.',
    answer,
    `${kept} ${swapped}`,
    answers,
  );
  return { text, tooltip };
}

type Side = {
  readonly before: TraceCurvePoint | null | undefined;
  readonly now: TraceCurvePoint | null;
  readonly option: number;
};

function sideWords(sign: string, { before, now, option }: Side): string {
  const [was, is] = [before, now].map((point) => point?.probabilities[option]);
  if (was === undefined && is === undefined) return '';
  return `${sign} ${was === undefined ? '…' : percent(was)} → ${is === undefined ? '…' : percent(is)}`;
}
