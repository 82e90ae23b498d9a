// Owns `counterthought merge`: the shards of a run as one run.
import path from 'node:path';
import { mergeRuns } from '../service/mergeRuns';
import { type Command, note, text, UsageError } from './command';
import { defaultOut, finish } from './run';
import { findRun, recordedRunOptions } from './runFolder';

export const merge: Command = {
  name: 'merge',
  usage: 'merge RUN… [OPTIONS]',
  about: 'Puts the shards of a run (run --shard I/N) together into one run.',
  options: recordedRunOptions,
  run: async (input) => {
    const { files, values } = input;
    if (files.length < 2) throw new UsageError('merge takes two runs or more.');
    const out = path.resolve(text(values, 'out') ?? defaultOut);
    const { dir, done, planned } = mergeRuns(
      files.map((name) => findRun(name, out)),
      out,
    );
    if (done < planned) {
      note(`${planned - done} of ${planned} examples are in none of them; \`counterthought resume\` runs them.`);
    }
    return finish(dir, input);
  },
};
