// Owns running one job over servers: which requests its leaves become, in which order, and what their answers mean. Must not know HTTP,
// nor how examples are scheduled.
import { setMaxListeners } from 'node:events';
import { CancelledError } from '../../domain/failure';
import type { Job, Leaf, LeafEvent } from '../../domain/job';
import type { ModelRecord } from '../../domain/run';
import type { Backend, BackendCapabilities } from '../backend';
import { type EventQueue, eventQueue } from '../eventQueue';
import { readContinued } from './continuedReadout';
import type { CompletionRequest } from './dialect';
import type { Answer, Choice, Endpoint } from './endpoint';
import type { EndpointPool } from './endpointPool';
import { readForced } from './forcedReadout';
import { prefixOrder } from './prefixOrder';
import type { Probed } from './probe';
import { batchesOf, plainRequest, promptOf, type SampleBatch, type Served, seedOf } from './requests';
import type { SlotLeases } from './slotLeases';

export type ServedModel = {
  readonly served: Served;
  readonly pool: EndpointPool;
  /** What every endpoint can do. */
  readonly probed: Probed;
  readonly record: ModelRecord;
  readonly capabilities: BackendCapabilities;
  readonly maxInFlight: number;
  /** False for measuring what the order is worth: leaves go anywhere, all at once. */
  readonly keepsPrefixesTogether: boolean;
};

export function servedBackend(model: ServedModel): Backend {
  return {
    model: model.record,
    capabilities: model.capabilities,
    maxInFlight: model.maxInFlight,
    run: (job, signal) => runJob(model, job, signal),
    traffic: () => model.pool.traffic,
    dispose: async () => undefined,
  };
}

async function* runJob(model: ServedModel, job: Job, signal: AbortSignal): AsyncGenerator<LeafEvent> {
  if (signal.aborted) throw new CancelledError();
  const stop = new AbortController();
  // Every waiting request of the job listens to the one, and every job to the other.
  setMaxListeners(0, stop.signal, signal);
  const abort = (): void => stop.abort();
  signal.addEventListener('abort', abort, { once: true });
  const queue = eventQueue<LeafEvent>();
  const run = new JobRun(model, job, { signal: stop.signal, queue });
  const failed = (error: unknown): void => {
    // One leaf that cannot be had makes the example worthless: its other requests are taken back.
    queue.fail(signal.aborted || !(error instanceof Error) ? new CancelledError() : error);
    stop.abort();
  };
  run.all().then(() => queue.end(), failed);
  try {
    yield* queue.drain();
  } finally {
    signal.removeEventListener('abort', abort);
    stop.abort();
  }
}

type Running = { readonly signal: AbortSignal; readonly queue: EventQueue<LeafEvent> };

class JobRun {
  private readonly home: Endpoint | null;
  private slot: number | null = null;
  private tokensAsked = 0;
  private tokensCached = 0;

  constructor(
    private readonly model: ServedModel,
    private readonly job: Job,
    private readonly running: Running,
  ) {
    this.home = model.keepsPrefixesTogether ? model.pool.leastLoaded() : null;
  }

  async all(): Promise<void> {
    const { leaves } = this.job;
    if (this.home?.slots) await this.onSlot(this.home.slots);
    else if (this.home) await this.inOrder();
    else await Promise.all(leaves.map((leaf) => this.leaf(leaf)));
    const tokensEvaluated = this.tokensAsked - this.tokensCached;
    this.running.queue.push({ type: 'spent', tokensEvaluated, tokensAsked: this.tokensAsked });
  }

  /** One leaf after the other on one slot: each finds there what it shares with the one before. */
  private async onSlot(slots: SlotLeases): Promise<void> {
    const { leaves } = this.job;
    const width = Math.min(this.model.probed.samples, Math.max(1, ...leaves.map(({ streams }) => streams.length)));
    const lease = await slots.enter(width, this.running.signal);
    this.slot = lease.slot;
    try {
      for (const { leaf } of prefixOrder(this.job)) await this.leaf(leaf);
    } finally {
      lease.leave();
    }
  }

  /** A leaf goes when the answer of the one that it waits for has begun. */
  private async inOrder(): Promise<void> {
    const begun: Promise<void>[] = [];
    const done: Promise<void>[] = [];
    for (const { leaf, after } of prefixOrder(this.job)) {
      const mayGo = after === null ? Promise.resolve() : (begun[after] ?? Promise.resolve());
      let onBegin = (): void => undefined;
      const begins = new Promise<void>((resolve) => {
        onBegin = resolve;
      });
      const one = mayGo.then(() => this.leaf(leaf, onBegin));
      done.push(one);
      // A leaf that fails lets nobody wait; it is the whole job that fails.
      begun.push(Promise.race([begins, one.catch(() => undefined)]));
    }
    await Promise.all(done);
  }

  private async leaf(leaf: Leaf, onBegin?: () => void): Promise<void> {
    const { readout } = leaf;
    if (readout.kind === 'continued') {
      const batches = batchesOf(leaf.streams, Math.max(1, this.model.probed.samples));
      await Promise.all(batches.map((batch) => this.batch(leaf, batch, onBegin)));
      return;
    }
    const { served, probed } = this.model;
    const ask = async (further: readonly number[], request: Partial<CompletionRequest>): Promise<Choice> => {
      const { choices } = await this.complete({
        ...request,
        prompt: promptOf({ job: this.job, leaf, further }, served),
      });
      return this.withoutPrefix(firstOf(choices), leaf);
    };
    const decode = (ids: readonly number[]): string => served.text.decode(ids);
    this.running.queue.push(await readForced(leaf, readout.options, { ability: probed, decode, ask }));
  }

  private async batch(leaf: Leaf, { first, streams }: SampleBatch, onBegin?: () => void): Promise<void> {
    const { readout, sampling } = leaf;
    if (readout.kind !== 'continued') return;
    const { served, probed } = this.model;
    const isDrawn = sampling.temperature > 0;
    const prompt = promptOf({ job: this.job, leaf, further: [] }, served);
    const request: Partial<CompletionRequest> & Pick<CompletionRequest, 'prompt'> = {
      prompt,
      maxTokens: readout.maxTokens,
      sampling,
      seed: isDrawn ? seedOf(streams[0] ?? '') : null,
      n: streams.length,
      stop: readout.stopTexts,
      topLogProbs: isDrawn ? 0 : Math.min(2, probed.topLogProbs),
    };
    const onText = (text: string): void => {
      onBegin?.();
      this.running.queue.push({ type: 'text', leaf: leaf.key, sample: first, text });
    };
    const { choices } = await this.complete(request, onText);
    for (const [at, choice] of choices.entries()) {
      const place = { leaf, readout, sample: first + at, before: prompt.ids };
      const event = await served.settle(() => readContinued(this.withoutPrefix(choice, leaf), place, served.text));
      this.running.queue.push(event);
    }
  }

  private async complete(
    request: Partial<CompletionRequest> & Pick<CompletionRequest, 'prompt'>,
    onText?: (text: string) => void,
  ): Promise<Answer> {
    const { served, pool, probed } = this.model;
    const whole: CompletionRequest = {
      ...plainRequest,
      slot: this.slot,
      model: served.model,
      endIds: served.text.endIds,
      ...request,
    };
    const answer = await pool.complete(whole, {
      signal: this.running.signal,
      preferred: this.home,
      isRepeatable: whole.sampling.temperature === 0 || probed.seeds,
      ...(onText ? { onText } : {}),
    });
    this.tokensAsked += (answer.usage?.promptTokens ?? whole.prompt.ids.length) + (answer.usage?.completionTokens ?? 0);
    this.tokensCached += answer.usage?.cachedTokens ?? 0;
    return answer;
  }

  /** Some chat servers repeat the beginning of the turn; only exactly that is taken off. */
  private withoutPrefix(choice: Choice, leaf: Leaf): Choice {
    const prefix = leaf.chat?.prefix;
    if (!this.model.probed.repeatsPrefix || prefix === undefined || !choice.text.startsWith(prefix)) return choice;
    return { ...choice, text: choice.text.slice(prefix.length) };
  }
}

function firstOf(choices: readonly Choice[]): Choice {
  const [first] = choices;
  if (!first) throw new Error('An answer without a choice.');
  return first;
}
