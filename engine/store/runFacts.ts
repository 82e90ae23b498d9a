// Owns the small facts that a person keeps beside a run's log: its name and tags. The log itself never changes for them.
import fs from 'node:fs';
import path from 'node:path';
import * as v from 'valibot';
import { inFolder } from './inFolder';

const factsSchema = v.object({ v: v.literal(1), name: v.nullable(v.string()), tags: v.array(v.string()) });

export type RunFacts = { readonly name: string | null; readonly tags: readonly string[] };

const none: RunFacts = { name: null, tags: [] };
const factsFile = (dir: string): string => path.join(dir, 'facts.json');

/** Damaged facts count as none: they must not hide the run. */
export function readRunFacts(dir: string): RunFacts {
  try {
    const parsed = v.safeParse(factsSchema, JSON.parse(fs.readFileSync(factsFile(dir), 'utf8')));
    return parsed.success ? { name: parsed.output.name, tags: parsed.output.tags } : none;
  } catch {
    return none;
  }
}

/** Written beside and moved into place, so that a reader in another window never sees half of it. @throws UserError where that cannot be */
export function writeRunFacts(dir: string, { name, tags }: RunFacts): void {
  const aside = `${factsFile(dir)}.${process.pid}`;
  inFolder(dir, () => {
    fs.writeFileSync(aside, `${JSON.stringify({ v: 1, name, tags }, null, 2)}\n`);
    fs.renameSync(aside, factsFile(dir));
  });
}
