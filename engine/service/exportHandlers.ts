// Owns what an engine process answers about writing examples and runs for other tools. Must not know the formats.
import fs from 'node:fs';
import path from 'node:path';
import { UserError } from '../domain/failure';
import { exportFormats } from '../exports';
import type { ExportFormat, ExportItem } from '../exports/export';
import type { Handlers } from '../wire/contract';
import type { EngineContract } from './contract';
import { exampleItem, exportedExamples, exportedOutcomes } from './exportItems';
import { beginKnownFile, examplesAt } from './fileQueries';

type Methods = 'exportExamples' | 'exportRun';

export const exportHandlers: Pick<Handlers<EngineContract>, Methods> = {
  exportExamples: async ({ file, indexes, to, out }, { signal, emit }) => {
    const options = { signal, onProgress: emit };
    const items =
      indexes === null ? exportedExamples(await beginKnownFile(file), options) : chosen(file, indexes, signal);
    return write(items, { to, out, name: path.basename(file) });
  },
  exportRun: ({ dir, to, out }, { signal, emit }) =>
    write(exportedOutcomes(dir, { signal, onProgress: emit }), { to, out, name: path.basename(dir) }),
};

async function* chosen(file: string, indexes: readonly number[], signal: AbortSignal): AsyncGenerator<ExportItem> {
  for (const index of indexes) {
    const [example] = await examplesAt(file, [index], signal);
    if (example) yield exampleItem(example);
  }
}

type Target = { readonly to: string; readonly out: string; readonly name: string };

async function write(
  items: AsyncIterable<ExportItem>,
  { to, out, name }: Target,
): Promise<{ readonly written: number }> {
  const format = exportFormats.find(({ id }) => id === to);
  if (!format)
    throw new UserError(`Nothing is written as "${to}"; there is ${exportFormats.map(({ id }) => id).join(', ')}.`);
  refuseInTheWay(out, format);
  return { written: await format.write({ items, out, name, forSpreadsheet: false }) };
}

/** A file may be written over, which a save dialog asks; a folder may hold anything, so it stays. */
function refuseInTheWay(out: string, { extension }: ExportFormat): void {
  const found = fs.statSync(out, { throwIfNoEntry: false });
  if (!found) return;
  if (extension === null) throw new UserError(`${out} is there already. Choose the name of a folder that is not.`);
  if (found.isDirectory()) throw new UserError(`${out} is a folder; choose the name of a file.`);
}
