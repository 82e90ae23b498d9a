// Real graphs in both layouts: what re-use of prefixes computes is what evaluation from the first token computes.
import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Job, Leaf, LeafEvent } from '../../../engine/domain/job';
import { runJob } from '../../../engine/lm/jobRun';
import type { OpenedModel } from '../../../engine/lm/loadModel';
import { uniform } from '../../../engine/lm/philox';
import { drawToken, logProbability } from '../../../engine/lm/sampler';
import { loadModelText } from '../../../engine/text/loadModelText';
import type { ModelText } from '../../../engine/text/modelText';
import { bundledModel, fixtureModels, logitsFromScratch, tinyModels } from '../../support/localModel';
import { openModel } from '../../support/openModel';

const options = { threads: 1, cacheBytes: 2 ** 30 };
const greedy = { temperature: 0, topK: 0, topP: 1, minP: 0 };
const warm = { temperature: 1, topK: 0, topP: 1, minP: 0 };

async function run(opened: OpenedModel, job: Job): Promise<LeafEvent[]> {
  const events: LeafEvent[] = [];
  await runJob(opened.model, job, { emit: (event) => events.push(event), signal: new AbortController().signal });
  return events;
}

/** A loan conversation cut at several places, as the default conditions do. */
function exampleJob(modelText: ModelText): Job & { readonly trace: readonly number[] } {
  const messages = [
    { role: 'user', content: 'Applicant: a nurse of 34, income $52,000. She asks for $9,000. Approve or reject?' },
  ];
  const prompt = modelText.encode(modelText.render(messages)).ids;
  const trace = modelText.encode('The income is stable. I lean to approve. The sum is small, so approve.').ids;
  const close = modelText.encode(modelText.reasoningTags.close).ids;
  const cuts = [0, 0.3, 0.5, 1].map((share) => Math.floor(share * trace.length));
  const scored = cuts.map((cut): Leaf => {
    const readout = {
      kind: 'forced',
      options: ['approve', 'reject', 'approve it'].map((option) => ({ option, ids: modelText.encode(option).ids })),
    } as const;
    return { key: `closed ${cut}`, ids: [...trace.slice(0, cut), ...close], readout, sampling: greedy, streams: ['x'] };
  });
  const readout = { kind: 'continued', maxTokens: 16, stopTexts: [] } as const;
  const written = cuts.map((cut, index): Leaf => {
    const draft = trace.slice(cut);
    const common = { key: `open ${cut}`, ids: trace.slice(0, cut), readout, draft };
    return index % 2 === 0
      ? { ...common, sampling: greedy, streams: ['x'] }
      : { ...common, sampling: warm, streams: ['one', 'two', 'three'] };
  });
  return { prompt, leaves: [...scored, ...written], trace };
}

const folders = [...tinyModels().map((name) => path.join(fixtureModels, name)), bundledModel];

for (const folder of folders) {
  describe(path.relative(path.dirname(path.dirname(folder)), folder), () => {
    let opened: OpenedModel;
    let modelText: ModelText;
    before(async () => {
      modelText = await loadModelText(folder);
      opened = await openModel(folder, options);
    });
    after(() => opened.release());

    test('a job equals evaluating each of its leaves from the first token', async () => {
      const job = exampleJob(modelText);
      const events = await run(opened, job);
      opened.model.held.set([]);
      for (const leaf of job.leaves) await checkLeaf(opened, { ...leaf, ids: [...job.prompt, ...leaf.ids] }, events);
    });

    test('only full precision and what is computed in it promise the same tokens', () => {
      assert.equal(opened.exact, !/fp16|int8/.test(folder));
    });

    test('the same job twice gives the same events, whatever ran in between', async () => {
      const job = exampleJob(modelText);
      opened.model.held.set([]);
      const once = await run(opened, job);
      await run(opened, { prompt: job.prompt.slice(0, 3), leaves: job.leaves.slice(5) });
      const again = await run(opened, job);
      const texts = (events: LeafEvent[]) =>
        events.flatMap((e) => (e.type === 'continued' ? [[e.leaf, e.sample, e.ids]] : []));
      assert.deepEqual(texts(again).sort(), texts(once).sort());
    });

    test('a sampled text does not depend on the other leaves of its job', async () => {
      const job = exampleJob(modelText);
      const leaf = job.leaves.find(({ streams }) => streams.length === 3)!;
      const inCompany = idsOf(await run(opened, job), leaf.key);
      for (const [sample, stream] of leaf.streams.entries()) {
        const { draft: _, ...plain } = leaf;
        const alone = await run(opened, { prompt: job.prompt, leaves: [{ ...plain, streams: [stream] }] });
        assert.deepEqual(idsOf(alone, leaf.key)[0], inCompany[sample]);
      }
      assert.notDeepEqual(inCompany[0], inCompany[1]);
    });

    test('the options take at most all of the probability', async () => {
      for (const event of await run(opened, exampleJob(modelText))) {
        if (event.type !== 'scored') continue;
        // 'approve it' begins with 'approve'; the first two options exclude each other.
        const [approve, reject, approveIt] = event.logProbs.map(Math.exp);
        assert.ok(approve! + reject! > 0 && approve! + reject! <= 1 + 1e-6);
        assert.ok(approveIt! > 0 && approveIt! + reject! <= 1 + 1e-6);
      }
    });
  });
}

function idsOf(events: readonly LeafEvent[], leaf: string): (readonly number[])[] {
  const found = events.flatMap((event) => (event.type === 'continued' && event.leaf === leaf ? [event] : []));
  return found.sort((a, b) => a.sample - b.sample).map(({ ids }) => ids);
}

/** `leaf.ids` include the prompt here. */
async function checkLeaf({ model, exact }: OpenedModel, leaf: Leaf, events: readonly LeafEvent[]): Promise<void> {
  if (leaf.readout.kind === 'continued') {
    // Halves and rounded products promise no equal tokens, and say so: `exact` is false.
    if (!exact) return;
    for (const [sample, stream] of leaf.streams.entries()) {
      const found = idsOf(events, leaf.key)[sample]!;
      for (const [index, id] of found.entries()) {
        const logits = await logitsFromScratch(model.forward, [...leaf.ids, ...found.slice(0, index)]);
        assert.equal(id, drawToken(logits, leaf.sampling, uniform(stream, index)).id, `${leaf.key}, token ${index}`);
      }
    }
    return;
  }
  const event = events.find((one) => one.type === 'scored' && one.leaf === leaf.key);
  assert.ok(event?.type === 'scored');
  for (const [at, option] of leaf.readout.options.entries()) {
    let expected = 0;
    for (const [index, id] of option.ids.entries())
      expected += logProbability(
        await logitsFromScratch(model.forward, [...leaf.ids, ...option.ids.slice(0, index)]),
        id,
      );
    const tolerance = exact ? 1e-4 : 0.1 + 0.02 * Math.abs(expected);
    assert.ok(
      Math.abs(expected - event.logProbs[at]!) < tolerance,
      `${leaf.key}: ${expected} and ${event.logProbs[at]}`,
    );
  }
}
