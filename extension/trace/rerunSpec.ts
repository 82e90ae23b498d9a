// Owns the run that a re-run of one example is: its own record, its own model, the prompt kept and swapped. Must not know where it was asked for.

import * as vscode from 'vscode';
import type { ConditionSpec, TraceEditSpec } from '../../engine/domain/condition';
import { noPromptEdit } from '../../engine/domain/condition';
import { greedy, type RunSpec } from '../../engine/domain/run';
import { setting } from '../host/settings';
import type { ShownTrace, Swap } from './traceShelf';

/** Up to this UTF-16 offset of the reasoning, which is left open: the model goes on from there. */
export const upTo = (offset: number): TraceEditSpec => ({
  id: 'keep',
  keep: { unit: 'offset', value: offset },
  close: 'open',
});

/** The whole trace but these steps, counted from 1; the model must answer after it. */
export function without(first: number, last: number): TraceEditSpec {
  const keep = { unit: 'fraction', value: 1 } as const;
  if (first === last) return { id: 'drop', keep, close: 'closed', params: { step: first } };
  return { id: 'drop-steps', keep, close: 'closed', params: { step: first, through: last } };
}

type Rerun = { readonly model: string; readonly swap: Swap | null; readonly traceEdit: TraceEditSpec };

export function rerunSpec({ example, summary }: ShownTrace, { model, swap, traceEdit }: Rerun): RunSpec {
  const scope = vscode.Uri.file(summary.file);
  const readout = traceEdit.close === 'open' ? 'continued' : 'forced';
  const plain: ConditionSpec = { promptEdit: noPromptEdit, traceEdit, readout };
  const swapped = swap && { ...plain, promptEdit: { id: 'swap', params: { ...swap } } };
  return {
    v: 1,
    files: [summary.file],
    only: [example.id],
    model,
    conditions: swapped ? [plain, swapped] : [plain],
    samples: 1,
    sampling: greedy,
    seed: setting('counterthought.seed', scope),
    limit: null,
    maxTokens: setting('counterthought.maxTokens', scope),
    answer: 'auto',
    noiseExamples: 0,
  };
}
