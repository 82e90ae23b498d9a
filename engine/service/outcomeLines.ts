// Owns the outcomes of a run as plain lines: one an example, condition and sample, in the order of the log. Must not know who writes them where.
import type { RunEvent } from '../domain/run';
import { RunFold, readEvents } from '../store/runLog';

export type OutcomeLine = ReturnType<typeof outcomeLine>;

type SampleEvent = Extract<RunEvent, { type: 'sampleFinished' }>;

type OutcomeParts = {
  readonly aliases: ReadonlyMap<string, string>;
  readonly recorded: string;
  readonly options: readonly string[];
};

function outcomeLine(event: SampleEvent, { aliases, recorded, options }: OutcomeParts) {
  const { example, condition, sample, outcome, probabilities, wentOn, text } = event;
  const byOption = probabilities && Object.fromEntries(options.map((option, i) => [option, probabilities[i] ?? null]));
  return {
    example,
    condition: aliases.get(condition) ?? condition,
    sample,
    recorded,
    outcome: outcome.kind === 'option' ? outcome.option : null,
    reason: outcome.kind === 'unreadable' ? outcome.reason : null,
    probabilities: byOption,
    wentOn,
    text,
  };
}

/** Of the examples that are closed; read one after the other, because a log may hold gigabytes. */
export function* outcomeLines(dir: string): Generator<OutcomeLine> {
  const fold = new RunFold(dir);
  fold.refresh();
  const { conditions, options } = fold.manifest;
  const aliases = new Map(conditions.map((one) => [one.id as string, one.alias]));
  for (const state of fold.state.examples.values()) {
    if (state.logEnd === null) continue;
    for (const event of readEvents(dir, { start: state.logStart, end: state.logEnd })) {
      if (event.type !== 'sampleFinished' || event.example !== state.example) continue;
      yield outcomeLine(event, { aliases, recorded: state.recorded, options });
    }
  }
}
