// Owns everything that is settled before the first example runs: files, conditions, options, model, and the manifest that says so.
// Must not know how examples are run.
import { randomBytes } from 'node:crypto';
import { answerReader } from '../answers';
import type { AnswerReader } from '../answers/answer';
import type { Condition } from '../domain/condition';
import type { Example } from '../domain/example';
import { throwIfCancelled, UserError } from '../domain/failure';
import { type RunId, runId } from '../domain/ids';
import { logVersion, type RunManifest, type RunSpec } from '../domain/run';
import { Backends, type LoadedModel } from './backends';
import { completeConditions, hashOf } from './conditions';
import { findPromptEdit, findTraceEdit } from './cutting';
import { matchOption } from './foldAnswer';
import { refuseIdlePromptEdits } from './idlePromptEdits';
import { refuseMissingLetters } from './missingLetters';
import { bundledModelId, isCrossModel } from './models';
import type { PlanSetup } from './plan';
import { requireHelper } from './sentenceHelper';
import { openTraceFile, type TraceFile } from './traceFile';
import { versions } from './versions';

export type PreparedRun = {
  readonly manifest: RunManifest;
  readonly files: readonly TraceFile[];
  readonly loaded: LoadedModel;
  /** The model that rewrites sentences; loaded when first asked for. */
  readonly helper: HelperModel;
  /** What all examples share; how the answer is read is each file's own. */
  readonly setup: Omit<PlanSetup, 'reader'>;
};

/** @throws UserError that names the file, the option or the model that cannot be used, and the way out. */
export async function prepareRun(
  spec: RunSpec,
  backends: Pick<Backends, 'open'>,
  signal: AbortSignal,
): Promise<PreparedRun> {
  const conditions = completeConditions(spec.conditions);
  if (conditions.length === 0)
    throw new UserError('No conditions were asked for; leave --conditions out for the default ones.');
  const files = await openFiles(spec, signal);
  const options = chooseOptions(spec, files);
  checkToward(spec, options);
  const loaded = await backends.open(spec, signal);
  checkForced(conditions, loaded);
  checkHelper(conditions, spec.helper === undefined ? loaded.backend.model.id : nameOf(spec.helper));
  throwIfCancelled(signal);
  const manifest = await writeManifest({ spec, conditions, files, loaded, options });
  const { contextTokens, needsChat = false } = loaded.backend.capabilities;
  const setup = { conditions, options, model: loaded.text, contextTokens, spec, needsChat };
  const prepared = { manifest, files, loaded, helper: helperModel(spec, loaded), setup };
  await refuseIdlePromptEdits(conditions, plannedExamples(prepared), signal);
  await refuseMissingLetters(conditions, plannedExamples(prepared), { options, signal });
  return prepared;
}

/** @throws UserError before anything runs, when answers are to be forced where that cannot be */
function checkForced(conditions: readonly Condition[], { backend }: LoadedModel): void {
  if (backend.capabilities.forced || conditions.every(({ readout }) => readout === 'continued')) return;
  throw new UserError(
    `The server of ${backend.model.id} tells no log-probabilities and cannot be made to choose among options, so answers cannot be forced there. Use conditions with /continued.`,
  );
}

/** The run with the identity of its helper, if its conditions need one: loads it. */
export async function withHelper(prepared: PreparedRun): Promise<PreparedRun> {
  const { manifest, helper } = prepared;
  if (manifest.spec.helper === undefined || askingForHelper(manifest.conditions).length === 0) return prepared;
  const { backend } = await helper.open();
  return { ...prepared, manifest: { ...manifest, helper: backend.model } };
}

export type HelperModel = { readonly open: () => Promise<LoadedModel>; readonly dispose: () => Promise<void> };

/** The model under test, or another one that is loaded beside it. */
function helperModel({ helper }: RunSpec, loaded: LoadedModel): HelperModel {
  if (helper === undefined) return { open: async () => loaded, dispose: async () => undefined };
  const own = new Backends();
  return { open: () => own.open({ model: helper }), dispose: () => own.dispose() };
}

const nameOf = (model: string): string => (model === 'bundled' ? bundledModelId : model);

/** @throws UserError before anything runs, when sentences would have to be rewritten by a model that cannot */
function checkHelper(conditions: readonly Condition[], modelId: string): void {
  const asking = askingForHelper(conditions);
  if (asking.length > 0) requireHelper(modelId, asking);
}

/** Ids of the edits whose sentences a helper writes, each once. */
function askingForHelper(conditions: readonly Condition[]): readonly string[] {
  const descriptors = conditions.flatMap(({ traceEdit, promptEdit }) => [
    findTraceEdit(traceEdit.id).descriptor,
    findPromptEdit(promptEdit.id).descriptor,
  ]);
  return [...new Set(descriptors.filter(({ needs }) => needs === 'helper').map(({ id }) => id))];
}

/** @throws UserError when effects would be signed toward something that is no answer */
function checkToward({ toward }: RunSpec, options: readonly string[]): void {
  if (toward === undefined || matchOption(toward, options) !== null) return;
  throw new UserError(
    `"${toward}" is none of the answers (${options.join(', ')}), so effects cannot be signed toward it.`,
  );
}

async function openFiles(spec: RunSpec, signal: AbortSignal): Promise<readonly TraceFile[]> {
  if (spec.files.length === 0) throw new UserError('No trace file was named.');
  const reading = {
    ...(spec.answer === 'auto' ? {} : { answer: spec.answer }),
    ...(spec.mapping ? { mapping: spec.mapping } : {}),
  };
  const files: TraceFile[] = [];
  for (const file of spec.files) files.push(await openTraceFile(file, { signal, ...reading }));
  return files;
}

function chooseOptions(spec: RunSpec, files: readonly TraceFile[]): readonly string[] {
  if (spec.options && spec.options.length >= 2) return spec.options;
  const all = files.flatMap((file) => file.summary.answer.options);
  const seen = all.filter((option, i) => matchOption(option, all.slice(0, i)) === null);
  if (seen.length >= 2) return seen;
  const read = files.reduce((sum, file) => sum + file.summary.answer.read, 0);
  const none = read === 0 ? 'no answer could be read' : `its ${read} answers are too many different ones to be options`;
  const found = seen.length === 0 ? none : `every recorded answer is "${seen[0]}"`;
  const where = spec.files.join(', ');
  throw new UserError(
    `${where}: ${found}, so there is nothing to choose between. Name the answers with --options A,B, or how to read them with --answer.`,
  );
}

/** How a file's answers are read: as asked for, else as the survey of that file says. */
const readerOf = (spec: RunSpec, file: TraceFile): AnswerReader =>
  answerReader(spec.answer === 'auto' ? file.summary.answer.reader : spec.answer);

/** @param startedAt ISO time */
export function freshRunId(startedAt: string): RunId {
  const time = startedAt.slice(0, 19).replace(/[-:]/g, '').replace('T', '-');
  return runId(`${time}-${randomBytes(4).toString('hex')}`);
}

type ManifestParts = {
  readonly spec: RunSpec;
  readonly conditions: readonly Condition[];
  readonly files: readonly TraceFile[];
  readonly loaded: LoadedModel;
  readonly options: readonly string[];
};

async function writeManifest(parts: ManifestParts): Promise<RunManifest> {
  const { spec, conditions, files, loaded, options } = parts;
  const startedAt = new Date().toISOString();
  const producers = [...new Set(files.flatMap(producersOf))];
  const exampleCount = files.reduce((sum, file) => sum + file.summary.examples, 0);
  return {
    v: logVersion,
    run: freshRunId(startedAt),
    startedAt,
    spec,
    specSha256: hashOf(spec),
    conditions,
    options,
    answerReader: [...new Set(files.map((file) => readerOf(spec, file).id))].join(', '),
    model: loaded.backend.model,
    producers,
    crossModel: isCrossModel(producers, loaded.backend.model.id),
    files: await Promise.all(
      files.map(async (file) => ({
        path: file.path,
        sha256: await file.sha256(),
        size: file.size,
        format: file.format.id,
        left: { damaged: file.summary.problems.length, withoutReasoning: file.summary.withoutReasoning },
      })),
    ),
    exampleCount,
    plannedCount: countOfShard(wholeCount(spec, exampleCount), spec.shard),
    versions: versions(),
  };
}

/** Examples that take part, over all shards. */
export const wholeCount = (spec: RunSpec, exampleCount: number): number =>
  Math.min(spec.limit ?? exampleCount, exampleCount, new Set(spec.only).size || exampleCount);

/** The examples at places index, index + of, index + 2 of, … */
const countOfShard = (whole: number, shard: RunSpec['shard']): number =>
  shard ? Math.ceil(Math.max(0, whole - shard.index) / shard.of) : whole;

function producersOf(file: TraceFile): readonly string[] {
  if (file.summary.models.length > 0) return file.summary.models;
  return file.summary.bundledProducer ? [bundledModelId] : [];
}

export type PlannedExample = { readonly example: Example; readonly ordinal: number; readonly reader: AnswerReader };

/**
 * The examples that take part, in file order, each once; an ordinal counts all examples of the files.
 * @throws UserError after the last one when some that the spec names were not there
 */
export async function* plannedExamples(prepared: PreparedRun): AsyncGenerator<PlannedExample> {
  const { spec, exampleCount } = prepared.manifest;
  const whole = wholeCount(spec, exampleCount);
  const only = spec.only && new Set(spec.only);
  let ordinal = 0;
  let planned = 0;
  for (const file of prepared.files) {
    const reader = readerOf(spec, file);
    for await (const example of file.examples()) {
      if (planned >= whole) return;
      if (!only || only.has(example.id)) {
        if (!spec.shard || planned % spec.shard.of === spec.shard.index) yield { example, ordinal, reader };
        planned += 1;
      }
      ordinal += 1;
    }
  }
  if (planned < whole && only)
    throw new UserError(`${whole - planned} of the chosen examples are no longer in ${spec.files.join(', ')}.`);
}

/** First words of the last user message, for lists. */
export function titleOf(example: Example): string {
  const last = [...example.messages].reverse().find((message) => message.role === 'user') ?? example.messages.at(-1);
  return (last?.content ?? example.trace.reasoning).replace(/\s+/g, ' ').trim().slice(0, 120);
}
