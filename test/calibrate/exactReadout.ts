// Exact option probabilities of the frozen and the half-closed trace, worked out without the experiment's own planning: tokens are counted
// off from the whole text as the record has it, its closing text follows, and each option is scored behind that. A run must give the same.
import { openLocalBackend } from '../../engine/backends/local';
import type { Example } from '../../engine/domain/example';
import { openKnownFile } from '../../engine/service/fileQueries';
import type { OutcomeLine } from '../support/cli';
import { bundledModel, runToEnd } from '../support/localModel';
import type { Organism } from './organism';

const readConditions = ['frozen', 'half-closed'] as const;
type ReadCondition = (typeof readConditions)[number];

/** Log probabilities of the options, by condition. */
export type ExactReadout = { readonly example: string } & Readonly<Record<ReadCondition, readonly number[]>>;

const options = ['approve', 'reject'];
const sampling = { temperature: 0, topK: 0, topP: 1, minP: 0 };

type Engine = Awaited<ReturnType<typeof openLocalBackend>>;

/** Of the first examples of a sample file. */
export async function exactReadouts({ file: path }: Organism, limit: number): Promise<readonly ExactReadout[]> {
  const file = await openKnownFile(path);
  const engine = await openLocalBackend(bundledModel);
  const found: ExactReadout[] = [];
  try {
    for await (const example of file.examples({ offset: 0, limit })) {
      const { frozen, half } = idsOf(engine, example);
      found.push({
        example: example.id,
        frozen: await scoreOptions(engine, frozen),
        'half-closed': await scoreOptions(engine, half),
      });
    }
  } finally {
    await engine.backend.dispose();
  }
  return found;
}

/** Everything before the answer: the record's own ids, and those with only the first half of the reasoning's. */
function idsOf({ text }: Engine, { messages, trace, answer }: Example) {
  const { frame, reasoning, answerText } = trace;
  if (!frame || !answer) throw new Error('A loan record has its tags and its answer.');
  const head = text.render(messages) + frame.before + frame.open;
  const closing = frame.close + answerText.slice(0, answer.range.start);
  const whole = text.encode(head + reasoning + closing);
  const before = whole.ends.filter((end) => end <= head.length).length;
  const within = whole.starts.filter((start) => start >= head.length && start < head.length + reasoning.length).length;
  const kept = whole.ids.slice(0, before + Math.floor(within / 2));
  return { frozen: whole.ids, half: [...kept, ...text.encodeAfter(kept, `\n${closing}`).ids] };
}

async function scoreOptions({ backend, text }: Engine, ids: readonly number[]): Promise<readonly number[]> {
  const own = options.map((option) => ({ option, ids: text.encodeAfter(ids, option).ids }));
  const leaf = { key: 'exact', ids, readout: { kind: 'forced', options: own }, sampling, streams: ['x'] } as const;
  for (const event of await runToEnd(backend, { prompt: [], leaves: [leaf] })) {
    if (event.type === 'scored') return event.logProbs;
  }
  throw new Error('The engine ended a job without its scores.');
}

/** Largest difference of a log probability between a run's condition and the exact one; infinite where the run has none. */
export function largestDifference(
  exact: readonly ExactReadout[],
  outcomes: readonly OutcomeLine[],
  condition: ReadCondition,
): number {
  const lines = new Map(outcomes.filter((line) => line.condition === condition).map((line) => [line.example, line]));
  const differences = exact.flatMap((one) => {
    const probabilities = lines.get(one.example)?.probabilities;
    return options.map((option, index) =>
      Math.abs(Math.log(probabilities?.[option] ?? 0) - (one[condition][index] ?? 0)),
    );
  });
  return Math.max(...differences);
}

export const exactlyRead = readConditions;
