// Owns the folder of a report: the page, every figure and table in the forms that papers take, their data, and how to cite the run.
// Must not know how any of them is drawn.
import fs from 'node:fs';
import path from 'node:path';
import type { RunSummary } from '../domain/effect';
import { UserError } from '../domain/failure';
import { sentenceImportance } from '../measure/sentenceImportance';
import { type CalibrationRow, calibrationTexts } from '../report/calibrationText';
import { bibtex, citationFile } from '../report/citation';
import { conditionTable } from '../report/conditionTable';
import { curveTable } from '../report/curveTable';
import { figures } from '../report/figures';
import { svgOf } from '../report/figures/svgOf';
import { htmlReport } from '../report/htmlReport';
import { latexTable } from '../report/latexTable';
import { markdownTable } from '../report/markdownTable';
import { measuresTable } from '../report/measuresTable';
import { curvesCsv, effectsCsv, importanceCsv, measuresCsv } from '../report/runCsv';
import { strataTable } from '../report/strataTable';
import type { Table } from '../report/table';
import { RunFold } from '../store/runLog';
import { recordedCalibration } from './calibration';
import { outcomeLines } from './outcomeLines';
import { closedOutcomes } from './summary';

/** Writes the folder and returns the files in it, relative to it. @throws UserError when it cannot be written. */
export async function exportReport(summary: RunSummary, dir: string, out: string): Promise<readonly string[]> {
  const written: string[] = [];
  const write: Write = (name, content) => {
    writeTo(out, name, (file) => fs.writeFileSync(file, content));
    written.push(name);
  };
  const calibration = recordedCalibration();
  write('report.html', htmlReport(summary, { calibration }));
  await writeFigures(summary, calibration, write);
  writeTables(summary, write);
  const importance = importanceOf(dir);
  if (importance) write('tables/importance.csv', importance);
  write('spec.cot.json', `${JSON.stringify(summary.manifest.spec, null, 2)}\n`);
  write('manifest.json', `${JSON.stringify(summary.manifest, null, 2)}\n`);
  write('CITATION.cff', citationFile(summary));
  write('citation.bib', bibtex(summary));
  writeTo(out, outcomesName, (file) => writeOutcomes(dir, file));
  return [...written, outcomesName];
}

const outcomesName = 'outcomes.jsonl';

/** @throws UserError for what the file system refuses. */
function writeTo(out: string, name: string, save: (file: string) => void): void {
  const file = path.join(out, name);
  try {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    save(file);
  } catch (error) {
    const { code = 'unknown reason' } = error as NodeJS.ErrnoException;
    throw new UserError(`${out} cannot be written (${code}); name another folder with --out.`);
  }
}

type Write = (name: string, content: string | Buffer) => void;

async function writeFigures(summary: RunSummary, calibration: readonly CalibrationRow[], write: Write): Promise<void> {
  // Loaded where it is needed: no other command draws PDF.
  const { figurePdf } = await import('./figurePdf');
  for (const { id, has, draw, caption, data, shows } of figures) {
    if (!has(summary)) continue;
    const drawing = draw(summary, 'column');
    const calibrated = calibrationTexts(shows(summary), calibration);
    write(`figures/${id}.svg`, `${svgOf(drawing, { idPrefix: id, form: 'file' })}\n`);
    write(`figures/${id}.pdf`, await figurePdf(drawing, new Date(summary.manifest.startedAt)));
    write(`figures/${id}.csv`, data(summary));
    write(
      `figures/${id}.txt`,
      `${[caption(summary), ...calibrated, `Run ${summary.run}, spec sha256 ${summary.manifest.specSha256}.`].join('\n')}\n`,
    );
  }
}

/** Writes one figure as PDF. @throws UserError when there is none of that name in the run. */
export async function writeFigure(summary: RunSummary, id: string, out: string): Promise<void> {
  const { figurePdf } = await import('./figurePdf');
  const figure = figures.find((one) => one.id === id);
  if (!figure?.has(summary)) throw new UserError(`The run ${summary.run} has no figure “${id}”.`);
  const pdf = await figurePdf(figure.draw(summary, 'column'), new Date(summary.manifest.startedAt));
  writeTo(path.dirname(out), path.basename(out), (file) => fs.writeFileSync(file, pdf));
}

type NamedTable = { readonly name: string; readonly table: Table | null; readonly data: string | null };

function writeTables(summary: RunSummary, write: Write): void {
  const { effects, curves, measures } = summary;
  const tables: readonly NamedTable[] = [
    { name: 'effects', table: conditionTable(summary), data: effectsCsv(summary) },
    { name: 'strata', table: strataTable(effects), data: null },
    { name: 'curves', table: curves.length > 0 ? curveTable(curves) : null, data: curvesCsv(summary) },
    { name: 'measures', table: measuresTable(measures), data: measuresCsv(summary) },
  ];
  for (const { name, table, data } of tables) {
    if (!table) continue;
    write(`tables/${name}.md`, `${markdownTable(table)}\n`);
    write(`tables/${name}.tex`, `${latexTable(table, `tab:${name}`)}\n`);
    if (data !== null) write(`tables/${name}.csv`, data);
  }
}

/** Every sentence of every example; `null` where the run has no cuts at sentences. */
function importanceOf(dir: string): string | null {
  const fold = new RunFold(dir);
  fold.refresh();
  const { conditions, options } = fold.manifest;
  const entries = closedOutcomes(fold.state).map((example) => ({
    example: example.example,
    sentences: sentenceImportance(example, conditions, options),
  }));
  return entries.some(({ sentences }) => sentences.length > 0) ? importanceCsv(entries) : null;
}

/** One by one, because a log may hold gigabytes. */
function writeOutcomes(dir: string, file: string): void {
  const handle = fs.openSync(file, 'w');
  try {
    for (const line of outcomeLines(dir)) fs.writeSync(handle, `${JSON.stringify(line)}\n`);
  } finally {
    fs.closeSync(handle);
  }
}
