// Owns what edits need before an example can be planned: reasoning that the model writes under an edited prompt, another example's trace,
// sentences that a helper rewrites. What is on record already is used again. Must not know how edits use it.
import type { Backend, Job } from '../backends/backend';
import type { PromptEditSpec } from '../domain/condition';
import type { Example } from '../domain/example';
import type { ExampleId } from '../domain/ids';
import type { Material, MaterialSpec } from '../domain/material';
import type { RunState } from '../domain/runState';
import { readEvents } from '../store/runLog';
import { nameCondition } from './conditions';
import { continueOnce, type Made, nothingSpent, type Spent } from './continueOnce';
import { findPromptEdit, findTraceEdit, materialKey } from './cutting';
import type { PartnerPool } from './partnerPool';
import { type PlanSetup, planExample } from './plan';
import { type SentenceHelper, sentenceOf } from './sentenceHelper';
import { parseTraceEdit } from './traceEditWords';

/** By canonical JSON of what was asked for. */
export type Materials = ReadonlyMap<string, Material>;

export type MaterialSources = {
  readonly backend: Backend;
  readonly partners: PartnerPool;
  readonly helper: SentenceHelper;
  readonly signal: AbortSignal;
};

/** What the conditions of a run need for this example, each once; what edits of prompts need first, because runs under them need it, too. */
export function materialsNeeded(
  example: Example,
  { conditions }: Pick<PlanSetup, 'conditions'>,
): readonly MaterialSpec[] {
  const ofPrompts = conditions.flatMap(
    ({ promptEdit }) => findPromptEdit(promptEdit.id).needs?.(example.messages, promptEdit.params) ?? [],
  );
  const ofTraces = conditions.flatMap(
    ({ traceEdit }) => findTraceEdit(traceEdit.id).needs?.(example.trace.reasoning, traceEdit.params ?? {}) ?? [],
  );
  return [...new Map([...ofPrompts, ...ofTraces].map((spec) => [materialKey(spec), spec])).values()];
}

/** For an estimate: in the place of what would be written, as much as the record has. */
export function standIns(example: Example, setup: Pick<PlanSetup, 'conditions'>): Materials {
  const textOf = (spec: MaterialSpec): string => {
    if (spec.kind !== 'helper') return example.trace.reasoning;
    return sentenceOf(example, spec).sentence;
  };
  const material = (spec: MaterialSpec): Material => ({ text: textOf(spec), origin: 'the record' });
  return new Map(materialsNeeded(example, setup).map((spec) => [materialKey(spec), material(spec)]));
}

/** One material, written or looked up now. @param made what is ready already */
export async function makeMaterial(
  spec: MaterialSpec,
  { example, setup, made }: { readonly example: Example; readonly setup: PlanSetup; readonly made: Materials },
  sources: MaterialSources,
): Promise<Made> {
  if (spec.kind === 'rewrittenRun') return rewrittenRun(example, { setup, made, promptEdit: spec.promptEdit }, sources);
  if (spec.kind === 'helper') return sources.helper.rewrite(example, spec, sources.signal);
  return { material: await sources.partners.partnerOf(example, spec.answer), spent: nothingSpent };
}

type RewrittenRun = { readonly setup: PlanSetup; readonly made: Materials; readonly promptEdit: PromptEditSpec };

/**
 * The reasoning of `free` under the prompt edit, up to its closing tag: the same stream as that condition's first sample, so that it is
 * that sample's reasoning.
 */
async function rewrittenRun(
  example: Example,
  { setup, made, promptEdit }: RewrittenRun,
  { backend, signal }: MaterialSources,
): Promise<Made> {
  const free = nameCondition({ promptEdit, traceEdit: parseTraceEdit('free'), readout: 'continued' });
  const plan = planExample(example, { ...setup, conditions: [free] }, made);
  const closeTag = plan.cuttings.get(free.id)?.turn.frame.close.trim() ?? '';
  const origin = `the run with ${free.alias.replace(/^free\+/, '')}`;
  const none = (reason: string, spent: Spent): Made => ({ material: { text: null, reason, origin }, spent });
  const omitted = plan.omitted[free.id];
  if (omitted !== undefined) return none(omitted, nothingSpent);
  if (closeTag === '') return none('its reasoning has no closing tag that could end the swapped run', nothingSpent);
  const { text, finish, spent } = await continueOnce(backend, untilTag(plan.job, closeTag), signal);
  const end = text.indexOf(closeTag);
  const why = finish === 'length' ? `was cut off at ${setup.spec.maxTokens} tokens` : `ended without ${closeTag}`;
  if (end < 0) return none(`the reasoning of the swapped run ${why}`, spent);
  return { material: { text: text.slice(0, end), origin }, spent };
}

function untilTag(job: Job, closeTag: string): Job {
  const leaves = job.leaves.map((leaf) => {
    const { readout, streams } = leaf;
    const stopping = readout.kind === 'continued' ? { ...readout, stopTexts: [closeTag] } : readout;
    return { ...leaf, readout: stopping, streams: streams.slice(0, 1) };
  });
  return { ...job, leaves };
}

/** What a run that stopped had made ready for examples that it had not closed; of the same thing made twice, the first. */
export function recordedMaterials(state: RunState, dir: string): ReadonlyMap<ExampleId, Materials> {
  const found = new Map<ExampleId, Materials>();
  for (const [example, places] of state.materials) {
    const own = new Map<string, Material>();
    for (const event of places.flatMap((place) => readEvents(dir, place))) {
      if (event.type !== 'materialReady') continue;
      const { text, reason, origin, spec } = event;
      const key = materialKey(spec);
      if (!own.has(key)) own.set(key, reason === undefined ? { text, origin } : { text, reason, origin });
    }
    found.set(example, own);
  }
  return found;
}
