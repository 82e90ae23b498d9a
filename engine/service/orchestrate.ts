// Owns the course of a run: example after example through the backend, every fact into the log, resumable at any moment.
// The only one that schedules; backends never do.
import path from 'node:path';
import { type Backend, type Job, JobRefusedError, type LeafEvent } from '../backends/backend';
import type { Example } from '../domain/example';
import { CancelledError, throwIfCancelled, UserError } from '../domain/failure';
import type { ConditionId, ExampleId, RunId } from '../domain/ids';
import type { RunSpec } from '../domain/run';
import { stepsOf } from '../domain/steps';
import { RunFold, RunWriter } from '../store/runLog';
import type { Backends } from './backends';
import type { Spent } from './continueOnce';
import type { RunProgress } from './contract';
import { materialKey } from './cutting';
import { isRedrawn, orReason, repeatedReason, whyUnusable } from './examplePlanning';
import { matchOption } from './foldAnswer';
import { type MaterialSources, type Materials, makeMaterial, materialsNeeded, recordedMaterials } from './materials';
import { PartnerPool } from './partnerPool';
import { type ExamplePlan, type PlanSetup, planExample, redrawJobs } from './plan';
import { type PlannedExample, type PreparedRun, plannedExamples, prepareRun, titleOf, withHelper } from './prepareRun';
import { groupingFields, recordLabels } from './recordLabels';
import { sampleFacts } from './sampleFacts';
import { resultOf, unreadableResult } from './sampleResult';
import { SentenceHelper } from './sentenceHelper';
import { checkTrace } from './traceCheck';

export type RunContext = {
  readonly backends: Backends;
  readonly signal: AbortSignal;
  readonly emit: (progress: RunProgress) => void;
};

export type RunPlace = { readonly run: RunId; readonly dir: string };

/** Prepares, records and runs a spec. @throws CancelledError after recording that it was cancelled. */
export async function startRun(spec: RunSpec, out: string, context: RunContext): Promise<RunPlace> {
  const prepared = await withHelper(await prepareRun(spec, context.backends, context.signal));
  const dir = path.join(out, prepared.manifest.run);
  return new RunCourse(prepared, RunWriter.create(dir, prepared.manifest), {
    ...context,
    dir,
    closed: new Set(),
    recorded: new Map(),
  }).run();
}

/**
 * Goes on where a run stopped: closed examples stay, an unclosed one is redone whole. A run that is complete is left as it is.
 * @throws UserError when the model or a trace file is not the one that the run began with.
 */
export async function resumeRun(dir: string, context: RunContext): Promise<RunPlace> {
  const fold = new RunFold(dir);
  fold.refresh();
  const begun = fold.manifest;
  if (fold.state.status === 'completed') return { run: begun.run, dir };
  const prepared = await withHelper(await prepareRun(begun.spec, context.backends, context.signal));
  const changed = whatChanged(begun, prepared.manifest);
  if (changed) throw new UserError(`${dir} cannot go on: ${changed} since it began. Start a new run instead.`);
  const closed = new Set(
    [...fold.state.examples.values()].filter((one) => one.logEnd !== null).map((one) => one.example),
  );
  // The second place of a record may have been skipped while the first one was still being run.
  for (const [id, reason] of fold.state.skipped) if (reason !== repeatedReason) closed.add(id);
  const recorded = recordedMaterials(fold.state, dir);
  const writer = RunWriter.open(dir);
  writer.append({ v: 1, type: 'runResumed', at: new Date().toISOString() });
  return new RunCourse({ ...prepared, manifest: begun }, writer, { ...context, dir, closed, recorded }).run();
}

type Manifest = PreparedRun['manifest'];

/** What of the things that decide outcomes is not as it was; `null` when all is. */
function whatChanged(begun: Manifest, now: Manifest): string | null {
  const { model } = now;
  if (begun.model.sha256 !== model.sha256) return `the model in ${model.folder} has changed`;
  // Runs of older versions do not say which helper they had.
  if (begun.helper && begun.helper.sha256 !== now.helper?.sha256)
    return `the helper model ${begun.helper.folder} has changed`;
  if (servedWeights(begun) !== servedWeights(now))
    return `the server serves ${servedWeights(now)}, no more ${servedWeights(begun)}`;
  if (begun.model.tokenizerSha256 !== model.tokenizerSha256)
    return `the tokenizer of ${model.folder || model.id} has changed`;
  if (begun.model.templateSha256 !== model.templateSha256)
    return `the chat template of ${model.folder || model.id} has changed`;
  if (begun.model.runtime !== model.runtime) return `the runtime is ${model.runtime}, no more ${begun.model.runtime}`;
  const file = begun.files.find((one, i) => one.sha256 !== now.files[i]?.sha256);
  if (file) return `${file.path} has changed`;
  if (idsOf(begun) !== idsOf(now)) return 'the way in which conditions are told apart has changed';
  const sameAnswers = begun.answerReader === now.answerReader && begun.options.join('\n') === now.options.join('\n');
  return sameAnswers ? null : 'the way in which answers are read has changed';
}

const idsOf = ({ conditions }: Manifest): string => conditions.map(({ id }) => id).join(' ');

const servedWeights = ({ model }: Manifest): string =>
  [...new Set(model.server?.endpoints.map(({ root }) => root))].sort().join(', ');

/** Who lends a trace must not depend on how the run was divided, or its parts would be another run than the whole. */
function withoutShard(prepared: PreparedRun): PreparedRun {
  const { shard: _, ...spec } = prepared.manifest.spec;
  return { ...prepared, manifest: { ...prepared.manifest, spec } };
}

type Course = RunContext & {
  readonly dir: string;
  readonly closed: Set<ExampleId>;
  /** What was made ready for examples that were not closed. */
  readonly recorded: ReadonlyMap<ExampleId, Materials>;
};

class RunCourse {
  private readonly met = new Set<ExampleId>();
  private done = 0;
  private ranHere = 0;
  private firstFailure: unknown = null;
  private readonly stopping = new AbortController();
  /** Fires when somebody cancels, and when a lane failed. */
  private readonly signal: AbortSignal;
  private readonly startedMs = Date.now();

  private readonly sources: MaterialSources;

  constructor(
    private readonly prepared: PreparedRun,
    private readonly writer: RunWriter,
    private readonly course: Course,
  ) {
    this.signal = AbortSignal.any([course.signal, this.stopping.signal]);
    const { manifest, loaded, helper } = prepared;
    const { options, spec } = manifest;
    this.sources = {
      backend: loaded.backend,
      partners: new PartnerPool(() => plannedExamples(withoutShard(prepared)), { seed: spec.seed, options }),
      helper: new SentenceHelper(helper.open),
      signal: this.signal,
    };
  }

  async run(): Promise<RunPlace> {
    const { manifest } = this.prepared;
    const place = { run: manifest.run, dir: this.course.dir };
    const planned = { examples: manifest.plannedCount, conditions: manifest.conditions.length };
    this.course.emit({ type: 'planned', ...place, ...planned });
    try {
      await this.runAll();
      this.finish('completed');
      return place;
    } catch (error) {
      if (error instanceof CancelledError) this.finish('cancelled');
      else this.finish('failed', error instanceof Error ? error.message : String(error));
      throw error;
    } finally {
      await this.prepared.helper.dispose();
      this.writer.close();
    }
  }

  private finish(status: 'completed' | 'cancelled' | 'failed', message?: string): void {
    const at = new Date().toISOString();
    const traffic = this.prepared.loaded.backend.traffic?.();
    this.writer.append({
      v: 1,
      type: 'runFinished',
      at,
      status,
      ...(message === undefined ? {} : { message }),
      ...(traffic ? { traffic } : {}),
    });
  }

  /** As many examples at once as the backend takes; one that fails stops the others. */
  private async runAll(): Promise<void> {
    const examples = plannedExamples(this.prepared);
    const lane = async (): Promise<void> => {
      for (let next = await examples.next(); !next.done; next = await examples.next()) {
        throwIfCancelled(this.signal);
        await this.runExample(next.value);
        this.report();
      }
    };
    const { maxInFlight } = this.prepared.loaded.backend;
    const most = Math.min(maxInFlight, Math.max(1, this.prepared.manifest.plannedCount));
    // All lanes must have ended before the log is closed.
    const ended = await Promise.allSettled(
      Array.from({ length: most }, () => lane().catch((error) => this.stop(error))),
    );
    const failed = ended.find((one) => one.status === 'rejected');
    if (failed) throw this.firstFailure ?? failed.reason;
  }

  /** What stopped the first lane stops the others. */
  private stop(error: unknown): never {
    this.firstFailure ??= error;
    this.stopping.abort();
    throw error;
  }

  private report(): void {
    this.done += 1;
    const planned = this.prepared.manifest.plannedCount;
    const perExampleMs = (Date.now() - this.startedMs) / Math.max(1, this.ranHere);
    const etaMs = this.ranHere === 0 ? null : Math.round(perExampleMs * (planned - this.done));
    this.course.emit({ type: 'progress', done: this.done, planned, etaMs });
  }

  private async runExample({ example, ordinal, reader }: PlannedExample): Promise<void> {
    const isRepeated = this.met.has(example.id);
    this.met.add(example.id);
    if (this.course.closed.has(example.id) && !isRepeated) return;
    this.ranHere += 1;
    const setup: PlanSetup = { ...this.prepared.setup, reader };
    const unusable = isRepeated ? repeatedReason : whyUnusable(example, setup.options);
    const made = unusable ?? (await orReason(() => this.makeReady(example, setup)));
    const plan =
      typeof made === 'string'
        ? made
        : await orReason(() => this.settle(() => planExample(example, setup, made.materials)));
    if (typeof made === 'string' || typeof plan === 'string') {
      const reason = typeof plan === 'string' ? plan : '';
      this.skip(example, reason);
      return;
    }
    this.start(example, ordinal, plan);
    const planned = { example, plan, setup };
    try {
      this.appendUnreadable(example.id, plan);
      const collected = await this.collect(plan.job, planned, { example: example.id, type: 'sampleFinished' });
      const spent = sumOf([...made.spent, collected]);
      if (isRedrawn(example.id, this.prepared.manifest)) {
        const as = { example: example.id, type: 'redrawFinished' } as const;
        for (const job of redrawJobs(plan)) await this.collect(job, planned, as);
      }
      await this.check(example);
      this.writer.append({ v: 1, type: 'exampleFinished', example: example.id, ...spent });
    } catch (error) {
      if (!(error instanceof JobRefusedError)) throw error;
      this.skip(example, error.message);
    }
  }

  /** What is needed of a tokenizer that lies elsewhere is waited for. */
  private async settle<T>(work: () => T | Promise<T>): Promise<T> {
    const { settle } = this.prepared.loaded;
    return settle ? settle(work) : work();
  }

  private skip(example: Example, reason: string): void {
    this.writer.append({ v: 1, type: 'exampleSkipped', example: example.id, source: example.source, reason });
  }

  /** What the recorded trace is to this model: no condition depends on it, every caveat on it does. */
  private async check(example: Example): Promise<void> {
    const { setup, loaded } = this.prepared;
    const { signal } = this.course;
    const context = { model: setup.model, backend: loaded.backend, signal };
    const check = await this.settle(() => checkTrace(example, context));
    this.writer.append({ v: 1, type: 'traceChecked', example: example.id, ...check });
  }

  /** What the example's edits need: from the record of a run that stopped, else written or looked up now, and recorded. */
  private async makeReady(
    example: Example,
    setup: PlanSetup,
  ): Promise<{ materials: Materials; spent: readonly Spent[] }> {
    const recorded = this.course.recorded.get(example.id);
    const materials = new Map(recorded);
    const spent: Spent[] = [];
    for (const spec of materialsNeeded(example, setup)) {
      const key = materialKey(spec);
      if (materials.has(key)) continue;
      const made = await this.settle(() => makeMaterial(spec, { example, setup, made: materials }, this.sources));
      this.writer.append({ v: 1, type: 'materialReady', example: example.id, spec, ...made.material });
      materials.set(key, made.material);
      spent.push(made.spent);
    }
    return { materials, spent };
  }

  private appendUnreadable(example: ExampleId, { unreadable }: ExamplePlan): void {
    for (const [condition, reason] of Object.entries(unreadable)) {
      const result = unreadableResult(condition as ConditionId, reason);
      this.writer.append({ v: 1, type: 'sampleFinished', example, ...result });
    }
  }

  private start(example: Example, ordinal: number, plan: ExamplePlan): void {
    const { id, source, turn, sampling } = example;
    const recorded = this.recordedOf(example);
    const title = titleOf(example);
    const { cuts, caveats, omitted, levels, prompts } = plan;
    const labels = recordLabels(example, this.prepared.setup.options);
    const steps = stepsOf(example.trace.reasoning).length;
    const at = new Date().toISOString();
    this.writer.append({
      v: 1,
      type: 'exampleStarted',
      at,
      example: id,
      ordinal,
      source,
      turn,
      sampling,
      recorded,
      title,
      cuts,
      caveats,
      labels,
      ...groupingFields(example),
      steps,
      ...(Object.keys(omitted).length > 0 ? { omitted } : {}),
      ...(Object.keys(levels).length > 0 ? { levels } : {}),
      ...(Object.keys(prompts).length > 0 ? { prompts } : {}),
    });
  }

  private async collect(
    job: Job,
    { example, plan, setup }: { readonly example: Example; readonly plan: ExamplePlan; readonly setup: PlanSetup },
    as: { readonly example: ExampleId; readonly type: 'sampleFinished' | 'redrawFinished' },
  ): Promise<Spent> {
    let spent: Spent = { tokensEvaluated: 0, tokensAsked: 0 };
    if (job.leaves.length === 0) return spent;
    const backend: Backend = this.prepared.loaded.backend;
    const urgent = isWatched(this.prepared.manifest);
    for await (const event of backend.run(urgent ? { ...job, urgent } : job, this.signal)) {
      if (urgent && event.type === 'text') this.tellText(event);
      if (event.type === 'spent') spent = { tokensEvaluated: event.tokensEvaluated, tokensAsked: event.tokensAsked };
      const result = resultOf(event, plan, setup);
      const cutting = result && plan.cuttings.get(result.condition);
      if (!cutting) continue;
      const { condition, turn } = cutting;
      const closeTag = turn.frame.close.trim();
      this.writer.append({ v: 1, ...as, ...result, ...sampleFacts(result, example, { condition, closeTag }) });
      if (urgent) this.course.emit({ type: 'answered', recorded: this.recordedOf(example), result });
    }
    return spent;
  }

  private recordedOf({ answer }: Example): string {
    return matchOption(answer?.option ?? '', this.prepared.setup.options) ?? '';
  }

  private tellText({ leaf, sample, text }: Extract<LeafEvent, { type: 'text' }>): void {
    this.course.emit({ type: 'wrote', condition: leaf as ConditionId, sample, text });
  }
}

/** A single example was chosen: somebody looks at it, so it overtakes other runs and its text is told as it is written. */
export const isWatched = ({ spec }: { readonly spec: RunSpec }): boolean => spec.only?.length === 1;

function sumOf(all: readonly Spent[]): Spent {
  const sum = (of: (one: Spent) => number): number => all.reduce((total, one) => total + of(one), 0);
  return { tokensEvaluated: sum((one) => one.tokensEvaluated), tokensAsked: sum((one) => one.tokensAsked) };
}
