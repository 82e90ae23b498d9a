// Each check finds what it is for: a model with that one thing wrong fails it, and it alone.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Backend, Job, LeafEvent } from '../../../engine/backends/backend';
import { openLocalBackend } from '../../../engine/backends/local';
import { UserError } from '../../../engine/domain/failure';
import type { LoadedModel } from '../../../engine/service/backends';
import type { Finding } from '../../../engine/service/doctor/check';
import { examine } from '../../../engine/service/doctor/examine';
import { temporaryFolder } from '../../support/cli';
import { fixtureModels } from '../../support/localModel';

const place = path.join(fixtureModels, 'tiny-qwen2-gqa');
const never = new AbortController().signal;

async function findings(model: LoadedModel, folder: string | null = null): Promise<readonly Finding[]> {
  const all: Finding[] = [];
  for await (const finding of examine(model, folder, never)) all.push(finding);
  return all;
}

const failures = (all: readonly Finding[]): readonly string[] =>
  all.filter(({ verdict }) => verdict === 'failed').map(({ check }) => check);

describe('the checks of a model', () => {
  let sound: LoadedModel;
  before(async () => {
    sound = await openLocalBackend(place);
  });
  after(() => sound.backend.dispose());

  const withText = (text: Partial<LoadedModel['text']>): LoadedModel => ({
    ...sound,
    text: { ...sound.text, ...text },
  });
  const withEvents = (change: (event: LeafEvent, job: Job, count: number) => LeafEvent): LoadedModel => {
    let jobs = 0;
    async function* run(job: Job, signal: AbortSignal): AsyncGenerator<LeafEvent> {
      const count = ++jobs;
      for await (const event of sound.backend.run(job, signal)) yield change(event, job, count);
    }
    const backend: Backend = { ...sound.backend, run };
    return { ...sound, backend };
  };

  it('pass a sound one, and tell how it is evaluated', async () => {
    const all = await findings(sound, place);
    assert.deepEqual(failures(all), []);
    const says = (check: string): string => all.find((one) => one.check === check)?.says ?? '';
    assert.match(says('recorded ids'), /9 texts have the ids that reference\.json records/);
    assert.match(says('evaluation'), /gqa layout, fp32;.*prefixes are re-used/);
    assert.match(says('speed'), /reads [\d,]+ tokens per second/);
  });

  it('find a template that leaves out the prompt, and none at all', async () => {
    assert.ok(failures(await findings(withText({ render: () => '<s>' }))).includes('template'));
    const missing = withText({
      render: () => {
        throw new UserError('It has no chat template.');
      },
    });
    const found = (await findings(missing)).find(({ check }) => check === 'template');
    assert.deepEqual(found, { check: 'template', verdict: 'failed', says: 'It has no chat template.' });
  });

  it('find that nothing ends a turn', async () => {
    assert.deepEqual(failures(await findings(withText({ endIds: [] }))), ['special tokens']);
  });

  it('find texts that are not given back', async () => {
    const { decode } = sound.text;
    const all = await findings(withText({ decode: (ids) => decode(ids).replace(/\t/g, ' ') }));
    assert.deepEqual(failures(all), ['round trip']);
    assert.match(all.find(({ check }) => check === 'round trip')?.says ?? '', /1 of 10 .*tab\\t.* becomes/);
  });

  it('find other ids than those recorded, and a record that is none', async () => {
    const folder = temporaryFolder();
    const file = path.join(folder, 'reference.json');
    fs.writeFileSync(file, JSON.stringify({ texts: [{ text: 'a', ids: [1, 2, 3] }] }));
    assert.deepEqual(failures(await findings(sound, folder)), ['recorded ids']);
    fs.writeFileSync(file, '{"texts": 5}');
    assert.deepEqual(failures(await findings(sound, folder)), ['recorded ids']);
    fs.rmSync(folder, { recursive: true });
  });

  it('find a model that does not repeat itself', async () => {
    const fickle = withEvents((event, _, count) =>
      event.type === 'continued' ? { ...event, ids: [...event.ids, count] } : event,
    );
    assert.deepEqual(failures(await findings(fickle)), ['greedy, twice']);
  });

  it('find numbers that depend on what is evaluated together', async () => {
    const leaking = withEvents((event, job) =>
      event.type === 'scored' && job.leaves.length > 1
        ? { ...event, logProbs: event.logProbs.map((one) => one - 0.01) }
        : event,
    );
    assert.deepEqual(failures(await findings(leaking)), ['together, alone']);
    const { capabilities } = sound.backend;
    const coarse = { ...leaking, backend: { ...leaking.backend, capabilities: { ...capabilities, exact: false } } };
    assert.deepEqual(failures(await findings(coarse)), []);
    const broken = withEvents((event) =>
      event.type === 'scored' ? { ...event, logProbs: event.logProbs.map(() => Number.NaN) } : event,
    );
    assert.deepEqual(failures(await findings(broken)), ['together, alone']);
  });
});
