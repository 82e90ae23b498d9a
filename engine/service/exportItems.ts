// Owns what is written out of a run or of a trace file: each sample with its regenerated turn, or each example as recorded.
// Must not know how it is written.
import type { Example } from '../domain/example';
import { throwIfCancelled } from '../domain/failure';
import type { RunEvent, RunManifest } from '../domain/run';
import type { ExampleState } from '../domain/runState';
import { bodyEnd, changedText, type Trace } from '../domain/trace';
import type { ExportedOutcome, ExportItem } from '../exports/export';
import { RunFold, readEvents } from '../store/runLog';
import { promptUnder, readExample, startOf } from './compareExample';
import { hashOf } from './conditions';
import type { ExportProgress } from './contract';
import type { BegunFile } from './traceFile';

type Options = { readonly signal: AbortSignal; readonly onProgress?: (progress: ExportProgress) => void };

/** Every example of a file, opaque ones too. */
export async function* exportedExamples(file: BegunFile, { signal, onProgress }: Options): AsyncGenerator<ExportItem> {
  let done = 0;
  for await (const example of file.examples({ offset: 0, limit: Number.POSITIVE_INFINITY, signal })) {
    yield exampleItem(example);
    done += 1;
    onProgress?.({ done, planned: null });
  }
}

/** An example as its file has it. */
export function exampleItem(example: Example): ExportItem {
  const { messages, trace, answer, model } = example;
  return { example, messages, trace, answer: answer?.option ?? null, model, outcome: null };
}

/** Every sample of the examples that the run has finished, in their order. @throws UserError when a file no longer holds an example */
export async function* exportedOutcomes(dir: string, { signal, onProgress }: Options): AsyncGenerator<ExportItem> {
  const fold = new RunFold(dir);
  fold.refresh();
  const { manifest } = fold;
  const manifestSha256 = hashOf(manifest);
  const closed = [...fold.state.examples.values()].filter((state) => state.logEnd !== null);
  for (const [index, state] of closed.entries()) {
    throwIfCancelled(signal);
    const example = await readExample(state, manifest.spec.mapping);
    const events = readEvents(dir, { start: state.logStart, end: state.logEnd });
    for (const event of events) {
      if (event.type !== 'sampleFinished' || event.example !== state.example) continue;
      const outcome = outcomeOf(event, { state, manifest, manifestSha256, example, events });
      if (outcome)
        yield itemOf(example, outcome, promptUnder(example, outcome.condition, startOf(events, state.example)));
    }
    onProgress?.({ done: index + 1, planned: closed.length });
  }
}

type Finished = Extract<RunEvent, { readonly type: 'sampleFinished' }>;
type Around = {
  readonly state: ExampleState;
  readonly manifest: RunManifest;
  readonly manifestSha256: string;
  readonly example: Example;
  readonly events: readonly RunEvent[];
};

function outcomeOf(event: Finished, around: Around): ExportedOutcome | null {
  const { state, manifest, manifestSha256, example, events } = around;
  const condition = manifest.conditions.find((one) => one.id === event.condition);
  if (!condition) return null;
  const cut = startOf(events, state.example)?.cuts[condition.id] ?? null;
  const reasoning = changedText(example.trace.reasoning, cut?.changes ?? []);
  const { v: _v, type: _type, example: _example, ...result } = event;
  const { temperature, topP } = manifest.spec.sampling;
  return {
    run: manifest.run,
    manifestSha256,
    model: manifest.model.id,
    temperature,
    topP,
    condition,
    cut,
    caveats: state.caveats[condition.id] ?? [],
    options: manifest.options,
    recorded: state.recorded,
    kept: cut ? reasoning.slice(0, cut.offset) : reasoning,
    result,
  };
}

function itemOf(example: Example, outcome: ExportedOutcome, { messages }: Pick<Example, 'messages'>): ExportItem {
  const { result, model } = outcome;
  const answer = result.outcome.kind === 'option' ? result.outcome.option : null;
  return { example, messages, trace: regenerated(example, outcome), answer, model, outcome };
}

/** Tags that close reasoning, for records that kept it in a field and so do not say which one ended it here. */
const anyClose =
  /<\/(?:think|thinking|thought|reasoning|seed:think)>|\[\/THINK\]|<\|end_of_thought\|>|<\|END_THINKING\|>/;

/** The turn as it is after the run: what was kept, and what the model wrote behind it. */
function regenerated({ trace, answer }: Example, { condition, kept, result }: ExportedOutcome): Trace {
  const { frame, answerText } = trace;
  if (condition.traceEdit.close === 'closed') {
    const before = answerText.slice(0, answer?.range.start ?? answerText.length);
    const after = condition.readout === 'forced' ? answerText.slice(answer?.range.end ?? answerText.length) : '';
    return {
      reasoning: kept + trace.reasoning.slice(bodyEnd(trace.reasoning)),
      frame,
      answerText: before + result.text + after,
    };
  }
  const tag = frame?.close.trim() ?? '';
  const found = tag === '' ? anyClose.exec(result.text) : null;
  const at = tag === '' ? (found?.index ?? -1) : result.text.indexOf(tag);
  if (at < 0) return { reasoning: kept + result.text, frame: frame && { ...frame, close: '' }, answerText: '' };
  const length = found ? found[0].length : tag.length;
  return {
    reasoning: kept + result.text.slice(0, at),
    frame: frame && { ...frame, close: result.text.slice(at, at + length) },
    answerText: result.text.slice(at + length),
  };
}
