// One fixed piece of work over a served model, with the server's own tokenizer: what recordings of real servers hold, and what real servers
// are asked again. Knows nothing of who answers.
import { openServed } from '../../engine/backends/completions/openServed';
import type { Job, LeafEvent } from '../../engine/domain/job';
import { greedy, type ModelRecord } from '../../engine/domain/run';
import { runToEnd } from './localModel';

export type ServedSample = {
  readonly dialect: string;
  readonly engine: string;
  readonly contextTokens: number;
  readonly probed: Readonly<Record<string, unknown>>;
  readonly reasoningTags: { readonly open: string; readonly close: string };
  readonly prompt: string;
  readonly events: readonly LeafEvent[];
};

const messages = [{ role: 'user', content: 'Is ice cold? Answer yes or no.' }];
const thought = '<think>\nIce is frozen water — 冰 is cold.\n</think>\n\nThe answer is';

/** Opens the model, which tries the server, and has it score, write and draw. */
export async function servedSample(url: string): Promise<ServedSample> {
  const spec = { endpoints: [url], tokenizer: 'server', dialect: 'auto', maxInFlight: 1 };
  const { backend, text, settle } = await openServed('smollm2', spec);
  const prompt = await settle(() => text.render(messages));
  const job = await settle(() => jobOf(text.encode(prompt + thought).ids, (option) => text.encode(option).ids));
  const events = await runToEnd(backend, job);
  const { server } = backend.model as ModelRecord & { server: NonNullable<ModelRecord['server']> };
  return {
    dialect: server.dialect,
    engine: server.endpoints[0]?.engine ?? '',
    contextTokens: backend.capabilities.contextTokens,
    probed: server.endpoints[0]?.probed ?? {},
    reasoningTags: text.reasoningTags,
    prompt,
    events: events.filter(({ type }) => type !== 'text' && type !== 'spent').sort(byLeaf),
  };
}

const byLeaf = (a: LeafEvent, b: LeafEvent): number => JSON.stringify(a).localeCompare(JSON.stringify(b));

function jobOf(ids: readonly number[], optionIds: (option: string) => readonly number[]): Job {
  const options = [' yes', ' no', ' not at all'].map((option) => ({ option, ids: optionIds(option) }));
  const end = { prompt: ids.slice(0, -2), ids: ids.slice(-2) };
  const continued = (maxTokens: number, stopTexts: readonly string[]) =>
    ({ kind: 'continued', maxTokens, stopTexts }) as const;
  return {
    prompt: end.prompt,
    leaves: [
      { key: 'scored', ids: end.ids, readout: { kind: 'forced', options }, sampling: greedy, streams: ['s'] },
      { key: 'written', ids: end.ids, readout: continued(6, []), sampling: greedy, streams: ['w'] },
      { key: 'stopped', ids: end.ids, readout: continued(24, ['.']), sampling: greedy, streams: ['w'] },
      {
        key: 'drawn',
        ids: end.ids,
        readout: continued(5, []),
        sampling: { ...greedy, temperature: 1, topK: 40, topP: 0.9 },
        streams: ['a', 'b'],
      },
    ],
  };
}
