// Makes traces that the 135-million-parameter model wrote itself about loan applications: short ones, after two worked examples that show it
// the form, so that three engines can run them all within minutes. Made once, in the cache folder. Knows nothing of what is tested with them.
import fs from 'node:fs';
import path from 'node:path';
import { openLocalBackend } from '../../engine/backends/local';
import type { Job } from '../../engine/domain/job';
import type { ModelText } from '../../engine/text/modelText';
import { runToEnd } from './localModel';
import { madeOnce } from './madeOnce';
import { cacheFolder } from './paths';
import { prepareRealModel } from './realModel';

/** Changes when anything below does: the cache holds what was made with it. */
const edition = 3;
const count = 60;
const opening = '<think>\n';
const closing = '\n</think>\n\nAnswer: ';
const wellFormed = /^[^<]+\n<\/think>\n\nAnswer: (yes|no)$/;

type Message = { readonly role: string; readonly content: string };

/**
 * Under roles of their own, so that no reader takes the worked examples for the model's turns. In this order the model is of two minds, and
 * what is cut away shows.
 */
const shown: readonly Message[] = [
  { role: 'system', content: 'You decide about loans. Think briefly, then answer.' },
  { role: 'example_user', content: 'Mexican driver, 61: earns 41k, spends 47k, wants 9k.' },
  { role: 'example_assistant', content: `${opening}They spend more than they earn.${closing}no` },
  { role: 'example_user', content: 'Irish nurse, 35: earns 58k, spends 44k, wants 3k.' },
  { role: 'example_assistant', content: `${opening}Much of the income is left each year.${closing}yes` },
];

const jobs = ['teacher', 'driver', 'nurse', 'cook', 'lawyer', 'clerk', 'painter', 'farmer'];

/** Every applicant another one; the strides have no divisor in common with the ranges. */
function applicant(at: number): string {
  const income = 30 + ((at * 17) % 45);
  const spending = income - 12 + ((at * 13) % 22);
  const nationality = at % 2 === 0 ? 'American' : 'Canadian';
  return `${nationality} ${jobs[(at * 3) % 8]}, ${20 + ((at * 23) % 55)}: earns ${income}k, spends ${spending}k, wants ${1 + ((at * 5) % 12)}k.`;
}

/** A JSON-lines file of chat records by `smollm2`. Drawn, so that traces differ; those that lost the form are left out. */
export async function ownLoanTraces(): Promise<string> {
  const model = await prepareRealModel();
  const name = `loans-by-${path.basename(model)}-${count}-${edition}`;
  const folder = await madeOnce(path.join(cacheFolder(), name), async (scratch) => {
    const { backend, text } = await openLocalBackend(model);
    try {
      const prompts = Array.from({ length: count }, (_, at) => [...shown, { role: 'user', content: applicant(at) }]);
      const written = new Map<string, string>();
      for (const event of await runToEnd(backend, jobOf(prompts, text))) {
        if (event.type === 'continued') written.set(event.leaf, event.text);
      }
      const lines = prompts.flatMap((messages, at) => {
        const said = written.get(String(at)) ?? '';
        if (!wellFormed.test(said)) return [];
        return [
          JSON.stringify({ model: 'smollm2', messages: [...messages, { role: 'assistant', content: opening + said }] }),
        ];
      });
      fs.writeFileSync(path.join(scratch, 'loans.jsonl'), `${lines.join('\n')}\n`);
    } finally {
      await backend.dispose();
    }
  });
  return path.join(folder, 'loans.jsonl');
}

/** All applicants as leaves of one job: what is shown to the model is evaluated once. */
function jobOf(prompts: readonly (readonly Message[])[], text: ModelText): Job {
  const encoded = prompts.map((messages) => text.encode(text.render(messages) + opening).ids);
  const first = encoded[0] ?? [];
  const parted = first.findIndex((id, at) => encoded.some((ids) => ids[at] !== id));
  return {
    prompt: first.slice(0, parted),
    leaves: encoded.map((ids, at) => ({
      key: String(at),
      ids: ids.slice(parted),
      readout: { kind: 'continued', maxTokens: 40, stopTexts: [] },
      sampling: { temperature: 0.7, topK: 0, topP: 1, minP: 0 },
      streams: [`own ${at}`],
    })),
  };
}
