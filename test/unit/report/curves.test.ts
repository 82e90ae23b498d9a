import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DoseCurve } from '../../../engine/domain/effect';
import { curveNumbers, curveTable } from '../../../engine/report/curveTable';
import { curvePairs, curveTitle } from '../../../engine/report/curveTitles';
import { doseResponse } from '../../../engine/report/figures/doseResponse';
import { htmlReport } from '../../../engine/report/htmlReport';
import { textTable } from '../../../engine/report/textTable';
import { loansSummary } from './loansSummary';

const { curves } = loansSummary;

/** The same curves with values changed. */
const changed = (change: Partial<DoseCurve>): readonly DoseCurve[] => curves.map((curve) => ({ ...curve, ...change }));

test('the default conditions make the open curve, with and without the swap', () => {
  assert.deepEqual(
    curves.map((curve) => [curveTitle(curve, curves), curve.points.map(({ keep }) => keep)]),
    [
      ['open', [0, 0.5, 1]],
      ['open, nationality swapped', [0, 0.5, 1]],
    ],
  );
  assert.deepEqual(curvePairs(curves), [{ plain: curves[0], edited: curves[1] }]);
});

test('the compact table has a row per cut, the gap between the two prompts, area and decided cut', () => {
  const text = textTable(curveTable(curves));
  // 239 and 4 of 244; 241 of 244 and 92 of 241 readable; 244 of 244 and 184 of 243. The gap counts those that are readable on both
  // sides: at 50% the three unreadable ones are the three that flip unswapped, so it is 241 less 92 of 241.
  assert.match(text, /^ +0% +98\.0% +1\.6% +96\.3$/m);
  assert.match(text, /^ +50% +98\.8% +38\.2% +61\.8$/m);
  assert.match(text, /^ +100% +100\.0% +75\.7% +24\.3$/m);
  assert.match(text, /^ +area over +0\.011 +0\.616$/m);
  assert.match(text, /^ +decided at +0% +–$/m);
});

test('the table of numbers has every interval and band', () => {
  const { rows, columns, notes } = curveNumbers(curves);
  assert.equal(rows.length, 6);
  for (const row of rows) assert.equal(row.length, columns.length);
  const [title, keep, rate, interval, band, n, gap, gapInterval] = rows[4] ?? [];
  assert.deepEqual([title, keep, rate, n, gap], ['open, nationality swapped', '50%', '38.2%', '241', '61.8']);
  const bounds = (text = ''): readonly number[] => (text.match(/[\d.]+/g) ?? []).map(Number);
  const [[low = 0, high = 0], [bandLow = 0, bandHigh = 0]] = [bounds(interval), bounds(band)];
  assert.ok(bandLow < low && low < 38.2 && 38.2 < high && high < bandHigh, `${interval} ${band}`);
  assert.match(gapInterval ?? '', /^\d+\.\d to \d+\.\d$/);
  assert.equal(notes.length, 2);
  assert.match(notes[1]?.text ?? '', /area over the curve 0\.616 \(95% .*cluster bootstrap\); never decided \(80%\)/);
});

test('the figure marks every cut of every curve, and each gap', () => {
  const svg = doseResponse(curves);
  const [plain, edited] = [/<rect [^>]*fill="var\(--plot-paper/g, /<rect [^>]*fill="var\(--plot-open[^>]*stroke/g];
  // The legend adds one mark of each.
  assert.equal(svg.match(plain)?.length, 3 + 1);
  assert.equal(svg.match(edited)?.length, 3 + 1);
  assert.equal(svg.match(/<circle [^>]*r="3.5"/g)?.length, 3);
  assert.match(svg, /role="img" aria-labelledby="dose-title dose-desc"/);
  assert.match(svg, /<desc id="dose-desc">.*open, nationality swapped: 1\.6%.* 75\.7%/);
  assert.doesNotMatch(svg, /NaN|undefined|style=/);
});

test('a cut without anything readable, a curve alone and one whose gap turns negative are drawn without NaN', () => {
  const nothing = { n: 0, rate: null, interval: null, method: 'Wilson' };
  const cases: (readonly DoseCurve[])[] = [
    changed({
      points: (curves[0]?.points ?? []).map((point) => ({ ...point, rate: nothing, band: null })),
      area: nothing,
      decided: { threshold: 0.8, keep: null },
    }),
    curves.slice(0, 1),
    curves.slice(1),
    changed({
      gaps: [0, 0.5, 1].map((keep) => ({ keep, gap: { n: 9, rate: -0.4, interval: [-0.8, 0.1], method: '' } })),
    }),
  ];
  for (const some of cases) {
    assert.doesNotMatch(doseResponse(some), /NaN|undefined|Infinity/);
    assert.doesNotMatch(textTable(curveTable(some)) + textTable(curveNumbers(some)), /NaN|undefined|null/);
  }
  assert.match(doseResponse(cases[3] ?? []), />−50</);
  assert.equal(doseResponse([]), '');
});

test('several swaps of one attribute are told apart by their values', () => {
  const third = { id: 'swap', params: { attribute: 'nationality', a: 'American', b: 'French' } };
  const all = [...curves, ...changed({ promptEdit: third }).slice(1)];
  const titles = all.map((curve) => curveTitle(curve, all));
  assert.deepEqual(titles.slice(1), [
    'open, nationality swapped (American / Canadian)',
    'open, nationality swapped (American / French)',
  ]);
  assert.equal(curvePairs(all).length, 2);
  const { columns } = curveTable(all);
  assert.equal(columns.length, 1 + 1 + 2 + 2, 'the prompt left alone is shown once');
});

test('the report has the figure where there are curves, and nothing of it where there are none', () => {
  assert.match(htmlReport(loansSummary), /By how much of the reasoning stays<\/h2>\s*<figure>/);
  assert.doesNotMatch(htmlReport({ ...loansSummary, curves: [] }), /By how much of the reasoning stays|dose-title/);
});

test('of a whole curve, cards show the cuts that have names', () => {
  const cardsOf = (effects: typeof loansSummary.effects): readonly (string | undefined)[] =>
    [
      ...htmlReport({ ...loansSummary, effects }).matchAll(/<li class="card [^"]*">\s*<b>[^<]*<\/b><strong>([^<]*)/g),
    ].map((match) => match[1]);
  const { effects } = loansSummary;
  const swapped = effects.filter(({ control }) => control !== null);
  const cut = (keep: number) =>
    swapped.slice(0, 1).map((effect) => {
      const traceEdit = { ...effect.condition.traceEdit, id: 'keep', keep: { unit: 'fraction', value: keep } as const };
      return { ...effect, condition: { ...effect.condition, traceEdit, alias: `keep=${keep}:open+swap:nationality` } };
    });
  const names = ['free', 'frozen', 'tag-stripped', 'half-truncated', 'half-closed'];
  assert.deepEqual(cardsOf(effects), names);
  assert.deepEqual(cardsOf([...effects, ...cut(0.1)]), [...names, 'keep=0.1:open']);
  assert.deepEqual(cardsOf([...effects, ...[0.1, 0.2, 0.3, 0.4].flatMap(cut)]), names);
});
