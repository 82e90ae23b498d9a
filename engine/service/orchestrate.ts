// Owns the course of a run: example after example through the backend, every fact into the log, resumable at any moment.
// The only one that schedules; backends never do.
import path from 'node:path';
import type { Backend, Job } from '../backends/backend';
import type { Example } from '../domain/example';
import { CancelledError, throwIfCancelled, UserError } from '../domain/failure';
import type { ExampleId, RunId } from '../domain/ids';
import type { RunSpec } from '../domain/run';
import { RunFold, RunWriter } from '../store/runLog';
import type { Backends } from './backends';
import type { RunProgress } from './contract';
import { type ExamplePlan, planExample, redrawJobs, resultOf } from './plan';
import { type PreparedRun, plannedExamples, prepareRun, titleOf } from './prepareRun';

export type RunContext = {
  readonly backends: Backends;
  readonly signal: AbortSignal;
  readonly emit: (progress: RunProgress) => void;
};

export type RunPlace = { readonly run: RunId; readonly dir: string };

/** Prepares, records and runs a spec. @throws CancelledError after recording that it was cancelled. */
export async function startRun(spec: RunSpec, out: string, context: RunContext): Promise<RunPlace> {
  const prepared = await prepareRun(spec, context.backends, context.signal);
  const dir = path.join(out, prepared.manifest.run);
  return new RunCourse(prepared, RunWriter.create(dir, prepared.manifest), {
    ...context,
    dir,
    closed: new Set(),
  }).run();
}

/**
 * Goes on where a run stopped: closed examples stay, an unclosed one is redone whole.
 * @throws UserError when the model or a trace file is not the one that the run began with.
 */
export async function resumeRun(dir: string, context: RunContext): Promise<RunPlace> {
  const fold = new RunFold(dir);
  fold.refresh();
  const begun = fold.manifest;
  const prepared = await prepareRun(begun.spec, context.backends, context.signal);
  const changed = whatChanged(begun, prepared.manifest);
  if (changed) throw new UserError(`${dir} cannot go on: ${changed} since it began. Start a new run instead.`);
  const closed = new Set(
    [...fold.state.examples.values()].filter((one) => one.logEnd !== null).map((one) => one.example),
  );
  for (const id of fold.state.skipped.keys()) closed.add(id);
  const writer = RunWriter.open(dir);
  writer.append({ v: 1, type: 'runResumed', at: new Date().toISOString() });
  return new RunCourse({ ...prepared, manifest: begun }, writer, { ...context, dir, closed }).run();
}

type Manifest = PreparedRun['manifest'];

function whatChanged(begun: Manifest, now: Manifest): string | null {
  if (begun.model.sha256 !== now.model.sha256) return `the model in ${now.model.folder} has changed`;
  const file = begun.files.find((one, i) => one.sha256 !== now.files[i]?.sha256);
  return file ? `${file.path} has changed` : null;
}

type Course = RunContext & { readonly dir: string; readonly closed: Set<ExampleId> };

class RunCourse {
  private done = 0;
  private ranHere = 0;
  private readonly startedMs = Date.now();

  constructor(
    private readonly prepared: PreparedRun,
    private readonly writer: RunWriter,
    private readonly course: Course,
  ) {}

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
      this.writer.close();
    }
  }

  private finish(status: 'completed' | 'cancelled' | 'failed', message?: string): void {
    const at = new Date().toISOString();
    this.writer.append({ v: 1, type: 'runFinished', at, status, ...(message === undefined ? {} : { message }) });
  }

  /** As many examples at once as the backend takes; one that fails stops the others. */
  private async runAll(): Promise<void> {
    const examples = plannedExamples(this.prepared);
    const lane = async (): Promise<void> => {
      for (let next = await examples.next(); !next.done; next = await examples.next()) {
        throwIfCancelled(this.course.signal);
        await this.runExample(next.value.example, next.value.ordinal);
        this.report();
      }
    };
    await Promise.all(Array.from({ length: this.prepared.loaded.backend.maxInFlight }, lane));
  }

  private report(): void {
    this.done += 1;
    const planned = this.prepared.manifest.plannedCount;
    const perExampleMs = (Date.now() - this.startedMs) / Math.max(1, this.ranHere);
    const etaMs = this.ranHere === 0 ? null : Math.round(perExampleMs * (planned - this.done));
    this.course.emit({ type: 'progress', done: this.done, planned, etaMs });
  }

  private async runExample(example: Example, ordinal: number): Promise<void> {
    if (this.course.closed.has(example.id)) return;
    this.ranHere += 1;
    const unusable = whyUnusable(example, this.prepared.setup.options);
    const plan = unusable === null ? this.plan(example) : unusable;
    if (typeof plan === 'string') {
      this.writer.append({ v: 1, type: 'exampleSkipped', example: example.id, source: example.source, reason: plan });
      return;
    }
    this.start(example, ordinal, plan);
    const spent = await this.collect(plan.job, plan, { example: example.id, type: 'sampleFinished' });
    if (this.isRedrawn(ordinal)) {
      for (const job of redrawJobs(plan))
        await this.collect(job, plan, { example: example.id, type: 'redrawFinished' });
    }
    this.writer.append({ v: 1, type: 'exampleFinished', example: example.id, ...spent });
  }

  /** The plan, or why the example cannot be planned. */
  private plan(example: Example): ExamplePlan | string {
    try {
      return planExample(example, this.prepared.setup);
    } catch (error) {
      if (error instanceof UserError) return error.message;
      throw error;
    }
  }

  private start(example: Example, ordinal: number, plan: ExamplePlan): void {
    const { id, source, turn, answer } = example;
    const recorded = recordedOption(example, this.prepared.setup.options) ?? answer?.option ?? '';
    const title = titleOf(example);
    const { cuts, caveats } = plan;
    const at = new Date().toISOString();
    this.writer.append({
      v: 1,
      type: 'exampleStarted',
      at,
      example: id,
      ordinal,
      source,
      turn,
      recorded,
      title,
      cuts,
      caveats,
    });
  }

  private async collect(
    job: Job,
    plan: ExamplePlan,
    as: { readonly example: ExampleId; readonly type: 'sampleFinished' | 'redrawFinished' },
  ): Promise<{ tokensEvaluated: number; tokensAsked: number }> {
    let spent = { tokensEvaluated: 0, tokensAsked: 0 };
    const backend: Backend = this.prepared.loaded.backend;
    for await (const event of backend.run(job, this.course.signal)) {
      if (event.type === 'spent') spent = { tokensEvaluated: event.tokensEvaluated, tokensAsked: event.tokensAsked };
      const result = resultOf(event, plan, this.prepared.setup);
      if (result) this.writer.append({ v: 1, ...as, ...result });
    }
    return spent;
  }

  /** Examples drawn again for the noise floor: spread evenly, the same ones in a resumed run. */
  private isRedrawn(ordinal: number): boolean {
    const { plannedCount, spec } = this.prepared.manifest;
    if (spec.noiseExamples <= 0) return false;
    return ordinal % Math.max(1, Math.ceil(plannedCount / spec.noiseExamples)) === 0;
  }
}

function recordedOption(example: Example, options: readonly string[]): string | null {
  const words = example.answer?.option.trim().toLowerCase();
  return options.find((option) => option.toLowerCase() === words) ?? null;
}

/** Why an example cannot be re-run; `null` when it can. */
function whyUnusable(example: Example, options: readonly string[]): string | null {
  if (example.opaque !== null) return `its reasoning is ${example.opaque}`;
  if (example.trace.reasoning.trim() === '') return 'its reasoning is empty';
  if (!example.answer) return 'it has no readable answer';
  return recordedOption(example, options) === null ? 'its answer is none of the options' : null;
}
