// A server that keeps what it has read once a slot: an example keeps to one, and no two examples meet on it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CompletionRequest, ServerFacts } from '../../../../engine/backends/completions/dialect';
import { llamaCpp } from '../../../../engine/backends/completions/dialects/llamaCpp';
import type { Endpoint } from '../../../../engine/backends/completions/endpoint';
import { EndpointPool } from '../../../../engine/backends/completions/endpointPool';
import { openServed } from '../../../../engine/backends/completions/openServed';
import { plainRequest } from '../../../../engine/backends/completions/requests';
import { ServerError } from '../../../../engine/backends/completions/serverError';
import { SlotLeases } from '../../../../engine/backends/completions/slotLeases';
import type { Job } from '../../../../engine/domain/job';
import { greedy } from '../../../../engine/domain/run';
import { loadModelText } from '../../../../engine/text/loadModelText';
import { fakeDialects } from '../../../support/fakeDialects';
import { startFakeServer } from '../../../support/fakeServer';
import { bundledModel, runToEnd } from '../../../support/localModel';

const { signal } = new AbortController();

test('slots are given in order of asking, to one at a time', async () => {
  const slots = new SlotLeases(2);
  const [first, second] = [await slots.enter(1, signal), await slots.enter(1, signal)];
  assert.deepEqual([first.slot, second.slot], [0, 1]);
  const order: string[] = [];
  const third = slots.enter(1, signal).then((lease) => order.push(`third on ${lease.slot}`));
  const fourth = slots.enter(1, signal).then((lease) => order.push(`fourth on ${lease.slot}`));
  assert.equal(slots.load, 2);
  second.leave();
  await third;
  first.leave();
  await fourth;
  assert.deepEqual(order, ['third on 1', 'fourth on 0']);
});

test('who draws several samples a request takes as many, at most all, and is not overtaken', async () => {
  const slots = new SlotLeases(4);
  const one = await slots.enter(1, signal);
  const order: string[] = [];
  const wide = slots.enter(8, signal).then((lease) => {
    order.push('wide');
    return lease;
  });
  const narrow = slots.enter(1, signal).then(() => order.push('narrow'));
  one.leave();
  (await wide).leave();
  await narrow;
  assert.deepEqual(order, ['wide', 'narrow']);
});

test('who gives up waiting lets those behind go', async () => {
  const slots = new SlotLeases(1);
  const { leave } = await slots.enter(1, signal);
  const cancel = new AbortController();
  const waiting = slots.enter(1, cancel.signal);
  const next = slots.enter(1, signal);
  cancel.abort();
  await assert.rejects(waiting, { name: 'CancelledError' });
  leave();
  assert.equal((await next).slot, 0);
});

test('a count of slots that cannot be is none', () => {
  const told = (slots: unknown) => llamaCpp.slots?.({ props: { total_slots: slots } } as unknown as ServerFacts);
  assert.deepEqual([told(4), told(1)], [4, 1]);
  assert.deepEqual([-1, 0, 1.5, 1e12, '4', undefined].map(told), [null, null, null, null, null, null]);
});

test('a request that goes to another endpoint names no slot of the first', async () => {
  const asked: (number | null)[] = [];
  const endpointThat = (answers: boolean) => {
    const endpoint = {
      downForMs: 0,
      load: 0,
      failed: () => {
        endpoint.downForMs = 60_000;
      },
      send: async ({ slot }: CompletionRequest) => {
        asked.push(slot);
        if (!answers) throw new ServerError('unreachable', 'gone');
        return { usage: null };
      },
    };
    return endpoint;
  };
  const [home, other] = [endpointThat(false), endpointThat(true)] as unknown as [Endpoint, Endpoint];
  const request = { ...plainRequest, slot: 3 } as CompletionRequest;
  await new EndpointPool([home, other]).complete(request, { signal, preferred: home, isRepeatable: true });
  assert.deepEqual(asked, [3, null]);
});

const jobs = 9;
const leaves = 3;

test('the requests of an example go to one slot, one after the other, and nobody comes between them', async () => {
  const wire = fakeDialects['llama.cpp'];
  assert.ok(wire);
  const text = await loadModelText(bundledModel);
  const server = await startFakeServer({ text, wire, answerMs: 5 });
  try {
    const spec = { endpoints: [server.url], tokenizer: bundledModel, dialect: 'auto', maxInFlight: 32 };
    const { backend } = await openServed('fake', spec);
    assert.equal(backend.maxInFlight, 4, 'as many examples at once as there are slots');
    const tried = server.bodies.length;
    await Promise.all(Array.from({ length: jobs }, (_, at) => runToEnd(backend, jobOf(at))));
    const met = new Map<number | undefined, number[]>();
    for (const { slot, prompt } of server.bodies.slice(tried))
      met.set(slot, [...(met.get(slot) ?? []), prompt[0] ?? 0]);
    assert.deepEqual([...met.keys()].sort(), [0, 1, 2, 3]);
    const examples = [...met.values()].flatMap((seen) => seen.filter((one, at) => one !== seen[at - 1]));
    assert.equal(examples.length, jobs, 'each example stands in one piece');
    assert.equal(server.bodies.length, tried + jobs * leaves);
  } finally {
    await server.close();
  }
});

const jobOf = (at: number): Job => ({
  prompt: [100 + at, 4, 5, 6],
  leaves: Array.from({ length: leaves }, (_, leaf) => ({
    key: `leaf ${leaf}`,
    ids: [20 + leaf],
    readout: { kind: 'continued', maxTokens: 4, stopTexts: [] },
    sampling: greedy,
    streams: [`${at} ${leaf}`],
  })),
});
