// Owns the section of the report that defines what it shows: the columns, the baselines and the caveats of this run, no others.
import type { RunSummary } from '../domain/effect';
import { conditionTable } from './conditionTable';
import { curveNumbers } from './curveTable';
import type { Definition } from './definitions/definition';
import { definitionOfColumn, definitions } from './definitions/definitions';
import { escapeHtml } from './htmlEscape';
import { strataTable } from './strataTable';

const anchorOf = ({ id }: Definition): string => `means-${id}`;

/** Where a column's head leads. */
export function columnLink(column: string): string | undefined {
  const found = definitionOfColumn(column);
  return found && `#${anchorOf(found)}`;
}

/** Where a name in a table's first column leads, if it is that of a definition. */
export function definitionLink(name: string): string | undefined {
  const found = definitions.find(({ id }) => id === name);
  return found && `#${anchorOf(found)}`;
}

/** Definitions in the order of their table. */
export function definitionsSection(summary: RunSummary): string {
  const wanted = new Set(shownIds(summary));
  const shown = definitions.filter(({ id }) => wanted.has(id));
  return `<div class="definitions">${shown.map(article).join('\n')}</div>
<p class="where"><code>counterthought explain</code> lists all definitions.</p>`;
}

function shownIds(summary: RunSummary): readonly string[] {
  const { effects, curves, caveats, measures } = summary;
  const strata = strataTable(effects);
  const tables = [
    conditionTable(summary),
    ...(strata ? [strata] : []),
    ...(curves.length > 0 ? [curveNumbers(curves)] : []),
  ];
  const columns = tables.flatMap((table) => table.columns.flatMap(({ id }) => definitionOfColumn(id)?.id ?? []));
  const raised = new Set([...caveats, ...effects.flatMap((effect) => effect.caveats)].map(({ id }) => id));
  const ofCaveats = definitions.filter(({ caveat }) => caveat !== undefined && raised.has(caveat)).map(({ id }) => id);
  const methods = effects.flatMap(({ keptRate, paired }) => [keptRate.method, paired?.method ?? '']).join(' ');
  const ofMethods = Object.entries(methodWords).flatMap(([id, word]) => (word.test(methods) ? [id] : []));
  const ofReadouts = effects.map(({ condition }) => `${condition.readout}-readout`);
  const ofCurves = curves.length > 0 ? ['dose-response', 'aoc', 'decided', 'newcombe'] : [];
  const adjusted = effects.some(({ paired }) => (paired?.tests ?? 0) > 1) ? ['holm'] : [];
  const ofMeasures = measures.length > 0 ? ['measures', ...measures.map(({ id }) => id)] : [];
  return [
    'half',
    'replication',
    ...columns,
    ...ofCaveats,
    ...ofMethods,
    ...ofReadouts,
    ...ofCurves,
    ...ofMeasures,
    ...adjusted,
  ];
}

/** Definition → how the methods that it covers are called. */
const methodWords: Readonly<Record<string, RegExp>> = {
  wilson: /Wilson/,
  'cluster-bootstrap': /bootstrap/,
  mcnemar: /McNemar/,
  'paired-permutation': /permutation/,
};

function article(definition: Definition): string {
  const { title, about, formula, source, pitfalls, advice } = definition;
  const items = [...pitfalls, ...advice].map((text) => `<li>${escapeHtml(text)}</li>`);
  return `<article class="definition" id="${anchorOf(definition)}"><h3>${escapeHtml(title)}</h3>
<p>${escapeHtml(about)}</p>
<p class="formula">${escapeHtml(formula)}</p>
<ul>${items.join('')}</ul>
<p class="where">${escapeHtml(source)}</p></article>`;
}
