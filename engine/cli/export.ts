// Owns `counterthought export`: a recorded run, or a trace file, written in a form that other tools read.
import fs from 'node:fs';
import path from 'node:path';
import { UserError } from '../domain/failure';
import { exportFormats } from '../exports';
import type { ExportFormat, ExportItem } from '../exports/export';
import type { ExportProgress } from '../service/contract';
import { exportedExamples, exportedOutcomes } from '../service/exportItems';
import { beginKnownFile } from '../service/fileQueries';
import { logFile } from '../store/runLog';
import { type Command, type CommandInput, note, text, UsageError } from './command';
import { mappingIn, mappingOption } from './fieldMapping';
import { progressPrinter } from './progress';
import { defaultOut } from './run';
import { findRun } from './runFolder';

const ids = exportFormats.map(({ id }) => id);

export const exportCommand: Command = {
  name: 'export',
  usage: 'export RUN|FILE --to FORMAT --out PATH [OPTIONS]',
  about: 'Writes a recorded run, or a trace file, for other tools.',
  options: {
    to: { type: 'string', value: 'FORMAT', help: exportFormats.map(({ id, title }) => `${id} (${title})`).join(', ') },
    out: { type: 'string', value: 'PATH', help: 'the file, or for a layout of folders the folder, to make' },
    runs: { type: 'string', value: 'DIR', help: `folder of runs in which RUN is looked for (default ${defaultOut})` },
    ...mappingOption,
    spreadsheet: {
      type: 'boolean',
      help: 'csv: an apostrophe before cells that a spreadsheet would take for formulas; cells are exact without',
    },
    force: { type: 'boolean', help: 'write over what is there' },
  },
  run: async (input) => {
    const { values } = input;
    const format = exportFormats.find(({ id }) => id === text(values, 'to'));
    if (!format) throw new UsageError(`--to takes ${ids.join(', ')}.`);
    if (values.spreadsheet === true && format.id !== 'csv') throw new UsageError('--spreadsheet is for csv alone.');
    const out = text(values, 'out');
    if (out === undefined)
      throw new UsageError(`--out names the ${format.extension === null ? 'folder' : 'file'} to write.`);
    const from = sourceOf(input);
    makeRoom(out, format, values.force === true);
    const count = await format.write({ ...from, out, forSpreadsheet: values.spreadsheet === true });
    note(`${count} written to ${out}`);
    return count > 0 ? 0 : 1;
  },
};

type From = { readonly items: AsyncIterable<ExportItem>; readonly name: string };

/** A path that leads to a trace file is one; everything else names a run. */
function sourceOf({ files, values, signal }: CommandInput): From {
  const [name] = files;
  if (files.length > 1) throw new UsageError('export takes one run, or one trace file.');
  const options = { signal, onProgress: progress() };
  if (name !== undefined && fs.existsSync(name) && !fs.existsSync(logFile(name))) {
    const mapping = mappingIn(values);
    const begun = beginKnownFile(name, mapping);
    return { name: path.basename(name), items: later(async () => exportedExamples(await begun, options)) };
  }
  const dir = findRun(name, text(values, 'runs'));
  return { name: path.basename(dir), items: exportedOutcomes(dir, options) };
}

async function* later(start: () => Promise<AsyncIterable<ExportItem>>): AsyncGenerator<ExportItem> {
  yield* await start();
}

function progress(): (progress: ExportProgress) => void {
  const print = progressPrinter();
  return ({ done, planned }) => {
    if (planned !== null) print({ type: 'progress', done, planned, etaMs: null });
  };
}

/** @throws UserError when something is there that nobody said may go */
function makeRoom(out: string, format: ExportFormat, force: boolean): void {
  if (!fs.existsSync(path.dirname(path.resolve(out))))
    throw new UserError(`${path.dirname(path.resolve(out))}: there is no such folder to write in.`);
  if (!fs.existsSync(out)) return;
  if (!force) throw new UserError(`${out} is there already. Name another place, or write over it with --force.`);
  const isFolder = fs.statSync(out).isDirectory();
  if (isFolder !== (format.extension === null))
    throw new UserError(`${out} is ${isFolder ? 'a folder' : 'a file'}; it stays.`);
  if (isFolder) fs.rmSync(out, { recursive: true });
}
