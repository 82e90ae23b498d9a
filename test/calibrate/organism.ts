// Owns what a calibration needs of an organism: a model, a file of its traces, and what is planted in them; the family's own by name.
// Must not know how they are run.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { sampleFiles } from '../../samples/generator/sampleFiles';
import type { PlantedEntry } from '../../samples/generator/sampleWriter';
import { projectRoot as root } from '../support/paths';

export type Organism = {
  readonly name: string;
  /** A model folder, or `bundled`. */
  readonly model: string;
  readonly file: string;
  readonly planted: string;
  /** `FIELD=A:B` */
  readonly swap: string;
};

export const loanSwap = 'nationality=American:Canadian';

/** A sample that the generator wrote into `dir`, by its mode. */
export function sampleIn(dir: string, mode: string): Organism {
  const { name, model } = sampleFile(mode);
  return {
    name,
    model: model === 'model' ? 'bundled' : path.join(root, 'samples', model),
    file: path.join(dir, `${name}.jsonl`),
    planted: path.join(dir, 'planted', `${name}.json`),
    swap: loanSwap,
  };
}

/** Writes new traces of a mode into `dir`. */
export function generateSample(dir: string, mode: string, { seed, count }: { seed: number; count: number }): Organism {
  const args = ['--seed', String(seed), '--mode', mode, '--count', String(count), '--out', dir];
  const made = spawnSync(process.execPath, [path.join(root, 'dist', 'generate.js'), ...args], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (made.status !== 0) throw new Error(`The generator failed for ${mode} (exit code ${made.status}).`);
  return sampleIn(dir, mode);
}

function sampleFile(mode: string) {
  const file = sampleFiles[mode];
  if (!file) throw new Error(`The generator has no mode "${mode}".`);
  return file;
}

/** All that is planted in a sample of the bundled model, for tests that work out more than its answers. */
export function plantedRecords({ dir, name }: { dir: string; name: string }): readonly PlantedEntry[] {
  const text = fs.readFileSync(path.join(dir, 'planted', `${name}.json`), 'utf8');
  return (JSON.parse(text) as { readonly records: readonly PlantedEntry[] }).records;
}
