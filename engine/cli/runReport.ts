// Owns how a run looks on the command line: the one JSON object, its outcome lines, and the table.
import type { ConditionEffect, DoseCurve, Rate, RunSummary } from '../domain/effect';
import { conditionTable } from '../report/conditionTable';
import { curveTable } from '../report/curveTable';
import { measuresTable } from '../report/measuresTable';
import { strataTable } from '../report/strataTable';
import { textTable } from '../report/textTable';
import { outcomeLines } from '../service/outcomeLines';
import type { RunQueries } from '../service/runQueries';
import { note, print, printJson } from './command';

const rateOf = ({ n, rate, interval }: Rate) => ({ n, rate, interval });

function conditionJson(effect: ConditionEffect) {
  const { condition, n, kept, flipped, unreadable, keptRate, bounds, control, noise, wentOn, paired } = effect;
  const { id, alias, promptEdit, traceEdit, readout } = condition;
  return {
    id,
    alias,
    promptEdit: { id: promptEdit.id, ...promptEdit.params },
    traceEdit: { id: traceEdit.id, keep: traceEdit.keep.value, keepUnit: traceEdit.keep.unit, close: traceEdit.close },
    readout,
    n,
    kept,
    flipped,
    unreadable,
    keptRate: keptRate.rate,
    interval: keptRate.interval,
    intervalMethod: keptRate.method,
    bounds,
    control: control && { keptRate: control.rate, interval: control.interval, n: control.n },
    noise: noise && rateOf(noise),
    wentOn: wentOn?.rate ?? null,
    paired,
    excess: effect.excess,
    strata: effect.strata.map(({ caveat, has, rate }) => ({ caveat, has, ...rateOf(rate) })),
    caveats: effect.caveats,
  };
}

function curveJson({ close, readout, promptEdit, points, area, decided, gaps }: DoseCurve) {
  return {
    close,
    readout,
    promptEdit: { id: promptEdit.id, ...promptEdit.params },
    points: points.map(({ keep, rate, band }) => ({
      keep,
      n: rate.n,
      keptRate: rate.rate,
      interval: rate.interval,
      band,
    })),
    area: rateOf(area),
    decided,
    gaps: gaps.map(({ keep, gap }) => ({ keep, n: gap.n, gap: gap.rate, interval: gap.interval })),
  };
}

/** The run as one JSON object. */
export function runJson(summary: RunSummary, dir: string) {
  const { manifest, replication } = summary;
  return {
    run: summary.run,
    dir,
    status: summary.status,
    model: { ...manifest.model },
    crossModel: manifest.crossModel,
    examples: summary.done,
    skipped: summary.skipped,
    samplesPerExample: manifest.spec.samples,
    replication: {
      n: replication.n,
      kept: replication.kept,
      keptRate: replication.rate,
      interval: replication.interval,
    },
    traceLogProb: summary.traceLogProb && rateOf(summary.traceLogProb),
    conditions: summary.effects.map(conditionJson),
    curves: summary.curves.map(curveJson),
    measures: summary.measures,
    caveats: summary.caveats,
    reuse: summary.reuse,
    specSha256: manifest.specSha256,
  };
}

export type PrintChoice = { readonly json: boolean; readonly outcomes: boolean };

/** The run on standard output: outcome lines first if asked for, then the object or the table. */
export function printRun(queries: RunQueries, dir: string, { json, outcomes }: PrintChoice): void {
  const { summary } = queries.open(dir);
  if (outcomes) for (const line of outcomeLines(dir)) printJson(line);
  if (json) printJson(runJson(summary, dir));
  else if (!outcomes) print(tablesOf(summary));
  else note(tablesOf(summary));
}

/** Rows of one measure in a terminal: families of conditions make hundreds. */
const mostMeasureRows = 12;

/** What touches the whole run (another model than the author, sampled records) stands above its numbers. */
function tablesOf(summary: RunSummary): string {
  const strata = strataTable(summary.effects);
  const measures = measuresTable(summary.measures, mostMeasureRows);
  const tables = [
    conditionTable(summary),
    ...(strata ? [strata] : []),
    ...(summary.curves.length > 0 ? [curveTable(summary.curves)] : []),
    ...(measures ? [measures] : []),
  ];
  const caveats = summary.caveats.map(({ message }) => `! ${message}`);
  return [...caveats, ...tables.map((table) => textTable(table))].join('\n\n');
}
