// Makes traces that the 135-million-parameter model wrote itself about the sample loan applications: its own reasoning, in the record's
// frame, and the answer that it then finds most likely. Made once, in the cache folder. Knows nothing of what is tested with them.
import fs from 'node:fs';
import path from 'node:path';
import { openLocalBackend } from '../../engine/backends/local';
import type { Job, LeafEvent } from '../../engine/domain/job';
import { greedy } from '../../engine/domain/run';
import { openKnownFile } from '../../engine/service/fileQueries';
import type { ModelText } from '../../engine/text/modelText';
import { runToEnd } from './localModel';
import { madeOnce } from './madeOnce';
import { cacheFolder, projectRoot } from './paths';
import { prepareRealModel } from './realModel';

const count = 40;
const reasoningTokens = 40;
const closing = '\n</reasoning>\n\n<recommendation>\n';
const options = ['approve', 'reject'];

/** A JSON-lines file of chat records by `smollm2`. */
export async function ownLoanTraces(): Promise<string> {
  const model = await prepareRealModel();
  const name = `loans-by-${path.basename(model)}-${count}`;
  const folder = await madeOnce(path.join(cacheFolder(), name), async (scratch) => {
    const { backend, text } = await openLocalBackend(model);
    try {
      const lines: string[] = [];
      const file = await openKnownFile(path.join(projectRoot, 'samples/loans-mixed.jsonl'));
      for await (const { messages } of file.examples({ offset: 0, limit: count })) {
        const run = (job: Job): Promise<readonly LeafEvent[]> => runToEnd(backend, job);
        const content = await writeTurn(text.render(messages), text, run);
        const turn = [...messages, { role: 'assistant', content }];
        lines.push(JSON.stringify({ model: 'smollm2', temperature: 0, messages: turn }));
      }
      fs.writeFileSync(path.join(scratch, 'loans.jsonl'), `${lines.join('\n')}\n`);
    } finally {
      await backend.dispose();
    }
  });
  return path.join(folder, 'loans.jsonl');
}

type Run = (job: Job) => Promise<readonly LeafEvent[]>;

async function writeTurn(prompt: string, text: ModelText, run: Run): Promise<string> {
  const opened = text.encode(`${prompt}<reasoning>\n`).ids;
  const readout = { kind: 'continued', maxTokens: reasoningTokens, stopTexts: [] } as const;
  const written = await run(jobOf(opened, readout));
  const event = written.find((one) => one.type === 'continued');
  const [reasoning = ''] = (event?.type === 'continued' ? event.text : '').trim().split(/\s*</);
  const turn = `<reasoning>\n${reasoning}${closing}`;
  const ids = text.encode(prompt + turn).ids;
  const scored = options.map((option) => ({ option, ids: text.encodeAfter(ids, option).ids }));
  const [answer] = await run(jobOf(ids, { kind: 'forced', options: scored }));
  const logProbs = answer?.type === 'scored' ? answer.logProbs : [];
  const best = options[logProbs.indexOf(Math.max(...logProbs))];
  return `${turn}${best}\n</recommendation>`;
}

const jobOf = (ids: readonly number[], readout: Job['leaves'][number]['readout']): Job => ({
  prompt: ids.slice(0, -1),
  leaves: [{ key: 'one', ids: ids.slice(-1), readout, sampling: greedy, streams: ['one'] }],
});
