// Owns what a run would take, counted without running it: every example is planned as it would be run. A server is not asked; a model that is
// here is, for two short evaluations, to tell the time.
import type { Backend } from '../backends/backend';
import { localText, unseenRecord } from '../backends/completions/openServed';
import { costOf, type JobCost } from '../backends/completions/requests';
import { throwIfCancelled, UserError } from '../domain/failure';
import type { RunSpec } from '../domain/run';
import type { Backends, LoadedModel } from './backends';
import type { RunEstimate } from './contract';
import { estimateRun } from './estimate';
import { isRedrawn, orReason, whyUnusable } from './examplePlanning';
import { materialsNeeded } from './materials';
import { planExample, redrawJobs } from './plan';
import { plannedExamples, prepareRun } from './prepareRun';

export type DryRun = JobCost & {
  readonly examples: number;
  readonly skipped: number;
  readonly conditions: number;
};

export type LocalDryRun = RunEstimate & { readonly conditions: number };

/** Of a model on this machine: tokens of all examples, and about how long. @throws UserError as a run would */
export async function dryRunHere(spec: RunSpec, backends: Backends, signal: AbortSignal): Promise<LocalDryRun> {
  const prepared = await prepareRun(spec, backends, signal);
  const estimate = await estimateRun(prepared, signal, Number.POSITIVE_INFINITY);
  throwIfCancelled(signal);
  return { ...estimate, conditions: prepared.manifest.conditions.length };
}

/** @throws UserError when the tokenizer is the server's own, or the files cannot be used */
export async function dryRun(spec: RunSpec, signal: AbortSignal): Promise<DryRun> {
  const prepared = await prepareRun(spec, { open: () => planningModel(spec) }, signal);
  const total = { examples: 0, skipped: 0, requests: 0, promptTokens: 0, mostWritten: 0 };
  for await (const { example, reader } of plannedExamples(prepared)) {
    throwIfCancelled(signal);
    const setup = { ...prepared.setup, reader };
    if (whyUnusable(example, setup.options) === null && materialsNeeded(example, setup).length > 0) {
      throw new UserError(
        'Some of these conditions need text that a model writes first, so they cannot be counted without it.',
      );
    }
    const plan = whyUnusable(example, setup.options) ?? (await orReason(() => planExample(example, setup)));
    if (typeof plan === 'string') {
      total.skipped += 1;
      continue;
    }
    total.examples += 1;
    for (const job of [plan.job, ...(isRedrawn(example.id, prepared.manifest) ? redrawJobs(plan) : [])]) {
      const { requests, promptTokens, mostWritten } = costOf(job);
      total.requests += requests;
      total.promptTokens += promptTokens;
      total.mostWritten += mostWritten;
    }
  }
  return { ...total, conditions: prepared.manifest.conditions.length };
}

/** A model that can be planned for and not run. */
async function planningModel({ model, server }: RunSpec): Promise<LoadedModel> {
  if (!server) throw new Error('A model on this machine is counted by dryRunHere.');
  if (server.tokenizer === 'server') {
    throw new UserError('--dry-run asks no server, so it needs the tokenizer here: --tokenizer DIR.');
  }
  const { text, settle } = await localText(server.tokenizer);
  const backend: Backend = {
    model: unseenRecord(model, text),
    capabilities: { forced: true, contextTokens: Number.MAX_SAFE_INTEGER, exact: false },
    maxInFlight: 1,
    run: () => {
      throw new Error('This model can only be planned for.');
    },
    dispose: async () => undefined,
  };
  return { backend, text, settle };
}
