// Owns what a re-run of one example shows while it streams: a document for the peek, text by condition, outcomes as they come.
// Must not know who started it.
import * as vscode from 'vscode';
import type { Comparison } from '../../engine/domain/comparison';
import { type Condition, isSwapped } from '../../engine/domain/condition';
import type { ConditionId } from '../../engine/domain/ids';
import { percent, swapWords } from './curveWords';
import type { Swap } from './traceShelf';

export const resultScheme = 'counterthought-result';

export type ResultState = {
  readonly title: string;
  readonly swap: Swap | null;
  readonly conditions: readonly Condition[];
  readonly texts: ReadonlyMap<ConditionId, string>;
  /** By condition, once its sample is over. */
  readonly answers: ReadonlyMap<ConditionId, Answer>;
  readonly failure: string | null;
};

/** What came out under a condition, and what the record said. */
export type Answer = Pick<Comparison, 'results' | 'recorded'>;

export type ResultDocuments = {
  readonly show: (uri: vscode.Uri, state: ResultState) => void;
  readonly dispose: () => void;
};

/** Serves the documents of results; a changed state is a changed document. */
export function resultDocuments(): ResultDocuments {
  const texts = new Map<string, string>();
  const changed = new vscode.EventEmitter<vscode.Uri>();
  const registered = vscode.workspace.registerTextDocumentContentProvider(resultScheme, {
    onDidChange: changed.event,
    provideTextDocumentContent: (uri) =>
      texts.get(uri.toString()) ?? vscode.l10n.t('This result is over; re-run to see it.'),
  });
  // What changes while a document is being opened is told to nobody: a quick answer would never be shown.
  const opened = vscode.workspace.onDidOpenTextDocument((document) => {
    const text = document.uri.scheme === resultScheme ? texts.get(document.uri.toString()) : undefined;
    if (text !== undefined && text !== document.getText()) changed.fire(document.uri);
  });
  const closed = vscode.workspace.onDidCloseTextDocument(({ uri }) => texts.delete(uri.toString()));
  return {
    show: (uri, state) => {
      texts.set(uri.toString(), resultText(state));
      changed.fire(uri);
    },
    dispose: () => {
      changed.dispose();
      registered.dispose();
      opened.dispose();
      closed.dispose();
    },
  };
}

function resultText(state: ResultState): string {
  const { title, conditions, failure } = state;
  const head = [title, ...(failure === null ? [] : [failure])];
  if (conditions.length === 0 && failure === null) head.push(vscode.l10n.t('Loading the model…'));
  const verdicts = conditions.map((condition) => verdictLine(condition, state));
  return [...head, '', ...verdicts, '', ...conditions.flatMap((condition) => conditionLines(condition, state))].join(
    '\n',
  );
}

const nameOf = (condition: Condition, { swap }: ResultState): string =>
  isSwapped(condition) && swap ? `◆ ${swapWords(swap)}` : vscode.l10n.t('● prompt kept');

/** What came out stands first: the texts behind it may be long. */
function verdictLine(condition: Condition, state: ResultState): string {
  const answer = state.answers.get(condition.id);
  return `${nameOf(condition, state)} → ${answer ? outcomeWords(answer) : vscode.l10n.t('writing…')}`;
}

function conditionLines(condition: Condition, state: ResultState): readonly string[] {
  const text = state.answers.get(condition.id)?.results[0]?.text ?? state.texts.get(condition.id) ?? '';
  return [`─── ${nameOf(condition, state)} ───`, text.replace(/[\r\0\u2028\u2029]/g, ' ').trim(), ''];
}

/** What came out, in words. */
export function outcomeWords({ results, recorded }: Answer): string {
  const outcome = results[0]?.outcome;
  const highest = Math.max(...(results[0]?.probabilities ?? []));
  const sure = Number.isFinite(highest) ? ` (${percent(highest)})` : '';
  if (!outcome) return vscode.l10n.t('nothing was written');
  if (outcome.kind === 'unreadable') return vscode.l10n.t('unreadable: {0}', outcome.reason);
  return outcome.option === recorded
    ? vscode.l10n.t('{0}{1}, as recorded', outcome.option, sure)
    : vscode.l10n.t('{0}{1}: flipped (recorded: {2})', outcome.option, sure, recorded);
}
