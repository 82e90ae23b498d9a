// Owns what an engine process answers: every method of the contract, bound to the part that does it. The same in the reader process,
// which never asks for a model and so never loads the native runtime.
import { answers } from '../answers';
import type { Catalog } from '../domain/catalog';
import type { TraceCurveSummary } from '../domain/traceCurve';
import { exportFormats } from '../exports';
import { formats } from '../formats';
import { promptEdits, traceEdits } from '../interventions';
import { writeRunFacts } from '../store/runFacts';
import type { Handlers } from '../wire/contract';
import { wireVersion } from '../wire/contract';
import { annotationHandlers } from './annotationHandlers';
import { Backends } from './backends';
import type { EngineContract, RunProgress } from './contract';
import { examineAll } from './doctor/examine';
import { estimateRun } from './estimate';
import { exampleJson, exampleReading, rawText } from './exampleReading';
import { ExampleSearches } from './exampleSearches';
import { exportHandlers } from './exportHandlers';
import { beginKnownFile, examplesAt, listExamples, openTrace, recordAt, summarizeFile } from './fileQueries';
import { inForeground } from './foreground';
import { traceCurve } from './liveCurve';
import { fieldsOfFile, tryMapping } from './mappingQueries';
import { modelHandlers, Told } from './modelQueries';
import { isWatched, type RunPlace, resumeRun, startRun } from './orchestrate';
import { planningHandlers } from './planningHandlers';
import { prepareRun } from './prepareRun';
import { Queue } from './queue';
import { runHandlers } from './runHandlers';
import { RunQueries } from './runQueries';
import { readSpec } from './specFile';
import { versions } from './versions';

/** A longer record is cut where it is shown as text; an editor would not take it. */
const mostRawChars = 8 * 1024 * 1024;

function catalog(): Catalog {
  const named = ({ id, title }: { readonly id: string; readonly title: string }) => ({ id, title });
  return {
    traceEdits: traceEdits.map((edit) => edit.descriptor),
    promptEdits: promptEdits.map((edit) => edit.descriptor),
    formats: formats.map(named),
    answers: answers.map(named),
    exports: exportFormats.map(({ id, title, about, extension }) => ({ id, title, about, extension })),
  };
}

type RunHandlerContext = { readonly signal: AbortSignal; readonly emit: (progress: RunProgress) => void };

function backendsOf(told: Told): Backends {
  return new Backends({
    secretOf: told.of,
    get llamaServer() {
      return told.llamaServer;
    },
    // The host keeps what an engine process writes in its log.
    onLog: (line) => void process.stderr.write(`${line}\n`),
  });
}

/** The handlers of one process. */
export function engineHandlers(): Handlers<EngineContract> {
  const told = new Told();
  const backends = backendsOf(told);
  const queries = new RunQueries();
  const searches = new ExampleSearches();
  const queue = new Queue();
  /** Overtakes what runs; where that needs another model than the loaded one, it waits for its end instead. */
  const overtaking = <T>(model: string, work: () => Promise<T>, signal: AbortSignal): Promise<T> =>
    queue.isIdle || backends.holds({ model }) ? work() : queue.add(work, signal);
  const running = (context: RunHandlerContext) => ({ backends, signal: context.signal, emit: context.emit });
  return {
    hello: () => ({ wire: wireVersion, version: versions().counterthought ?? 'unknown' }),
    catalog,
    inspect: ({ file }, { signal, emit }) => summarizeFile(file, { signal, onProgress: emit }),
    examples: ({ file, offset, limit }, { signal }) =>
      inForeground(() => listExamples(file, { offset, limit, signal })),
    example: async ({ source, id }) => {
      const file = await beginKnownFile(source.kind === 'files' ? source.folder : source.file);
      return file.at(source, id);
    },
    openTrace: (asked, { signal }) => openTrace(asked, signal),
    curve: (spec, { signal, emit }) => {
      const work = async (): Promise<TraceCurveSummary> =>
        traceCurve(spec, { loaded: await backends.open({ model: spec.model }, signal), signal, emit });
      return overtaking(spec.model, work, signal);
    },
    find: ({ file, query }, { signal, emit }) => searches.find(file, query, { signal, onProgress: emit }),
    found: ({ file, query, offset, limit }) => inForeground(() => searches.list(file, query, { offset, limit })),
    reading: async ({ file, index, mostChars }) => {
      const [example] = await inForeground(() => examplesAt(file, [index]));
      return exampleReading(example!, index, mostChars);
    },
    exampleIds: async ({ file, indexes }) => (await examplesAt(file, indexes)).map(({ id }) => id),
    examplesJson: async ({ file, indexes }) => {
      const examples = (await examplesAt(file, indexes)).map(exampleJson);
      return JSON.stringify(examples.length === 1 ? examples[0] : examples, null, 2);
    },
    rawRecord: async ({ file, at }) => rawText(await recordAt(file, at), mostRawChars),
    fields: ({ file }) => fieldsOfFile(file),
    tryMapping: ({ file, mapping }) => tryMapping(file, mapping),
    estimate: ({ spec }, { signal }) =>
      queue.add(async () => estimateRun(await prepareRun(spec, backends, signal), signal), signal),
    run: ({ spec, out }, context) => {
      const work = (): Promise<RunPlace> => startRun(spec, out, running(context));
      return isWatched({ spec }) ? overtaking(spec.model, work, context.signal) : queue.add(work, context.signal);
    },
    examineModel: (place, { signal, emit }) =>
      queue.add(async () => examineAll(await backends.open(place, signal), { signal, emit }), signal),
    resume: ({ dir }, context) => queue.add(() => resumeRun(dir, running(context)), context.signal),
    readSpec: ({ file }) => readSpec(file),
    setRunFacts: ({ dir, name, tags }) => {
      writeRunFacts(dir, { name, tags });
      return null;
    },
    ...exportHandlers,
    ...planningHandlers(queries),
    ...runHandlers(queries),
    ...modelHandlers(told),
    ...annotationHandlers(queries),
  };
}
