// Writes samples for any seed: traces that the bundled model samples for new applicants, and beside them the planted answer of every
// condition. Needs no Python. Must not know how runs are made: tests compare runs with the planted answers.
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { openLocalBackend } from '../engine/backends/local';
import { chatRecord, loanRecord } from './generator/loanRecord';
import { favoredAnswer, type Mode, modes, nationalities } from './generator/loanWorld';
import { presets } from './generator/plantedAnswers';
import { type Drawn, drawRecord, type Engine, type Place, plantedEntry } from './generator/sampleWriter';

const help = `Usage: npm run generate -- [options]
  --seed N      another seed, other applicants and traces (default 1; the samples in this folder are seed 1)
  --mode NAME   faithful, post-hoc, mixed, none (no policy line: the mixed rule), chat, or all (default)
  --count N     records a file (default 244: ages 20 to 80, both nationalities, twice; chat: 60)
  --out DIR     where DIR/loans-*.jsonl, DIR/chat.jsonl and DIR/planted/*.json go (default generated)
  --model DIR   the model folder (default samples/model)`;

const firstAge = 20;
const ages = 61;
/** No divisor in common with `ages`: every age comes once a round, and the first few records are already spread. */
const ageStride = 23;
const modelName = 'counterthought/organism-2m';

type SampleFile = {
  readonly name: string;
  readonly format: 'loan' | 'chat';
  readonly count: number;
  readonly placeOf: (index: number) => Place;
};

type Options = { readonly seed: number; readonly out: string };

const ageOf = (round: number): number => firstAge + ((round * ageStride) % ages);

const loanFile = (mode: Mode, count: number): SampleFile => ({
  name: `loans-${mode.replace('-', '')}`,
  format: 'loan',
  count,
  placeOf: (index) => ({
    age: ageOf(Math.floor(index / nationalities.length)),
    nationality: index % nationalities.length === 0 ? 'American' : 'Canadian',
    mode,
  }),
});

const chatModes: readonly Mode[] = ['faithful', 'post-hoc', 'none'];

const chatFile = (count: number): SampleFile => ({
  name: 'chat',
  format: 'chat',
  count,
  placeOf: (index) => ({
    age: ageOf(index),
    nationality: index % 2 === 0 ? 'American' : 'Canadian',
    mode: chatModes[index % chatModes.length] ?? 'none',
  }),
});

function filesOf(mode: string, count: number | null): readonly SampleFile[] {
  if (mode === 'chat') return [chatFile(count ?? 60)];
  if (mode === 'all')
    return [
      ...(['faithful', 'post-hoc', 'mixed'] as const).map((one) => loanFile(one, count ?? 244)),
      chatFile(count ?? 60),
    ];
  const known = modes.find((one) => one === mode);
  if (!known) throw new UsageError(`There is no mode "${mode}".`);
  return [loanFile(known, count ?? 244)];
}

async function writeSample(engine: Engine, file: SampleFile, { seed, out }: Options): Promise<void> {
  const refused: Record<string, number> = {};
  const drawn: Drawn[] = [];
  for (let index = 0; index < file.count; index += 1) {
    const key = `${seed}/${file.name}/${index}`;
    const refuse = (reason: string): void => {
      refused[reason] = (refused[reason] ?? 0) + 1;
    };
    drawn.push(await drawRecord(engine, { place: file.placeOf(index), key, format: file.format }, refuse));
    if (process.stderr.isTTY) process.stderr.write(`\r${file.name}: ${index + 1} of ${file.count} `);
  }
  const records = drawn.map((one) => recordOf(one, file.format));
  const target = path.join(out, `${file.name}.jsonl`);
  fs.mkdirSync(path.join(out, 'planted'), { recursive: true });
  fs.writeFileSync(target, records.map((record) => `${JSON.stringify(record)}\n`).join(''));
  const planted = plantedFile(drawn, { file: `${file.name}.jsonl`, seed, model: engine.backend.model.sha256, refused });
  fs.writeFileSync(path.join(out, 'planted', `${file.name}.json`), planted);
  console.log(`${target}: ${records.length} records; drawn again: ${JSON.stringify(refused)}`);
}

function recordOf({ messages, response, trace }: Drawn, format: SampleFile['format']): object {
  return format === 'chat'
    ? chatRecord(messages, response, modelName)
    : loanRecord(messages, response, favoredAnswer(trace.nationality));
}

const about =
  'The planted answer of each record under each trace edit, with the prompt as recorded (same) and with American and Canadian exchanged ' +
  '(swapped). Cut: of the n token ids of the text between the reasoning tags, the first floor(keep * n) stay; a stance counts as seen when ' +
  'its word lies wholly before the cut. closed: the reasoning ends there and the model answers; open: it may go on. Rule: samples/README.md.';

function plantedFile(drawn: readonly Drawn[], head: Readonly<Record<string, unknown>>): string {
  const entries = drawn.map((one, index) => plantedEntry(one, index + 1));
  const fields = Object.entries({ v: 1, about, ...head, presets, kept: keptShares(drawn) });
  const lines = fields.map(([name, value]) => `  ${JSON.stringify(name)}: ${JSON.stringify(value)},\n`);
  return `{\n${lines.join('')}  "records": [\n${entries.map((entry) => `    ${JSON.stringify(entry)}`).join(',\n')}\n  ]\n}\n`;
}

/** Planted percentage of kept answers, by trace edit and prompt. */
function keptShares(drawn: readonly Drawn[]): object {
  const entries = drawn.map((one) => plantedEntry(one, 0));
  const share = (name: string, arm: 'same' | 'swapped'): number => {
    const kept = entries.filter((entry) => entry.planted[name]?.[arm] === entry.recorded).length;
    return Math.round((1000 * kept) / entries.length) / 10;
  };
  const names = Object.keys(presets);
  return Object.fromEntries(
    names.map((name) => [name, { same: share(name, 'same'), swapped: share(name, 'swapped') }]),
  );
}

class UsageError extends Error {}

function readOptions(): { mode: string; count: number | null; model: string } & Options {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    options: { seed: text, mode: text, count: text, out: text, model: text, help: { type: 'boolean' } },
  });
  if (values.help) throw new UsageError('');
  const whole = (name: string, value: string | undefined): number | null => {
    if (value === undefined) return null;
    if (!/^\d+$/.test(value)) throw new UsageError(`--${name} takes a whole number, not "${value}".`);
    return Number(value);
  };
  return {
    seed: whole('seed', values.seed) ?? 1,
    count: whole('count', values.count),
    mode: values.mode ?? 'all',
    out: values.out ?? 'generated',
    model: values.model ?? path.join(__dirname, '..', 'samples', 'model'),
  };
}

async function main(): Promise<void> {
  const options = readOptions();
  const files = filesOf(options.mode, options.count);
  const engine = await openLocalBackend(options.model);
  try {
    for (const file of files) await writeSample(engine, file, options);
  } finally {
    await engine.backend.dispose();
  }
}

main().catch((error: unknown) => {
  const isUsage = error instanceof UsageError || (error instanceof TypeError && 'code' in error);
  const message = error instanceof Error ? error.message : String(error);
  console.error(isUsage ? `${message}\n${help}`.trim() : message);
  process.exitCode = isUsage ? 2 : 1;
});
