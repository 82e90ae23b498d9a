// Owns `counterthought list`: the recorded runs.
import path from 'node:path';
import { RunQueries } from '../service/runQueries';
import { type Command, note, print, printJson, text } from './command';
import { defaultOut } from './run';

export const list: Command = {
  name: 'list',
  usage: 'list [OPTIONS]',
  about: 'Lists the recorded runs, newest first.',
  options: {
    out: { type: 'string', value: 'DIR', help: `folder of runs (default ${defaultOut})` },
    json: { type: 'boolean', help: 'one JSON array' },
  },
  run: async ({ values }) => {
    const out = path.resolve(text(values, 'out') ?? defaultOut);
    const headers = await new RunQueries().headers(out);
    if (values.json === true) {
      printJson(headers);
      return 0;
    }
    for (const { run, status, done, planned, model, files } of headers) {
      print(
        [
          run,
          status.padEnd(11),
          `${done}/${planned}`.padStart(11),
          model,
          files.map((file) => path.basename(file)).join(' '),
        ].join('  '),
      );
    }
    if (headers.length === 0) note(`There are no runs in ${out}. Make one with \`counterthought run FILE\`.`);
    return 0;
  },
};
