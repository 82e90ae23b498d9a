// Owns `counterthought show`: a recorded run as a table, JSON, outcome lines or a report.
import path from 'node:path';
import { pandasSnippet } from '../report/pandasSnippet';
import { writeReport } from '../service/runHandlers';
import { RunQueries } from '../service/runQueries';
import { type Command, note, text } from './command';
import { findRun, recordedRunOptions } from './runFolder';
import { printRun } from './runReport';

export const show: Command = {
  name: 'show',
  usage: 'show [RUN] [OPTIONS]',
  about: 'Prints a recorded run (its folder or id; the latest by default).',
  options: recordedRunOptions,
  run: async ({ files, values }) => {
    const dir = findRun(files[0], text(values, 'out'));
    const queries = new RunQueries();
    printRun(queries, dir, { json: values.json === true, outcomes: values.outcomes === true });
    if (values.report === true) note(`Report: ${writeReport(queries, dir)}`);
    if (values.json !== true && values.outcomes !== true) note(`\n${pandasSnippet(path.basename(dir))}`);
    return 0;
  },
};
