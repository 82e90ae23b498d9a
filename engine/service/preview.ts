// Owns what a run would change, without running it: every replacement in the prompts counted, and the first examples' prompts and traces
// edited and cut. Must not know how it is shown.
import type { Backend } from '../backends/backend';
import { localText } from '../backends/completions/openServed';
import type { Condition } from '../domain/condition';
import type { Example } from '../domain/example';
import { throwIfCancelled } from '../domain/failure';
import { canonicalJson } from '../domain/ids';
import type { Material, MaterialSpec } from '../domain/material';
import type { CutRecord, ModelRecord, PromptChange, RunSpec } from '../domain/run';
import { loadModelText } from '../text/loadModelText';
import type { LoadedModel } from './backends';
import { cuttingsOf, editPrompt, findPromptEdit, materialKey } from './cutting';
import { whyUnusable } from './examplePlanning';
import { type Materials, materialsNeeded } from './materials';
import { folderWithText } from './models';
import { PartnerPool } from './partnerPool';
import { type PreparedRun, plannedExamples, prepareRun, titleOf } from './prepareRun';

/** One edit of the prompts, over all examples. */
export type PromptEditCount = {
  readonly alias: string;
  readonly prompts: number;
  readonly replacements: number;
  /** Ordinals (from 0) of examples whose prompt it does not touch. */
  readonly untouched: readonly number[];
  /** `American → Canadian`, how often; most frequent first. */
  readonly pairs: readonly { readonly was: string; readonly is: string; readonly count: number }[];
};

/** One condition of one example: what its trace becomes, or why it cannot be made. */
export type TracePreview =
  | { readonly alias: string; readonly cut: CutRecord }
  | { readonly alias: string; readonly omitted: string };

export type ExamplePreview = {
  readonly ordinal: number;
  readonly title: string;
  readonly example: Example;
  readonly prompts: readonly { readonly alias: string; readonly replacements: readonly PromptChange[] }[];
  /** With the prompt left alone where the run has that, each trace edit once. */
  readonly traces: readonly TracePreview[];
};

export type RunPreview = { readonly prompts: readonly PromptEditCount[]; readonly examples: readonly ExamplePreview[] };

const shownExamples = 3;

/** @throws UserError as a run would */
export async function previewRun(spec: RunSpec, signal: AbortSignal): Promise<RunPreview> {
  const prepared = await prepareRun(spec, { open: () => textOnly(spec) }, signal);
  const { seed } = spec;
  const { conditions, options } = prepared.setup;
  const partners = new PartnerPool(() => plannedExamples(prepared), { seed, options });
  const counts = distinct(conditions, ({ promptEdit }) => canonicalJson(promptEdit))
    .filter(({ promptEdit }) => promptEdit.id !== 'none')
    .map((condition) => new Count(condition));
  const examples: ExamplePreview[] = [];
  for await (const { example, ordinal } of plannedExamples(prepared)) {
    throwIfCancelled(signal);
    if (whyUnusable(example, options) !== null) continue;
    const isShown = examples.length < shownExamples;
    const materials = await materialsOf(example, prepared.setup, isShown ? partners : null);
    for (const count of counts) count.add(example, ordinal, materials);
    if (isShown) examples.push(previewOf(example, ordinal, { prepared, materials }));
  }
  return { prompts: counts.map((count) => count.summary()), examples };
}

class Count {
  private prompts = 0;
  private replacements = 0;
  private readonly untouched: number[] = [];
  private readonly pairs = new Map<string, { was: string; is: string; count: number }>();

  constructor(private readonly condition: Condition) {}

  add(example: Example, ordinal: number, materials: Materials): void {
    const { replacements } = editPrompt(example.messages, this.condition, materials);
    this.prompts += 1;
    this.replacements += replacements.length;
    if (replacements.length === 0) this.untouched.push(ordinal);
    for (const { was, is } of replacements) {
      const known = this.pairs.get(`${was}\n${is}`) ?? { was, is, count: 0 };
      this.pairs.set(`${was}\n${is}`, { ...known, count: known.count + 1 });
    }
  }

  summary(): PromptEditCount {
    const { id, params } = this.condition.promptEdit;
    const pairs = [...this.pairs.values()].sort((a, b) => b.count - a.count);
    const { prompts, replacements, untouched } = this;
    return { alias: findPromptEdit(id).alias(params), prompts, replacements, untouched, pairs };
  }
}

type PreviewSetup = { readonly prepared: PreparedRun; readonly materials: Materials };

function previewOf(example: Example, ordinal: number, { prepared, materials }: PreviewSetup): ExamplePreview {
  const { conditions, options, model, spec } = prepared.setup;
  const cuttingFor = cuttingsOf(example, { options, model, seed: spec.seed, materials });
  const edited = distinct(conditions, ({ promptEdit }) => canonicalJson(promptEdit));
  return {
    ordinal,
    title: titleOf(example),
    example,
    prompts: edited
      .filter(({ promptEdit }) => promptEdit.id !== 'none')
      .map((condition) => {
        const { id, params } = condition.promptEdit;
        const { replacements } = editPrompt(example.messages, condition, materials);
        return { alias: findPromptEdit(id).alias(params), replacements };
      }),
    traces: distinct(conditions, ({ traceEdit }) => canonicalJson(traceEdit)).map((condition): TracePreview => {
      const cutting = cuttingFor(condition);
      if ('cut' in cutting) return { alias: condition.alias, cut: cutting.cut };
      return { alias: condition.alias, omitted: 'omitted' in cutting ? cutting.omitted : cutting.unreadable };
    }),
  };
}

/** The first condition of each kind. */
function distinct(conditions: readonly Condition[], kind: (condition: Condition) => string): readonly Condition[] {
  return conditions.filter((one, i) => conditions.findIndex((earlier) => kind(earlier) === kind(one)) === i);
}

/** @param partners left out where no trace is shown */
async function materialsOf(
  example: Example,
  setup: Parameters<typeof materialsNeeded>[1],
  partners: PartnerPool | null,
): Promise<Materials> {
  const made = new Map<string, Material>();
  for (const spec of materialsNeeded(example, setup)) {
    if (spec.kind !== 'partner') made.set(materialKey(spec), notYetWritten(spec));
    else if (partners) made.set(materialKey(spec), await partners.partnerOf(example, spec.answer));
  }
  return made;
}

/** In a prompt it is shown which sentences will be others; a trace cannot be cut before it is there. */
function notYetWritten(spec: MaterialSpec): Material {
  if (spec.kind === 'helper' && spec.message !== undefined) return { text: '(in other words)', origin: '' };
  return { text: null, reason: 'its text is written by a model when the run is made', origin: '' };
}

/** The tokenizer and template of the run's model, without its weights or its server. */
async function textOnly({ model, server }: RunSpec): Promise<LoadedModel> {
  const { text } = server ? await localText(server.tokenizer) : { text: await loadModelText(folderWithText(model)) };
  const record: ModelRecord = {
    id: model,
    folder: '',
    sha256: '',
    layout: 'plain',
    precision: '',
    tokenizerSha256: text.tokenizerSha256,
    templateSha256: text.templateSha256,
    runtime: '',
  };
  const backend: Backend = {
    model: record,
    capabilities: { forced: true, contextTokens: Number.MAX_SAFE_INTEGER, exact: true },
    maxInFlight: 1,
    run: () => {
      throw new Error('A preview runs nothing.');
    },
    dispose: async () => undefined,
  };
  return { backend, text };
}
