// Owns the folder that is opened: the sample's traces, long ones made of them, and the large run. Must not know what is measured on them.
import fs from 'node:fs';
import path from 'node:path';
import { stepsOf } from '../../engine/domain/steps';
import { loadModelText } from '../../engine/text/loadModelText';
import { bundledModel } from '../support/localModel';
import { projectRoot } from '../support/paths';
import { writeLargeRun } from './largeRun';

export const largeExamples = 100_000;
export const traceTokens = 300;

export type LongTrace = { readonly tokens: number; readonly steps: number };

export type WorkbenchFolder = {
  readonly workspace: string;
  readonly sample: string;
  /** A file of examples whose reasoning is long, and what each holds. */
  readonly long: string;
  readonly traces: readonly LongTrace[];
  /** The run's log. */
  readonly logBytes: number;
};

type RecordLine = { readonly prompt: string; readonly response: string };

/** @param traces how many long ones there are to be */
export async function makeFolder(workspace: string, traces: number): Promise<WorkbenchFolder> {
  const [sample, long] = ['loans-mixed.jsonl', 'long.jsonl'];
  fs.copyFileSync(path.join(projectRoot, 'samples', sample), path.join(workspace, sample));
  const lines = fs.readFileSync(path.join(workspace, sample), 'utf8').trim().split('\n');
  const text = await loadModelText(bundledModel);
  const made = Array.from({ length: traces }, (_, index) => {
    const tenRecords = lines.slice(10 * index, 10 * index + 10).map((line) => JSON.parse(line) as RecordLine);
    return longTrace(tenRecords, (reasoning) => text.encode(reasoning).ids.length);
  });
  // Both answers and both values of the attribute that is swapped are in the records behind them.
  const records = [...made.map(({ record }) => JSON.stringify(record)), ...lines];
  fs.writeFileSync(path.join(workspace, long), `${records.join('\n')}\n`);
  const dir = await writeLargeRun(
    path.join(workspace, sample),
    path.join(workspace, '.counterthought', 'runs'),
    largeExamples,
  );
  const logBytes = fs.statSync(path.join(dir, 'events.jsonl')).size;
  return { workspace, sample, long, traces: made, logBytes };
}

/** The first record with the sentences of the others behind its own, as many as make the tokens. */
function longTrace(
  records: readonly RecordLine[],
  count: (text: string) => number,
): LongTrace & { readonly record: RecordLine } {
  const [first] = records;
  if (!first) throw new Error('The sample has too few records.');
  const sentences = records.flatMap(({ response }) => {
    const reasoning = /<reasoning>\n([\s\S]*?)\n<\/reasoning>/.exec(response)?.[1] ?? '';
    return stepsOf(reasoning).map(({ start, end }) => reasoning.slice(start, end).trim());
  });
  let reasoning = sentences.shift() ?? '';
  for (const sentence of sentences) {
    if (count(reasoning) >= traceTokens) break;
    reasoning = `${reasoning} ${sentence}`;
  }
  const response = first.response.replace(
    /<reasoning>[\s\S]*?<\/reasoning>/,
    () => `<reasoning>\n${reasoning}\n</reasoning>`,
  );
  return { record: { ...first, response }, tokens: count(reasoning), steps: stepsOf(reasoning).length };
}
