// Every definition is complete and distinct; every column of the tables and every caveat has one, and is found by its name.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { caveatMessage } from '../../engine/measure/caveats';
import { metrics } from '../../engine/measure/metrics';
import { comparisonTable } from '../../engine/report/comparisonTable';
import { conditionTable } from '../../engine/report/conditionTable';
import { curveNumbers } from '../../engine/report/curveTable';
import { caveatDefinitions } from '../../engine/report/definitions/caveatDefinitions';
import { definitionOfColumn, definitions, findDefinition } from '../../engine/report/definitions/definitions';
import { htmlReport } from '../../engine/report/htmlReport';
import { measuresTable } from '../../engine/report/measuresTable';
import { pilotTable } from '../../engine/report/pilotTable';
import { strataTable } from '../../engine/report/strataTable';
import { loansComparison, loansSummary } from '../unit/report/loansSummary';

for (const definition of definitions) {
  const { id, title, about, formula, source, pitfalls, advice } = definition;
  test(`${id} is defined: formula, source, pitfalls and what to do`, () => {
    assert.match(id, /^[a-z]+(-[a-z]+)*$/);
    for (const text of [title, about, formula, source, ...pitfalls, ...advice]) {
      assert.ok(text.trim() === text && text !== '' && !/undefined|null|NaN|TODO/.test(text), text);
    }
    assert.ok(about.length > 20 && /[.?]$/.test(about), about);
    assert.ok(pitfalls.length > 0 && advice.length > 0);
    for (const name of [id, title, title.toUpperCase()]) assert.equal(findDefinition(name), definition);
  });
}

test('no two definitions share an id, a title, a column or a caveat', () => {
  const parts = definitions.map(({ id, title, columns = [], caveat }) => [
    id,
    title,
    ...columns,
    ...(caveat ? [caveat] : []),
  ]);
  for (const index of [0, 1]) assert.equal(new Set(parts.map((part) => part[index])).size, definitions.length);
  const claimed = definitions.flatMap(({ columns = [] }) => columns);
  assert.equal(new Set(claimed).size, claimed.length);
});

test('every caveat has a definition, and every definition of a caveat has its sentence', () => {
  // The record of sentences is complete by its type, and so is that of definitions: both by CaveatId.
  assert.ok(caveatDefinitions.length >= 11);
  for (const { caveat } of caveatDefinitions) {
    assert.ok(caveat && caveatMessage(caveat, [{ count: 2, total: 3 }]).length > 20);
    assert.equal(findDefinition(caveat)?.caveat, caveat);
  }
});

test('every column of every table has a definition', () => {
  const tables = [
    conditionTable(loansSummary),
    curveNumbers(loansSummary.curves),
    strataTable(loansSummary.effects),
    comparisonTable(loansComparison),
    measuresTable(loansSummary.measures),
    pilotTable({ summary: loansSummary, examples: 900, perExampleMs: 40, noiseExamples: 24 }),
  ];
  const columns = tables.flatMap((table) => table?.columns ?? []);
  // 13 columns and the notes; this summary has something for each of them.
  assert.ok(columns.length >= 14 + 8 + 5 + 11 + 6 + 5, `${columns.length}`);
  for (const { id } of columns) assert.ok(definitionOfColumn(id), `column ${id}`);
});

test('every measure has its page, and its name in the report leads there', () => {
  for (const { id } of metrics) assert.equal(findDefinition(id)?.id, id);
  assert.match(htmlReport(loansSummary), /<th scope="row"><a href="#means-accuracy">accuracy<\/a>/);
});

test('column heads of the report lead to definitions that are there, once each', () => {
  const html = htmlReport(loansSummary);
  const anchors = [...html.matchAll(/ id="(means-[a-z-]+)"/g)].map((match) => match[1]);
  const links = [...html.matchAll(/<a href="#(means-[a-z-]+)"/g)].map((match) => match[1]);
  assert.equal(new Set(anchors).size, anchors.length);
  assert.ok(links.length > 15);
  for (const link of links) assert.ok(anchors.includes(link), link);
  for (const id of ['mcnemar', 'holm', 'wilson', 'conclusion-leak', 'near-tie', 'forced-readout']) {
    assert.ok(anchors.includes(`means-${id}`), id);
  }
  assert.ok(!anchors.includes('means-cross-model'), 'only what this report shows');
});
