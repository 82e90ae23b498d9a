import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Job, Leaf, LeafEvent } from '../../../engine/domain/job';
import { heldPrefix } from '../../../engine/lm/heldPrefix';
import { type LoadedModel, runJob } from '../../../engine/lm/jobRun';
import { uniform } from '../../../engine/lm/philox';
import { drawToken, logProbability } from '../../../engine/lm/sampler';
import type { OutputText } from '../../../engine/text/outputText';
import { fakeForward, hashedLogits } from '../../support/fakeForward';

const vocabSize = 24;
const endId = 0;
const sampled = { temperature: 1, topK: 0, topP: 1, minP: 0 };
const greedy = { ...sampled, temperature: 0 };

/** Each id is a letter; id 0 ends a turn. */
const letters = 'abcdefghijklmnopqrstuvwx';
const text = {
  endIds: [endId],
  stream: () => ({ push: (id: number) => letters[id]!, end: () => '' }),
} as unknown as OutputText;

function loaded(options: {
  hidesSlots: boolean;
  slotLimit?: number;
  rows?: number;
  reusesPrefixes?: boolean;
}): LoadedModel & { calls: readonly number[] } {
  const forward = fakeForward({ vocabSize, hidesSlots: options.hidesSlots });
  return {
    forward,
    text,
    contextTokens: 200,
    slotLimit: options.slotLimit ?? 10_000,
    callLimits: { rows: options.rows ?? 64, wanted: 32 },
    reusesPrefixes: options.reusesPrefixes ?? true,
    held: heldPrefix(),
    calls: forward.calls,
  };
}

async function run(model: LoadedModel, job: Job): Promise<LeafEvent[]> {
  const events: LeafEvent[] = [];
  await runJob(model, job, { emit: (event) => events.push(event), signal: new AbortController().signal });
  return events;
}

type Continued = Extract<LeafEvent, { type: 'continued' }>;
const continued = (events: readonly LeafEvent[]): Continued[] =>
  events.filter((event): event is Continued => event.type === 'continued');
const scores = (events: readonly LeafEvent[]): ReadonlyMap<string, readonly number[]> =>
  new Map(events.flatMap((event) => (event.type === 'scored' ? [[event.leaf, event.logProbs] as const] : [])));

/** A continuation written with nothing shared: one whole sequence after another. */
function fromScratch(base: readonly number[], leaf: Leaf, sample: number): number[] {
  const ids: number[] = [];
  const maxTokens = leaf.readout.kind === 'continued' ? leaf.readout.maxTokens : 0;
  while (ids.length < maxTokens && ids.at(-1) !== endId) {
    const logits = hashedLogits([...base, ...ids], vocabSize);
    ids.push(drawToken(logits, leaf.sampling, uniform(leaf.streams[sample]!, ids.length)).id);
  }
  return ids;
}

function scoredFromScratch(base: readonly number[], option: readonly number[]): number {
  return option.reduce(
    (sum, id, index) => sum + logProbability(hashedLogits([...base, ...option.slice(0, index)], vocabSize), id),
    0,
  );
}

/** Jobs like real ones: cuts of a few texts, closed and scored, or left open and continued, some with drafts. */
function randomJob(seed: number): Job {
  let position = 0;
  const random = (below: number): number => Math.floor(uniform(`job ${seed}`, position++) * below);
  const ids = (length: number): number[] => Array.from({ length }, () => 1 + random(vocabSize - 1));
  const texts = [ids(5 + random(30)), ids(3 + random(30))];
  const leaves = Array.from({ length: 1 + random(9) }, (_, index): Leaf => {
    const text = texts[random(2)]!;
    const cut = random(text.length + 1);
    const kept = [...text.slice(0, cut), ...ids(random(3))];
    const common = { key: `leaf ${index}`, sampling: random(2) === 0 ? greedy : sampled };
    const streams = Array.from({ length: 1 + random(4) }, (_value, sample) => `${seed} ${index} ${sample}`);
    if (random(3) === 0) {
      const options = [ids(1 + random(3)), ids(1 + random(3))].map((option, at) => ({ option: `${at}`, ids: option }));
      return { ...common, ids: kept, streams: streams.slice(0, 1), readout: { kind: 'forced', options } };
    }
    const readout = { kind: 'continued', maxTokens: 1 + random(40), stopTexts: [] } as const;
    return { ...common, ids: kept, streams, readout, ...(random(2) === 0 ? { draft: text.slice(cut) } : {}) };
  });
  return { prompt: ids(1 + random(10)), leaves };
}

const models = {
  'as a tree': () => loaded({ hidesSlots: true }),
  'as a tree with little room': () => loaded({ hidesSlots: true, slotLimit: 90, rows: 8 }),
  'each text alone': () => loaded({ hidesSlots: true, reusesPrefixes: false }),
  'with rewinding': () => loaded({ hidesSlots: false, rows: 16 }),
};

for (const [how, make] of Object.entries(models)) {
  test(`random jobs evaluated ${how} equal evaluation from scratch`, async () => {
    const model = make();
    for (let seed = 0; seed < 60; seed++) {
      const job = randomJob(seed);
      const events = await run(model, job);
      for (const leaf of job.leaves) checkLeaf(leaf, job, events);
      assert.equal(events.at(-1)?.type, 'spent');
    }
  });
}

function checkLeaf(leaf: Leaf, job: Job, events: readonly LeafEvent[]): void {
  const base = [...job.prompt, ...leaf.ids];
  if (leaf.readout.kind === 'forced') {
    const expected = leaf.readout.options.map((option) => scoredFromScratch(base, option.ids));
    const found = scores(events).get(leaf.key)!;
    for (const [index, value] of expected.entries()) assert.ok(Math.abs(value - found[index]!) < 1e-9);
    return;
  }
  const own = continued(events).filter((event) => event.leaf === leaf.key);
  assert.equal(own.length, leaf.streams.length);
  for (const event of own) {
    const ids = fromScratch(base, leaf, event.sample);
    assert.deepEqual(event.ids, ids);
    assert.equal(event.finish, ids.at(-1) === endId ? 'stop' : 'length');
    const pieces = events.flatMap((e) =>
      e.type === 'text' && e.leaf === leaf.key && e.sample === event.sample ? [e.text] : [],
    );
    assert.equal(pieces.join(''), event.text);
    assert.equal(
      event.text,
      ids
        .filter((id) => id !== endId)
        .map((id) => letters[id])
        .join(''),
    );
  }
}

function conditionsOf(trace: readonly number[], count: number): Leaf[] {
  return Array.from({ length: count }, (_, index): Leaf => {
    const options = [
      { option: 'yes', ids: [23, 4] },
      { option: 'no', ids: [23, 5] },
    ];
    const ids = [...trace.slice(0, 10 * index), 21, 22];
    return { key: `${index}`, ids, readout: { kind: 'forced', options }, sampling: greedy, streams: ['x'] };
  });
}

test('every shared token is evaluated once, and the next job pays only for what differs', async () => {
  const model = loaded({ hidesSlots: true });
  const trace = Array.from({ length: 100 }, (_, index) => 1 + ((index * 7) % 20));
  const job: Job = { prompt: [9, 8, 7], leaves: conditionsOf(trace, 11) };
  const events = await run(model, job);
  // Prompt, trace, and for each cut two closing ids and the first id that both options share.
  const expected = 3 + 100 + 11 * 3;
  const spent = events.at(-1);
  assert.ok(spent?.type === 'spent');
  assert.equal(spent.tokensEvaluated, expected);
  assert.ok(spent.tokensAsked > 4 * expected);
  const again = (await run(model, job)).at(-1);
  assert.ok(again?.type === 'spent');
  assert.ok(again.tokensEvaluated < expected, 'the prompt is kept');
  assert.equal(again.tokensAsked, spent.tokensAsked);
});

test('a draft changes the cost, not the text', async () => {
  const leaf: Leaf = {
    key: 'a',
    ids: [4, 5, 6],
    readout: { kind: 'continued', maxTokens: 30, stopTexts: [] },
    sampling: greedy,
    streams: ['x'],
  };
  const ids = fromScratch([1, 4, 5, 6], leaf, 0);
  const drafts: Record<string, number[]> = {
    right: ids,
    wrong: [23, 23, 23],
    half: [...ids.slice(0, 5), 23, 22],
    foreign: [9999],
  };
  for (const [name, draft] of Object.entries(drafts)) {
    const model = loaded({ hidesSlots: true });
    const events = await run(model, { prompt: [1], leaves: [{ ...leaf, draft }] });
    assert.deepEqual(continued(events)[0]?.ids, ids, name);
    if (name === 'right') assert.ok(model.calls.length <= 2, 'one pass');
  }
});

test('continuations that write the same are one row until they part', async () => {
  const readout = { kind: 'continued', maxTokens: 12, stopTexts: [] } as const;
  const common = { ids: [4, 5], readout, sampling: greedy } as const;
  const alone = loaded({ hidesSlots: true });
  await run(alone, { prompt: [1], leaves: [{ ...common, key: 'a', streams: ['x'] }] });
  const together = loaded({ hidesSlots: true });
  const leaves: Leaf[] = ['a', 'b', 'c'].map((key) => ({ ...common, key, streams: ['x', 'y', 'z'] }));
  const events = await run(together, { prompt: [1], leaves });
  assert.deepEqual(together.calls, alone.calls);
  assert.equal(continued(events).length, 9);
});

test('where a result depends on the call, each text is one call for its beginning and one a token', async () => {
  const model = loaded({ hidesSlots: true, reusesPrefixes: false, rows: 2 });
  const readout = { kind: 'continued', maxTokens: 3, stopTexts: [] } as const;
  const leaf: Leaf = { key: 'a', ids: [4, 5, 6], readout, sampling: greedy, streams: ['x', 'y'], draft: [1, 2, 3] };
  const written = continued(await run(model, { prompt: [1, 2], leaves: [leaf] })).map(({ ids }) => ids.length);
  const expected = written.flatMap((count) => [5, ...Array.from({ length: count - 1 }, () => 1)]);
  assert.deepEqual(model.calls, expected);
});

test('generation stops after text that contains a stop text, which may span tokens', async () => {
  const leaf = (stopTexts: string[]): Leaf => ({
    key: 'a',
    ids: [4],
    readout: { kind: 'continued', maxTokens: 30, stopTexts },
    sampling: greedy,
    streams: ['x'],
  });
  const model = loaded({ hidesSlots: true });
  const [whole] = continued(await run(model, { prompt: [2], leaves: [leaf([])] }));
  const stop = whole!.text.slice(2, 5);
  const [stopped] = continued(await run(model, { prompt: [2], leaves: [leaf(['never written', stop])] }));
  assert.equal(stopped?.text, whole!.text.slice(0, whole!.text.indexOf(stop) + 3));
  assert.equal(stopped?.finish, 'stop');
});

test('a sequence beyond the context is refused before anything is evaluated, naming both numbers', async () => {
  const model = loaded({ hidesSlots: true });
  const ids = Array.from({ length: 250 }, () => 1);
  const job: Job = { prompt: [1], leaves: [...conditionsOf([], 1), { ...conditionsOf([], 1)[0]!, ids }] };
  await assert.rejects(run(model, job), /251.*200/);
  assert.deepEqual(model.calls, []);
});

test('a generation that reaches the end of the context finishes by length', async () => {
  const model = loaded({ hidesSlots: true });
  const ids = Array.from({ length: 190 }, (_, index) => 1 + (index % 20));
  const readout = { kind: 'continued', maxTokens: 100, stopTexts: [] } as const;
  const leaf: Leaf = { key: 'a', ids, readout, sampling: greedy, streams: ['x'] };
  const [event] = continued(await run(model, { prompt: [1], leaves: [leaf] }));
  assert.equal(event!.ids.length, event!.finish === 'length' ? 9 : fromScratch([1, ...ids], leaf, 0).length);
});

test('ids that the model does not know are refused as a mismatch of files', async () => {
  const leaf = conditionsOf([], 1)[0]!;
  await assert.rejects(run(loaded({ hidesSlots: true }), { prompt: [vocabSize], leaves: [leaf] }), /tokenizer/);
});

test('logits that are not numbers end the job with a sentence', async () => {
  for (const hidesSlots of [true, false]) {
    const model = loaded({ hidesSlots });
    const evaluate: typeof model.forward.evaluate = async (rows) => {
      await model.forward.evaluate(rows);
      return new Float32Array(rows.wanted.length * vocabSize).fill(Number.NaN);
    };
    const broken = { ...model, forward: { ...model.forward, evaluate } };
    await assert.rejects(run(broken, { prompt: [1], leaves: conditionsOf([], 1) }), /NaN/);
  }
});

test('a job stops between two calls when it is cancelled', async () => {
  const model = loaded({ hidesSlots: true, rows: 4 });
  const controller = new AbortController();
  const job: Job = { prompt: Array.from({ length: 100 }, () => 1), leaves: conditionsOf([], 1) };
  const evaluate: typeof model.forward.evaluate = async (rows) => {
    if (model.calls.length === 2) controller.abort();
    return model.forward.evaluate(rows);
  };
  const running = runJob({ ...model, forward: { ...model.forward, evaluate } }, job, {
    emit: () => undefined,
    signal: controller.signal,
  });
  await assert.rejects(running, { name: 'CancelledError' });
  assert.equal(model.calls.length, 3);
  assert.equal((await run(model, job)).at(-1)?.type, 'spent', 'the model can be used again');
});
