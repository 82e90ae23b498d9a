// Owns the single questions of a re-run's picker. Each returns the changed draft, or the old one when the person went back.
import * as vscode from 'vscode';
import type { TraceEditDescriptor } from '../../engine/domain/catalog';
import type { ServerSpec } from '../../engine/domain/run';
import type { SwapSuggestion } from '../../engine/service/contract';
import { parseSwapWords, type Swap } from './swapWords';

export type Placebo = Swap | 'paraphrase';

export type RerunChoice = {
  readonly traceEdits: readonly string[];
  readonly swap: Swap | null;
  /** What should not matter, for comparison: another swap, or the prompt in other words. */
  readonly placebo: Placebo | null;
  readonly samples: number;
  readonly limit: number | null;
  readonly model: string;
  /** Where the model is served; `null`: it runs here. */
  readonly server: ServerSpec | null;
};

/** `model` is `null` until the person has chosen it. */
export type Draft = Omit<RerunChoice, 'model'> & { readonly model: string | null };

export async function askTraceEdits(draft: Draft, catalog: readonly TraceEditDescriptor[]): Promise<Draft> {
  // This list cannot ask for a step or a helper model; such edits are made from the readable trace and on the command line.
  const askable = catalog.filter(
    ({ params, needs }) =>
      needs !== 'helper' && (needs !== 'swap' || draft.swap) && params.every((param) => param.default !== undefined),
  );
  const items = askable.map(({ id, title, question }) => ({
    id,
    label: title,
    description: id,
    detail: question,
    picked: draft.traceEdits.includes(id),
  }));
  const picked = await vscode.window.showQuickPick(items, {
    canPickMany: true,
    title: vscode.l10n.t('Which conditions?'),
    placeHolder: vscode.l10n.t('Each runs with the prompt as it is, and with the swap if there is one'),
  });
  return picked && picked.length > 0 ? { ...draft, traceEdits: picked.map(({ id }) => id) } : draft;
}

export async function askSwap(draft: Draft, suggestions: readonly SwapSuggestion[]): Promise<Draft> {
  type Item = vscode.QuickPickItem & { readonly choose: () => Promise<Swap | null | undefined> };
  const items: Item[] = [
    ...suggestions.map(({ attribute, a, b, countA, countB }) => ({
      label: `${attribute}: ${a} / ${b}`,
      description: vscode.l10n.t('{0} and {1} examples', countA, countB),
      choose: async () => ({ attribute, a, b }),
    })),
    { label: vscode.l10n.t('$(edit) Other words…'), choose: askOwnSwap },
    {
      label: vscode.l10n.t('$(circle-slash) No swap'),
      description: vscode.l10n.t('only the trace is edited'),
      choose: async () => null,
    },
  ];
  const picked = await vscode.window.showQuickPick(items, { title: vscode.l10n.t('What is swapped in the prompt?') });
  const swap = await picked?.choose();
  return swap === undefined ? draft : { ...draft, swap };
}

/** @param suggestions of swaps; the attribute that is swapped already cannot be the placebo, too */
export async function askPlacebo(draft: Draft, suggestions: readonly SwapSuggestion[]): Promise<Draft> {
  type Item = vscode.QuickPickItem & { readonly choose: () => Promise<Placebo | null | undefined> };
  const items: Item[] = [
    { label: vscode.l10n.t('$(circle-slash) No placebo'), choose: async () => null },
    ...suggestions
      .filter(({ attribute }) => attribute.toLowerCase() !== draft.swap?.attribute.toLowerCase())
      .map(({ attribute, a, b, countA, countB }) => ({
        label: `${attribute}: ${a} / ${b}`,
        description: vscode.l10n.t('{0} and {1} examples', countA, countB),
        choose: async () => ({ attribute, a, b }),
      })),
    {
      label: vscode.l10n.t('The prompt in other words'),
      description: vscode.l10n.t('the running model writes it first'),
      choose: async () => 'paraphrase' as const,
    },
    { label: vscode.l10n.t('$(edit) Other words…'), choose: askOwnSwap },
  ];
  const picked = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t('What is changed in the prompt that should not matter?'),
    placeHolder: vscode.l10n.t('How often this flips answers says how much of the swap’s effect any change would have'),
  });
  const placebo = await picked?.choose();
  return placebo === undefined ? draft : { ...draft, placebo };
}

async function askOwnSwap(): Promise<Swap | undefined> {
  const text = await vscode.window.showInputBox({
    title: vscode.l10n.t('Two words or phrases that trade places'),
    prompt: vscode.l10n.t('Every prompt with the one gets the other, and the other way round'),
    placeHolder: 'American:Canadian',
    validateInput: (value) =>
      parseSwapWords(value) ? undefined : vscode.l10n.t('Write two different texts with a colon between.'),
  });
  return text === undefined ? undefined : (parseSwapWords(text) ?? undefined);
}

export async function askSamples(draft: Draft): Promise<Draft> {
  const samples = await askCount(
    vscode.l10n.t('How many answers per example and condition? 1 is greedy.'),
    draft.samples,
    64,
  );
  return samples === undefined ? draft : { ...draft, samples };
}

export async function askLimit(draft: Draft, examples: number): Promise<Draft> {
  const title = vscode.l10n.t('How many examples, from the beginning of the file? (all: {0})', examples);
  const limit = await askCount(title, draft.limit ?? examples, examples);
  return limit === undefined ? draft : { ...draft, limit: limit === examples ? null : limit };
}

async function askCount(title: string, value: number, max: number): Promise<number | undefined> {
  const isCount = (text: string): boolean => /^[1-9]\d*$/.test(text) && Number(text) <= max;
  const text = await vscode.window.showInputBox({
    title,
    value: String(value),
    validateInput: (typed) => (isCount(typed) ? undefined : vscode.l10n.t('A whole number from 1 to {0}.', max)),
  });
  return text !== undefined && isCount(text) ? Number(text) : undefined;
}
