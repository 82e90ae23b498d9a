// Owns a recorded run of any size: a small one is really run, and its examples are written again and again by the store's own writer, each
// under a new id. Must not know who opens it.
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { exampleId, runId } from '../../engine/domain/ids';
import type { RunEvent, RunManifest } from '../../engine/domain/run';
import { eachEvent, RunWriter } from '../../engine/store/runLog';
import { runCli } from '../support/cli';

/** Examples that are really run. */
const seeds = 60;

type ExampleEvent = Extract<RunEvent, { readonly example: unknown }>;
type Seed = { readonly manifest: RunManifest; readonly examples: readonly (readonly ExampleEvent[])[] };

/** Six conditions of these traces. @returns the run's folder */
export async function writeLargeRun(traces: string, out: string, examples: number): Promise<string> {
  const { manifest, examples: seeded } = await runSeeds(traces);
  const run = runId('20260101-000000-100000');
  const writer = RunWriter.create(path.join(out, run), {
    ...manifest,
    run,
    exampleCount: examples,
    plannedCount: examples,
  });
  for (let ordinal = 0; ordinal < examples; ordinal += 1) {
    const example = exampleId(createHash('sha256').update(String(ordinal)).digest('hex'));
    for (const event of seeded[(ordinal * 7919) % seeded.length]!)
      writer.append(event.type === 'exampleStarted' ? { ...event, example, ordinal } : { ...event, example });
  }
  writer.append({ v: 1, type: 'runFinished', at: new Date().toISOString(), status: 'completed' });
  writer.close();
  return path.join(out, run);
}

async function runSeeds(traces: string): Promise<Seed> {
  const out = fs.mkdtempSync(`${traces}-seeds-`);
  const conditions = ['--swap', 'nationality=American:Canadian', '--conditions', 'frozen,half-truncated,half-closed'];
  const { code, stderr } = await runCli(['run', traces, ...conditions, '--limit', String(seeds), '--out', out]);
  if (code !== 0) throw new Error(`The run that the large one is made of failed: ${stderr}`);
  const dir = path.join(out, fs.readdirSync(out)[0] ?? '');
  let manifest: RunManifest | null = null;
  const examples = new Map<string, ExampleEvent[]>();
  eachEvent(dir, (event) => {
    if (event.type === 'runStarted') manifest = event.manifest;
    else if ('example' in event) examples.set(event.example, [...(examples.get(event.example) ?? []), event]);
  });
  fs.rmSync(out, { recursive: true, force: true });
  if (manifest === null) throw new Error(`${dir} has no manifest.`);
  return { manifest, examples: [...examples.values()] };
}
