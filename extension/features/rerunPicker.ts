// Owns the picker of a re-run: one list whose first line starts it, and one line for each thing that can be changed.
// The defaults come from the files; a model that did not write the traces is never assumed.
import path from 'node:path';
import * as vscode from 'vscode';
import type { TraceEditDescriptor } from '../../engine/domain/catalog';
import { defaultTraceEdits } from '../../engine/domain/condition';
import type { FileSummary, RunEstimate } from '../../engine/service/contract';
import { defaultModel } from '../host/defaultModel';
import type { Host } from '../host/host';
import { setting } from '../host/settings';
import { askModel } from './chooseModel';
import { pilotSize } from './pilot';
import { type AskEstimate, pickWithEstimate } from './rerunEstimate';
import {
  askLimit,
  askPlacebo,
  askSamples,
  askSwap,
  askTraceEdits,
  type Draft,
  type Placebo,
  type RerunChoice,
} from './rerunQuestions';
import type { Swap } from './swapWords';

type Line = vscode.QuickPickItem & { readonly change?: (draft: Draft) => Promise<Draft>; readonly start?: Start };

/** `pilot`: thirty examples first. */
export type Start = 'whole' | 'pilot';

/** Opens what a run of this choice would change. @returns it in a line; `null` when it could not be shown */
export type PreviewRerun = (choice: RerunChoice) => Promise<string | null>;

/** Asks the engine what a run of this choice would cost. */
export type EstimateRerun = (choice: RerunChoice, signal: AbortSignal) => Promise<RunEstimate>;

/** What is in the files, and how many examples were chosen one by one; `null`: all of them are meant. */
export type RerunFiles = { readonly summaries: readonly FileSummary[]; readonly chosen: number | null };

type Asking = { readonly estimate: EstimateRerun; readonly preview: PreviewRerun };

/** Asks until the person starts the run; `null` when they left. */
export async function pickRerun(
  host: Host,
  files: RerunFiles,
  { estimate, preview }: Asking,
): Promise<{ readonly choice: RerunChoice; readonly start: Start } | null> {
  const { summaries } = files;
  const { traceEdits } = await host.reader.ask('catalog', null);
  let draft = firstDraft(summaries, traceEdits);
  /** A preview is read behind the list. */
  let previewed: string | null = null;
  const showPreview = async (now: Draft): Promise<Draft> => {
    if (now.model !== null) previewed = await preview({ ...now, model: now.model });
    return now;
  };
  for (;;) {
    const items = lines(host, draft, { ...files, catalog: traceEdits, showPreview, previewed });
    const picked = await pickWithEstimate(
      {
        items,
        title: vscode.l10n.t('Re-run from here: {0}', summaries.map(({ file }) => path.basename(file)).join(', ')),
        placeholder: vscode.l10n.t('Enter starts the run; choose a line to change it first'),
        ignoreFocusOut: previewed !== null,
      },
      estimated(items, draft, estimate),
    );
    if (!picked) return null;
    if (picked.start && draft.model !== null) return { choice: { ...draft, model: draft.model }, start: picked.start };
    const before = draft;
    if (picked.change) draft = await picked.change(draft);
    // What was previewed is another run.
    if (draft !== before) previewed = null;
  }
}

/** The line that waits for the estimate. A server is asked nothing before the person has started the run. */
function estimated(
  items: readonly Line[],
  draft: Draft,
  estimate: EstimateRerun,
): { readonly item: Line; readonly ask: AskEstimate } | null {
  const { model, server } = draft;
  const item = items.find(({ start }) => start === 'whole');
  if (item === undefined || model === null || server !== null) return null;
  return { item, ask: (signal) => estimate({ ...draft, model }, signal) };
}

function firstDraft(summaries: readonly FileSummary[], catalog: readonly TraceEditDescriptor[]): Draft {
  const scope = vscode.Uri.file(summaries[0]?.file ?? '');
  const ownModel = summaries.every(({ bundledProducer }) => bundledProducer) ? 'bundled' : null;
  return {
    traceEdits: catalog.map(({ id }) => id).filter((id) => defaultTraceEdits.includes(id)),
    swap: summaries.flatMap(({ swaps }) => swaps)[0] ?? null,
    placebo: null,
    samples: setting('counterthought.samples', scope),
    limit: null,
    ...(defaultModel(scope) ?? { model: ownModel, server: null }),
  };
}

type LineOptions = RerunFiles & {
  readonly catalog: readonly TraceEditDescriptor[];
  readonly showPreview: (draft: Draft) => Promise<Draft>;
  /** What the preview that is open says in a line. */
  readonly previewed: string | null;
};

function lines(host: Host, draft: Draft, options: LineOptions): Line[] {
  const { summaries, chosen, showPreview, previewed } = options;
  const examples = chosen ?? summaries.reduce((sum, one) => sum + one.examples, 0);
  const separator = { label: '', kind: vscode.QuickPickItemKind.Separator };
  const preview: Line = {
    label: vscode.l10n.t('$(eye) Preview'),
    description: vscode.l10n.t('every word that the edits change, counted and in context; runs nothing'),
    ...(previewed === null ? {} : { detail: previewed }),
    change: showPreview,
  };
  const ready = draft.model === null ? [] : [...pilotLine(draft, examples), preview];
  return [
    firstLine(host, draft, { summaries, examples }),
    ...ready,
    separator,
    ...conditionLines(draft, options),
    ...sizeLines(draft, { examples, chosen }),
    changeLine(vscode.l10n.t('$(server-process) Model'), modelWords(draft, summaries), (now) =>
      askModel(host, now, { summaries, servers: true }),
    ),
  ];
}

const changeLine = (label: string, description: string, change: NonNullable<Line['change']>): Line => ({
  label,
  description,
  change,
});

function pilotLine({ limit }: Draft, examples: number): readonly Line[] {
  if (Math.min(limit ?? examples, examples) <= pilotSize) return [];
  return [
    {
      label: vscode.l10n.t('$(beaker) Start a pilot'),
      description: vscode.l10n.t(
        '{0} examples at random: how long all would take, and how sure their rates would be',
        pilotSize,
      ),
      start: 'pilot',
    },
  ];
}

function conditionLines({ traceEdits, swap, placebo }: Draft, { summaries, catalog }: LineOptions): readonly Line[] {
  const suggestions = summaries.flatMap(({ swaps }) => swaps);
  const none = vscode.l10n.t('none');
  return [
    changeLine(vscode.l10n.t('$(list-selection) Conditions'), traceEdits.join(', '), (now) =>
      askTraceEdits(now, catalog),
    ),
    changeLine(vscode.l10n.t('$(arrow-swap) Swap in the prompt'), swap ? swapWords(swap) : none, (now) =>
      askSwap(now, suggestions),
    ),
    changeLine(vscode.l10n.t('$(shield) Placebo'), placebo ? placeboWords(placebo) : none, (now) =>
      askPlacebo(now, suggestions),
    ),
  ];
}

const swapWords = ({ attribute, a, b }: Swap): string => `${attribute}: ${a} / ${b}`;
const placeboWords = (placebo: Placebo): string =>
  placebo === 'paraphrase' ? vscode.l10n.t('the prompt in other words') : swapWords(placebo);

type Size = { readonly examples: number; readonly chosen: number | null };

function sizeLines({ samples, limit }: Draft, { examples, chosen }: Size): readonly Line[] {
  const many = vscode.l10n.t('{0} per example, temperature 1', samples);
  const all = chosen === null ? vscode.l10n.t('all {0}', examples) : vscode.l10n.t('the {0} chosen', chosen);
  const some = limit === null ? all : vscode.l10n.t('the first {0} of {1}', limit, examples);
  return [
    changeLine(
      vscode.l10n.t('$(layers) Samples'),
      samples === 1 ? vscode.l10n.t('1 per example, greedy') : many,
      askSamples,
    ),
    changeLine(vscode.l10n.t('$(filter) Examples'), some, (now) => askLimit(now, examples)),
  ];
}

type Counted = { readonly summaries: readonly FileSummary[]; readonly examples: number };

function firstLine(host: Host, draft: Draft, { summaries, examples }: Counted): Line {
  if (draft.model === null) {
    const producers = [...new Set(summaries.flatMap(({ models }) => models))];
    return {
      label: vscode.l10n.t('$(question) Choose the model that writes the new answers…'),
      detail:
        producers.length > 0
          ? vscode.l10n.t('These traces were written by {0}.', producers.join(', '))
          : vscode.l10n.t('The file does not say which model wrote these traces.'),
      change: (now) => askModel(host, now, { summaries, servers: true }),
    };
  }
  const conditions = draft.traceEdits.length * (1 + (draft.swap ? 1 : 0) + (draft.placebo ? 1 : 0));
  const count = Math.min(draft.limit ?? examples, examples);
  return {
    label: vscode.l10n.t('$(play) Start'),
    description: vscode.l10n.t('{0} examples × {1} conditions', count, conditions),
    detail: fileWords(summaries),
    start: 'whole',
  };
}

/** What was found in the files, in one line, with what cannot take part. */
function fileWords(summaries: readonly FileSummary[]): string {
  const total = (count: (one: FileSummary) => number): number => summaries.reduce((sum, one) => sum + count(one), 0);
  const parts = [[...new Set(summaries.map(({ formatTitle }) => formatTitle))].join(', ')];
  const options = [...new Set(summaries.flatMap(({ answer }) => answer.options))];
  parts.push(vscode.l10n.t('answers: {0}', options.slice(0, 6).join(', ')));
  const unread = total(({ examples, answer }) => examples - answer.read);
  if (unread > 0) parts.push(vscode.l10n.t('{0} without a readable answer', unread));
  const opaque = total((one) => one.opaque);
  if (opaque > 0) parts.push(vscode.l10n.t('{0} redacted or summarized', opaque));
  const problems = total((one) => one.problems.length);
  if (problems > 0) parts.push(vscode.l10n.t('{0} unreadable records', problems));
  return parts.join(' · ');
}

function modelWords({ model, server }: Draft, summaries: readonly FileSummary[]): string {
  if (server !== null) return vscode.l10n.t('{0} at {1}', model ?? '', server.endpoints.join(', '));
  if (model === null) return vscode.l10n.t('not chosen yet');
  if (model !== 'bundled') return model;
  return summaries.every(({ bundledProducer }) => bundledProducer)
    ? vscode.l10n.t('the bundled model, which wrote these traces')
    : vscode.l10n.t('the bundled model (cross-model: it did not write these traces)');
}
