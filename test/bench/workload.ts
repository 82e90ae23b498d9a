// Owns the measured texts in token ids, of exact lengths, and the jobs made of them. Must not know engines or timing.
import type { Job, Leaf, OptionIds } from '../../engine/domain/job';
import { greedy, type SamplingSpec } from '../../engine/domain/run';
import type { ModelText } from '../../engine/text/modelText';
import { closingText, optionTexts, promptText, swap, traceText } from './workloadText';

type Ids = readonly number[];

export type Workload = {
  readonly prompt: Ids;
  /** The prompt with one attribute changed. */
  readonly swapped: Ids;
  readonly trace: Ids;
  /** The trace with one token changed in the middle. */
  readonly editedTrace: Ids;
  readonly closing: Ids;
  /** Two, of two tokens each, that differ from the first on. */
  readonly options: readonly OptionIds[];
};

const lengths = { prompt: 350, trace: 300, closing: 10, option: 2 } as const;

/** Tokens of every answer. */
export const answerTokens = 30;
export const samplesPerCondition = 8;

export function makeWorkload(text: ModelText): Workload {
  const prompt = sized(text, promptText, lengths.prompt);
  const trace = sized(text, traceText, lengths.trace);
  const middle = lengths.trace / 2;
  const other = trace.find((id) => id !== trace[middle]) ?? 0;
  return {
    prompt,
    swapped: sized(text, promptText.replace(swap.from, swap.to), lengths.prompt),
    trace,
    editedTrace: trace.map((id, index) => (index === middle ? other : id)),
    closing: sized(text, closingText, lengths.closing),
    options: optionTexts.map((option) => ({ option, ids: sized(text, option, lengths.option) })),
  };
}

function sized(text: ModelText, source: string, length: number): Ids {
  const { ids } = text.encode(source);
  if (ids.length < length) throw new Error(`The measured text has ${ids.length} tokens, ${length} are needed.`);
  return ids.slice(0, length);
}

/** Evenly spaced positions of the trace, its end included. */
export const cutsOf = ({ trace }: Workload, count: number): readonly number[] =>
  Array.from({ length: count }, (_, index) => Math.round(((index + 1) * trace.length) / count));

const sampled: SamplingSpec = { ...greedy, temperature: 1 };

const forced = (key: string, ids: Ids, options: readonly OptionIds[]): Leaf => ({
  key,
  ids,
  readout: { kind: 'forced', options },
  sampling: greedy,
  streams: [key],
});

type Continued = { readonly samples?: number; readonly draft?: Ids; readonly maxTokens?: number };

function continued(key: string, ids: Ids, { samples, draft, maxTokens = answerTokens }: Continued = {}): Leaf {
  return {
    key,
    ids,
    readout: { kind: 'continued', maxTokens, stopTexts: [] },
    sampling: samples === undefined ? greedy : sampled,
    streams: Array.from({ length: samples ?? 1 }, (_, sample) => `${key}/${sample}`),
    ...(draft === undefined ? {} : { draft }),
  };
}

/** Evaluates ids and reads one score at their end. */
export const prefillJob = (ids: Ids, { options }: Workload): Job => ({
  prompt: ids,
  leaves: [forced('prefill', [], [{ option: 'first', ids: options[0]!.ids.slice(0, 1) }])],
});

/** Shares no first token with any text that is measured, so that nothing held from before can be used. */
export function forgettingJob(workload: Workload): Job {
  const id = workload.prompt.find((one) => one !== workload.prompt[0] && one !== workload.swapped[0]) ?? 0;
  return prefillJob([id], workload);
}

/** `ids` continued, sampled if `samples` is given. */
export const continuationJob = (ids: Ids, options: Continued = {}): Job => ({
  prompt: ids,
  leaves: [continued('continued', [], options)],
});

export type Forks = { readonly cuts: number; readonly trace?: Ids; readonly answers: boolean };

/** The trace cut at many places, each closed and its options scored; with `answers`, each is continued too. */
export function forksJob(workload: Workload, { cuts, trace = workload.trace, answers }: Forks): Job {
  const forks = cutsOf(workload, cuts).map((cut) => ({ cut, ids: [...trace.slice(0, cut), ...workload.closing] }));
  return {
    prompt: workload.prompt,
    leaves: [
      ...forks.map(({ cut, ids }) => forced(`scored ${cut}`, ids, workload.options)),
      ...(answers ? forks.map(({ cut, ids }) => continued(`continued ${cut}`, ids)) : []),
    ],
  };
}

/** Ten conditions of an example: free, frozen, tag stripped, half truncated, half closed; each with and without the swap. */
export function defaultRunJob(workload: Workload): Job {
  const { prompt, swapped, trace, closing, options } = workload;
  const half = trace.slice(0, trace.length / 2);
  const leaves = [prompt, swapped].flatMap((before, index) => {
    const open = (key: string, kept: Ids): Leaf =>
      continued(`${key} ${index}`, [...before, ...kept], {
        samples: samplesPerCondition,
        draft: trace.slice(kept.length),
      });
    const closed = (key: string, kept: Ids): Leaf =>
      forced(`${key} ${index}`, [...before, ...kept, ...closing], options);
    return [
      open('free', []),
      closed('frozen', trace),
      open('tag-stripped', trace),
      open('half-truncated', half),
      closed('half-closed', half),
    ];
  });
  return { prompt: [], leaves };
}

/** The same leaves and samples as jobs of their own: what independent calls would do. */
export function independentJobs(job: Job): readonly Job[] {
  return job.leaves.flatMap(({ draft: _, ...leaf }): readonly Job[] => {
    if (leaf.readout.kind === 'continued')
      return leaf.streams.map((stream) => ({ prompt: job.prompt, leaves: [{ ...leaf, streams: [stream] }] }));
    return leaf.readout.options.map((option) => ({
      prompt: job.prompt,
      leaves: [{ ...leaf, readout: { kind: 'forced', options: [option] } }],
    }));
  });
}
