// Owns how people name a recorded run: its folder, its id in a folder of runs, a part of it, or nothing for the latest.
import path from 'node:path';
import { UserError } from '../domain/failure';
import { listRuns } from '../store/runLog';
import type { Command } from './command';
import { defaultOut } from './run';

/** What every command on a recorded run takes. */
export const recordedRunOptions: Command['options'] = {
  out: { type: 'string', value: 'DIR', help: `folder of runs (default ${defaultOut})` },
  report: { type: 'boolean', help: 'also write the HTML report beside the log' },
  outcomes: { type: 'boolean', help: 'a JSON line per example, condition and sample' },
  json: { type: 'boolean', help: 'one JSON object instead of the table' },
};

/** @throws UserError that says what there is. */
export function findRun(name: string | undefined, out: string = defaultOut): string {
  const runs = listRuns(path.resolve(out));
  if (name === undefined) {
    const [latest] = runs;
    if (!latest)
      throw new UserError(
        `There are no runs in ${path.resolve(out)}. Make one with \`counterthought run FILE\`, or name another folder with --out.`,
      );
    return latest;
  }
  const direct = listRuns(path.dirname(path.resolve(name))).find((dir) => dir === path.resolve(name));
  const matches = direct ? [direct] : runs.filter((dir) => path.basename(dir).includes(name));
  if (matches.length === 1 && matches[0]) return matches[0];
  if (matches.length > 1) throw new UserError(`"${name}" fits ${matches.length} runs; write more of its id.`);
  throw new UserError(`There is no run "${name}" in ${path.resolve(out)}. \`counterthought list\` shows the runs.`);
}
