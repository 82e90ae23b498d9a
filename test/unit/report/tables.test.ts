import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RunSummary } from '../../../engine/domain/effect';
import { caveat } from '../../../engine/measure/caveats';
import { conditionTable } from '../../../engine/report/conditionTable';
import { htmlTable } from '../../../engine/report/htmlTable';
import { latexTable } from '../../../engine/report/latexTable';
import { markdownTable } from '../../../engine/report/markdownTable';
import { count, percent, percentRange, pValue } from '../../../engine/report/numbers';
import type { Table } from '../../../engine/report/table';
import { textTable } from '../../../engine/report/textTable';
import { loansSummary } from './loansSummary';

const hostile = '<img src=x onerror="alert(1)"> & \'`|\\_#$%{}~^\u0000\nnext';

const hostileTable: Table = {
  caption: hostile,
  columns: [
    { id: 'name', title: hostile, align: 'left' },
    { id: 'value', title: 'value', align: 'right' },
  ],
  rows: [[hostile, '1']],
  notes: [{ mark: 'a', text: hostile }],
};

test('numbers are written one way, and a missing one is a dash', () => {
  assert.deepEqual([percent(0.8524), percent(1), percent(0), percent(null)], ['85.2%', '100.0%', '0.0%', '–']);
  assert.deepEqual([percentRange([0.8, 0.891]), percentRange(null)], ['80.0–89.1', '–']);
  assert.deepEqual(
    [count(0), count(1234567), count(26.666666667), count(1234.5)],
    ['0', '1,234,567', '26.7', '1,234.5'],
  );
  assert.deepEqual([pValue(0.0004), pValue(0.04), pValue(1), pValue(null)], ['<0.001', '0.040', '1.000', '–']);
});

test('the terminal’s table has a row per condition with every number beside its kept rate, aligned', () => {
  const lines = textTable(conditionTable(loansSummary)).split('\n');
  assert.match(lines[0]!, /244 examples, model counterthought-organism$/);
  const head = lines[2]!;
  const titles = ['condition', 'kept rate', '95% interval', 'method', 'kept', 'flipped', 'unreadable', 'n', 'bounds'];
  assert.deepEqual(head.split(/\s{2,}/), [...titles, 'control', 'p', 'noise', 'went on', 'notes']);
  const row = lines.find((line) => line.startsWith('half-truncated+swap'))!;
  const cells = [
    '38.2%',
    '32.3–44.4',
    'Wilson',
    '92',
    '149',
    '3',
    '244',
    '37.7–38.9',
    '98.8%',
    '<0.001',
    '0.0%',
    '99.6%',
  ];
  assert.deepEqual(row.split(/\s{2,}/).slice(1, 13), cells);
  for (const [title, cell] of [
    ['kept rate', '38.2%'],
    ['unreadable', '3'],
    ['noise', '0.0%'],
  ] as const) {
    const right = head.indexOf(title) + title.length;
    assert.equal(row.slice(right - cell.length, right), cell, `${title} is not above ${cell}`);
  }
});

test('where the terminal is narrow, columns go in a fixed order and a note names them', () => {
  const table = conditionTable(loansSummary);
  for (const width of [140, 120, 100]) {
    const lines = textTable(table, width).split('\n');
    assert.ok(
      lines.slice(2).every((line) => [...line].length <= width),
      `wider than ${width}`,
    );
    assert.match(lines.at(-1)!, /The report has them\.$/);
  }
  const narrowest = textTable(table, 10);
  for (const kept of ['kept rate', '95% interval', 'flipped', 'unreadable']) assert.ok(narrowest.includes(kept));
  assert.ok(!narrowest.includes('noise: share'), 'the explanation of a column left out stays');
});

test('columns that no condition has anything for are left out', () => {
  const effects = loansSummary.effects.slice(2, 3).map((effect) => ({ ...effect, noise: null, caveats: [] }));
  const ids = conditionTable({ ...loansSummary, effects }).columns.map(({ id }) => id);
  assert.deepEqual(ids, ['condition', 'keptRate', 'interval', 'method', 'kept', 'flipped', 'unreadable', 'n']);
});

test('a run without any outcome yet is a table of dashes', () => {
  const effects = loansSummary.effects.map((effect) => ({
    ...effect,
    n: 0,
    kept: 0,
    flipped: 0,
    unreadable: 0,
    keptRate: { n: 0, rate: null, interval: null, method: 'Wilson' },
    bounds: null,
    control: null,
    noise: null,
    paired: null,
    wentOn: null,
    caveats: [caveat('noExamples', 0, 0)],
  }));
  const streaming: RunSummary = { ...loansSummary, effects, status: 'running', done: 0 };
  const text = textTable(conditionTable(streaming));
  assert.match(text, /0 of 246 examples, model counterthought-organism \(running\)/);
  assert.match(text, /frozen\+swap:nationality +– +– +Wilson +0 +0 +0 +0 +a/);
  assert.ok(!/NaN|undefined|null|Infinity/.test(text));
  assert.doesNotThrow(() => textTable(conditionTable({ ...streaming, effects: [] })));
});

test('each kind of caveat has one mark and one note; counts that differ stand beside the marks', () => {
  const { notes, rows, columns } = conditionTable(loansSummary);
  const notesColumn = columns.findIndex(({ id }) => id === 'notes');
  const cellOf = (alias: string) => rows.find((row) => row[0] === alias)?.[notesColumn];
  const textOf = (mark: string) => notes.find((note) => note.mark === mark)?.text;
  assert.equal(cellOf('frozen'), 'a b');
  assert.match(textOf('b')!, /^In all 244 examples the kept reasoning already states the answer/);
  assert.deepEqual(
    [cellOf('tag-stripped+swap:nationality'), cellOf('half-truncated+swap:nationality')],
    ['c d1', 'c d3'],
  );
  assert.match(textOf('d')!, /^In 1–3 of 244 examples the text reached the token limit/);
  assert.ok(notes.some(({ mark, text }) => mark === '' && text.startsWith('notes: a number beside a mark')));
  assert.equal(new Set(notes.map(({ mark, text }) => mark || text)).size, notes.length);
});

test('Markdown keeps its cells whatever they hold', () => {
  const lines = markdownTable(hostileTable).split('\n');
  assert.equal(lines.length, 7);
  for (const line of lines.slice(2, 5)) assert.equal(line.match(/(?<!\\)\|/g)?.length, 3, line);
  assert.ok(!lines.join('\n').includes('<img'));
  assert.ok(
    markdownTable(conditionTable(loansSummary)).includes('| frozen+swap:nationality | 85.2% | 80.3–89.1 | Wilson |'),
  );
});

test('LaTeX gets no commands from cells', () => {
  const latex = latexTable(hostileTable);
  const row = latex.split('\n').find((line) => line.endsWith('& 1 \\\\'))!;
  assert.ok(row.includes('\\textbackslash{}\\_\\#\\$\\%\\{\\}\\textasciitilde{}\\textasciicircum{}'), row);
  assert.equal(row.match(/(?<!\\)&/g)?.length, 1);
  const table = latexTable(conditionTable(loansSummary), 'tab:loans');
  assert.match(table, /\\label\{tab:loans\}/);
  assert.match(table, /frozen\+swap:nationality & 85\.2\\% & 80\.3--89\.1 & Wilson & 208 & 36 & 0 & 244 &/);
});

test('HTML escapes everything and names rows and columns', () => {
  const html = htmlTable(hostileTable, 'one');
  assert.ok(!html.includes('<img') && !html.includes('\u0000'));
  assert.match(html, /<th scope="row">&lt;img src=x onerror=&quot;alert\(1\)&quot;&gt; &amp; &#39;/);
  assert.match(html, /aria-labelledby="one"/);
  assert.equal(html.match(/<th scope="col"/g)?.length, 2);
});
