// The files of a report: data that reads back, citations, figures as SVG of their own and as PDF, and the sentence on calibration.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import zlib from 'node:zlib';
import {
  type CalibrationRow,
  calibrationTexts,
  shownOfConditions,
  shownOfCurves,
  shownOfMeasures,
} from '../../../engine/report/calibrationText';
import { bibtex, citationFile } from '../../../engine/report/citation';
import { csvOf } from '../../../engine/report/csv';
import { figures } from '../../../engine/report/figures';
import { svgOf } from '../../../engine/report/figures/svgOf';
import { htmlReport } from '../../../engine/report/htmlReport';
import { curvesCsv, effectsCsv, measuresCsv } from '../../../engine/report/runCsv';
import { figurePdf } from '../../../engine/service/figurePdf';
import { loansSummary } from './loansSummary';

/** The cells of comma-separated values without line breaks in them. */
const cellsOf = (csv: string): readonly (readonly string[])[] =>
  csv
    .trimEnd()
    .split('\r\n')
    .map((line) => [...line.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)].slice(0, -1).map(([, one = '']) => one));

test('comma-separated values quote what needs it, disarm formulas and leave a missing number empty', () => {
  assert.equal(
    csvOf(
      ['a', 'b'],
      [
        ['x,"y"\n', 0.1],
        ['=cmd', null],
      ],
    ),
    'a,b\r\n"x,""y""\n",0.1\r\n\'=cmd,\r\n',
  );
});

test('the data of a run is unrounded, a cell for every head', () => {
  for (const csv of [effectsCsv(loansSummary), curvesCsv(loansSummary), measuresCsv(loansSummary)]) {
    const [header, ...rows] = csv.trimEnd().split('\r\n');
    assert.ok(rows.length > 1 && !/NaN|undefined|Infinity/.test(csv));
    const width = header?.split(',').length ?? 0;
    for (const row of rows) assert.ok(row.split(',').length >= width, row);
  }
  const [header = [], ...rows] = cellsOf(effectsCsv(loansSummary));
  const frozen = rows.find(([name]) => name === 'frozen+swap:nationality') ?? [];
  assert.equal(frozen[header.indexOf('kept_rate')], String(208 / 244));
  assert.equal(frozen[header.indexOf('only_control_kept')], '36');
});

test('the citation files name run, spec and tool, whatever the model is called', () => {
  const model = { ...loansSummary.manifest.model, id: 'a "quoted": {model}\\' };
  const cited = { ...loansSummary, manifest: { ...loansSummary.manifest, model } };
  const file = citationFile(cited);
  for (const part of ['cff-version: 1.2.0', 'date-released: 2026-01-02', cited.manifest.specSha256]) {
    assert.ok(file.includes(part), part);
  }
  const title = /^title: (.*)$/m.exec(file)?.[1] ?? '';
  assert.match(JSON.parse(title), /of a "quoted": \{model\}\\$/);
  assert.match(
    bibtex(cited),
    /^@misc\{counterthought-20260102-030405-1a2b3c,\n {2}title = \{.*\\\{model\\\}\\textbackslash\{\}\}/,
  );
});

for (const { id, draw, has, numbers, caption, data } of figures) {
  test(`figure ${id}: a column of 84 mm as SVG and as PDF, with caption, numbers and data`, async () => {
    assert.ok(has(loansSummary) && caption(loansSummary).length > 100);
    assert.ok(numbers(loansSummary).rows.length > 2 && data(loansSummary).length > 200);
    const drawing = draw(loansSummary, 'column');
    const svg = svgOf(drawing, { idPrefix: id, form: 'file' });
    assert.match(svg, /<svg [^>]*width="84mm" height="[\d.]+mm" viewBox="0 0 400 \d/);
    assert.ok(!/var\(--|style=|NaN|undefined/.test(svg));
    const at = new Date(loansSummary.manifest.startedAt);
    const pdf = await figurePdf(drawing, at);
    assert.equal(pdf.subarray(0, 5).toString('latin1'), '%PDF-');
    const [, width, height] = /\/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]/.exec(pdf.toString('latin1')) ?? [];
    assert.ok(Math.abs(Number(width) - (84 / 25.4) * 72) < 0.01, `${width} points wide`);
    assert.ok(Math.abs(Number(height) / Number(width) - drawing.height / drawing.width) < 1e-3);
    assert.deepEqual(await figurePdf(drawing, at), pdf, 'the same bytes again');
    const painted = textOf(pdf);
    const filled = drawing.shapes.filter((shape) => shape.kind !== 'text').length;
    assert.ok((painted.match(/^(f|S|B)$/gm) ?? []).length >= filled, 'every shape is painted');
  });
}

test('a figure with more than Latin letters is still drawn, and nothing but them is lost', async () => {
  const [figure] = figures;
  const drawing = figure!.draw(loansSummary, 'column');
  const named = { ...drawing, shapes: [{ kind: 'text', x: 10, y: 10, text: '国籍 − ok' } as const] };
  assert.ok((await figurePdf(named, new Date(0))).length > 500);
});

test('under a figure stands what was measured where the answers are planted, for the conditions that it shows', () => {
  const row = { quantity: 'kept', planted: 0.852, measured: 0.85, interval: null, n: 732, agreement: 0.995 } as const;
  const rows = [
    { ...row, organism: 'mixed', condition: 'frozen+swap:nationality' },
    { ...row, organism: 'mixed', condition: 'keep=0.3:open+swap:nationality' },
    { ...row, organism: 'faithful', condition: 'frozen' },
  ];
  const swapped = shownOfConditions(
    loansSummary.effects.filter(({ control }) => control !== null),
    ['kept'],
  );
  assert.deepEqual(calibrationTexts(swapped, rows), [
    'Calibrated on mixed (732 examples, at least 99.5% of them as planted): frozen planted 85.2%, measured 85.0%.',
  ]);
  assert.deepEqual(calibrationTexts(swapped, []), []);
  const html = htmlReport(loansSummary, { calibration: rows });
  assert.match(html, /<ul class="calibrated"><li>Calibrated on mixed/);
  assert.doesNotMatch(htmlReport(loansSummary), /Calibrated on/);
});

const calibration = (
  condition: string,
  quantity: string,
  [planted, measured]: readonly [number, number],
): CalibrationRow => ({ organism: 'o', condition, quantity, planted, measured, interval: null, n: 610, agreement: 1 });

test('probabilities, going on, effects, areas and gaps are told apart, and by the readout that was named', () => {
  const { effects, curves } = loansSummary;
  const rows = [
    calibration('frozen', 'probability', [0.7, 0.701]),
    calibration('frozen/continued', 'draws', [0.6, 0.6]),
    calibration('tag-stripped+swap:nationality', 'went on', [0.098, 0.102]),
    calibration('mediation', 'direct effect (NDE)', [-1, -0.999]),
    calibration('mediation', 'indirect effect (NIE)', [0, -0.0001]),
    calibration('curve:open+swap:nationality', 'area', [0.4, 0.401]),
    calibration('half-truncated+swap:nationality', 'gap', [0.4, 0.41]),
  ];
  const said = (shown: Parameters<typeof calibrationTexts>[0]): string =>
    calibrationTexts(shown, rows)
      .join()
      .replace(/^.*?: |\.$/g, '');
  assert.equal(
    said(shownOfConditions(effects, ['kept', 'probability', 'draws'])),
    'frozen probability planted 70.0%, measured 70.1%',
  );
  assert.equal(
    said(shownOfConditions(effects, ['went on'])),
    'tag-stripped, prompt swapped, went on planted 9.8%, measured 10.2%',
  );
  const { rate } = curves[0]?.points[0] ?? assert.fail('the sample run has curves');
  const row = { value: rate, unit: 'number', note: null } as const;
  const labels = ['direct effect (NDE)', 'indirect effect (NIE)'];
  const mediation = { id: 'mediation', title: '', rows: labels.map((label) => ({ ...row, label })) };
  assert.equal(
    said(shownOfMeasures([mediation])),
    'direct effect (NDE) planted −1.000, measured −0.999; indirect effect (NIE) planted 0.000, measured 0.000',
  );
  assert.equal(
    said(shownOfCurves(curves, effects)),
    'curve:open, prompt swapped, area planted 0.400, measured 0.401; half-truncated, prompt swapped, gap planted 40.0%, measured 41.0%',
  );
});

test('of many cuts the calibration names the one that is farthest off', () => {
  const rows = [1, 2, 3, 4, 6, 7, 8].map((tenth) =>
    calibration(`keep=0.${tenth}:closed`, 'kept', [tenth / 10, tenth === 3 ? 0.31 : tenth / 10]),
  );
  assert.deepEqual(calibrationTexts(rows, rows), [
    'Calibrated on o (610 examples, at least 100.0% of them as planted): kept rates at 7 cuts, the farthest off keep=0.3:closed planted 30.0%, measured 31.0%.',
  ]);
});

/** The page's painting, decompressed. */
function textOf(pdf: Buffer): string {
  const from = pdf.indexOf('stream\n', pdf.indexOf('/FlateDecode')) + 'stream\n'.length;
  return zlib.inflateSync(pdf.subarray(from, pdf.indexOf('\nendstream', from))).toString('latin1');
}
