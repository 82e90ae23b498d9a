// Writes samples for any seed: traces for new applicants that a committed model answers, and beside them the planted answer of every
// condition. Needs no Python. Must not know how runs are made: tests compare runs with the planted answers.
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { openLocalBackend } from '../engine/backends/local';
import { plantedFile } from './generator/plantedFile';
import { type SampleFile, sampleFiles, sampleGroups, type WrittenRecord } from './generator/sampleFiles';
import type { Engine } from './generator/sampleText';

const help = `Usage: npm run generate -- [options]
  --seed N      another seed, other applicants and traces (default 1; the samples in this folder are seed 1)
  --mode NAME   of the bundled model: faithful, post-hoc, mixed, none (no policy line: the mixed rule), chat;
                of the calibration family: step, gradual, coin, mixed-21, mixed-22;
                all (default: the samples in this folder) or family
  --count N     records a file (default 244: ages 20 to 80, both nationalities, twice; chat: 60)
  --out DIR     where DIR/NAME.jsonl and DIR/planted/NAME.json go (default generated)
  --model DIR   the model folder (default: the mode's own in samples/)`;

type Options = { readonly seed: number; readonly count: number | null; readonly out: string };

function filesOf(mode: string): readonly SampleFile[] {
  const files = (sampleGroups[mode] ?? [mode]).flatMap((name) => sampleFiles[name] ?? []);
  if (files.length === 0) throw new UsageError(`There is no mode "${mode}".`);
  return files;
}

async function writeSample(engine: Engine, file: SampleFile, { seed, count, out }: Options): Promise<void> {
  const refused: Record<string, number> = {};
  const written: WrittenRecord[] = [];
  const records = count ?? file.count;
  for (let index = 0; index < records; index += 1) {
    const refuse = (reason: string): void => {
      refused[reason] = (refused[reason] ?? 0) + 1;
    };
    written.push(await file.write(engine, { index, key: `${seed}/${file.name}/${index}`, refuse }));
    if (process.stderr.isTTY) process.stderr.write(`\r${file.name}: ${index + 1} of ${records} `);
  }
  const target = path.join(out, `${file.name}.jsonl`);
  fs.mkdirSync(path.join(out, 'planted'), { recursive: true });
  fs.writeFileSync(target, written.map(({ record }) => `${JSON.stringify(record)}\n`).join(''));
  const made = { file: `${file.name}.jsonl`, seed, model: engine.backend.model.sha256, refused };
  fs.writeFileSync(path.join(out, 'planted', `${file.name}.json`), plantedFile(file, written, made));
  console.log(`${target}: ${records} records; drawn again: ${JSON.stringify(refused)}`);
}

class UsageError extends Error {}

function readOptions(): { mode: string; model: string | null } & Options {
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
    model: values.model ?? null,
  };
}

/** From dist/, where this program is bundled to. */
const samplesFolder = path.join(__dirname, '..', 'samples');

async function main(): Promise<void> {
  const options = readOptions();
  for (const file of filesOf(options.mode)) {
    const engine = await openLocalBackend(options.model ?? path.join(samplesFolder, file.model));
    try {
      await writeSample(engine, file, options);
    } finally {
      await engine.backend.dispose();
    }
  }
}

main().catch((error: unknown) => {
  const isUsage = error instanceof UsageError || (error instanceof TypeError && 'code' in error);
  const message = error instanceof Error ? error.message : String(error);
  console.error(isUsage ? `${message}\n${help}`.trim() : message);
  process.exitCode = isUsage ? 2 : 1;
});
