// Owns `counterthought report`: a run as a folder of what a paper takes.
import path from 'node:path';
import { exportReport } from '../service/exportReport';
import { RunQueries } from '../service/runQueries';
import { type Command, note, print, printJson, text } from './command';
import { findRun } from './runFolder';

export const report: Command = {
  name: 'report',
  usage: 'report [RUN] [OPTIONS]',
  about: 'Writes a run as a page, figures (SVG, PDF, CSV), tables (Markdown, LaTeX, CSV) and citation files.',
  options: {
    out: { type: 'string', value: 'DIR', help: 'folder to write to (default report-RUN)' },
    runs: { type: 'string', value: 'DIR', help: 'folder of runs (default .counterthought/runs)' },
    json: { type: 'boolean', help: 'one JSON object' },
  },
  run: async ({ files, values }) => {
    const dir = findRun(files[0], text(values, 'runs'));
    const { summary } = new RunQueries().open(dir);
    const out = path.resolve(text(values, 'out') ?? `report-${summary.run}`);
    const written = await exportReport(summary, dir, out);
    if (values.json === true) printJson({ run: summary.run, out, files: written });
    else {
      print(written.join('\n'));
      note(`\nWritten to ${out}`);
    }
    return summary.effects.some((effect) => effect.n > 0) ? 0 : 1;
  },
};
