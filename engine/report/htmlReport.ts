// Owns the report of a run as one HTML file that opens offline and runs no script. Everything that comes from files, models or people
// is escaped on its way in; the content security policy forbids what slips through.
import type { ConditionEffect, RunSummary } from '../domain/effect';
import { type CalibrationRow, calibrationTexts, shownOfConditions, shownOfMeasures } from './calibrationText';
import { caveatNotes } from './caveatNotes';
import { conditionTable } from './conditionTable';
import { columnLink, definitionLink, definitionsSection } from './definitionsSection';
import { type ExclusionOptions, exclusionFlow } from './exclusionFlow';
import { figures } from './figures';
import type { Figure } from './figures/figure';
import { svgOf } from './figures/svgOf';
import { answeringEffects, headline, namedEffects } from './headline';
import { escapeHtml } from './htmlEscape';
import { htmlTable } from './htmlTable';
import { measuresTable } from './measuresTable';
import { methodsText } from './methodsText';
import { count, missing, percent, percentRange } from './numbers';
import { conditionPhrase } from './phrases';
import { provenance } from './provenance';
import { reportStyle } from './reportStyle';
import { strataTable } from './strataTable';
import type { Table } from './table';

export type ReportExtras = ExclusionOptions & {
  /** What the instrument measured where the answers are planted. */
  readonly calibration?: readonly CalibrationRow[];
};

const policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/** The whole file, from doctype to `</html>`. */
export function htmlReport(summary: RunSummary, extras: ReportExtras = {}): string {
  const title = `Counterthought: ${fileNames(summary)}`;
  const { calibration = [] } = extras;
  const table = conditionTable(summary);
  const explanations = table.notes.filter(({ mark }) => mark === '');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(title)}</title>
<style>${reportStyle}</style>
</head>
<body>
<main>
${header(summary)}
${cards(summary.effects)}
${exclusionFlow(summary, extras)}
${section('effects', 'Effects', effectsBody(summary, { ...table, notes: explanations }, calibration))}
${strataSection(summary.effects)}${figureSections(summary, calibration)}
${measuresSection(summary, calibration)}${caveatSection(summary)}
${section('methods', 'Methods', methods(summary))}
${section('definitions', 'What the numbers mean', definitionsSection(summary))}
${provenance(summary)}
</main>
</body>
</html>
`;
}

function header(summary: RunSummary): string {
  const { manifest, status, message } = summary;
  const problem = message === null ? '' : `<p class="problem">${escapeHtml(message)}</p>`;
  const cross = manifest.crossModel ? ' <span class="status">cross-model</span>' : '';
  const day = manifest.startedAt.slice(0, 16).replace('T', ' ');
  return `<header>
<p class="kicker">Counterthought <span class="status">${escapeHtml(status)}</span>${cross}</p>
<h1>${escapeHtml(fileNames(summary))}</h1>
<p class="byline">${escapeHtml(manifest.model.id)} · ${escapeHtml(day)} UTC · run ${escapeHtml(summary.run)}</p>
<p class="headline">${escapeHtml(headline(summary))}</p>
${problem}</header>`;
}

function fileNames({ manifest }: RunSummary): string {
  return manifest.files.map(({ path }) => path.split(/[\\/]/).at(-1) ?? path).join(', ');
}

function effectsBody({ effects }: RunSummary, table: Table, calibration: readonly CalibrationRow[]): string {
  const open = effects.filter(({ wentOn }) => wentOn !== null);
  const checked = calibratedList(calibrationTexts(shownOfConditions(open, ['went on']), calibration));
  return `${htmlTable(table, 'effects-table', { linkOf: columnLink })}${checked}`;
}

/** Nothing where nothing was calibrated. */
function calibratedList(texts: readonly string[]): string {
  if (texts.length === 0) return '';
  return `<ul class="calibrated">${texts.map((text) => `<li>${escapeHtml(text)}</li>`).join('')}</ul>`;
}

/** Only where a caveat tells examples apart. */
function strataSection(effects: readonly ConditionEffect[]): string {
  const table = strataTable(effects);
  if (!table) return '';
  const body = htmlTable(table, 'strata-table', { linkOf: columnLink });
  return `${section('strata', 'With and without a caveat', body)}\n`;
}

const mostCards = 8;

/** A card per condition that answers the run's question, the rate large; of a whole curve only the cuts that have names. */
function cards(effects: readonly ConditionEffect[]): string {
  const answering = answeringEffects(effects);
  const shown = answering.length > mostCards ? namedEffects(answering) : answering;
  const items = shown.map(({ condition, keptRate, control }) => {
    const versus = control ? `<span>control ${percent(control.rate)}</span>` : '';
    const range = keptRate.interval ? `${percentRange(keptRate.interval)}%` : missing;
    return `<li class="card ${condition.traceEdit.close === 'open' ? 'open' : 'closed'}">
<b>${percent(keptRate.rate)}</b><strong>${escapeHtml(condition.alias.split('+')[0] ?? '')}</strong>
<span>${range}</span>${versus}</li>`;
  });
  return `<ul class="cards" aria-label="Kept rates">${items.join('')}</ul>`;
}

/** Every figure that the run has, in a section of its own, with its numbers for who cannot see it. */
function figureSections(summary: RunSummary, calibration: readonly CalibrationRow[]): string {
  const shown = figures.filter(({ has }) => has(summary));
  return shown.map((figure) => section(figure.id, figure.title, figureBody(figure, summary, calibration))).join('\n');
}

function figureBody(figure: Figure, summary: RunSummary, calibration: readonly CalibrationRow[]): string {
  const { id, title, caption, draw, numbers, shows } = figure;
  const drawn = svgOf(draw(summary, 'page'), { idPrefix: `plot-${id}` });
  const checked = calibratedList(calibrationTexts(shows(summary), calibration));
  return `<figure><div class="scroll" role="region" aria-label="${escapeHtml(title)}" tabindex="0">${drawn}</div>
<figcaption>${escapeHtml(caption(summary))}${checked}</figcaption></figure>
<details><summary>The numbers of this figure</summary>${htmlTable(numbers(summary), `${id}-table`, { linkOf: columnLink })}</details>`;
}

/** Only where a run has the conditions of one. */
function measuresSection({ measures }: RunSummary, calibration: readonly CalibrationRow[]): string {
  const table = measuresTable(measures);
  if (!table) return '';
  const body = htmlTable(table, 'measures-table', { linkOf: columnLink, rowLinkOf: definitionLink });
  const checked = calibratedList(calibrationTexts(shownOfMeasures(measures), calibration));
  return `${section('measures', 'Measures of the literature', `${body}${checked}`)}\n`;
}

/** Caveats of the run, then those that the table's marks stand for, with the conditions that have them. */
function caveatSection({ caveats, effects }: RunSummary): string {
  const ofRun = caveats.map(({ message }) => `<li>${escapeHtml(message)}</li>`);
  const ofConditions = caveatNotes(effects).map(({ id, mark, text, counted }) => {
    const having = effects.flatMap(({ condition, caveats: own }) => {
      const found = own.find((caveat) => caveat.id === id);
      const times = counted && found ? ` (${count(found.count)})` : '';
      return found ? [`<code>${escapeHtml(condition.alias)}</code>${times}`] : [];
    });
    return `<li><b class="mark">${mark}</b> ${escapeHtml(text)} <span class="where">${having.join(' ')}</span></li>`;
  });
  const items = [...ofRun, ...ofConditions];
  const body =
    items.length === 0 ? '<p>Nothing was found that calls for it.</p>' : `<ul class="caveats">${items.join('')}</ul>`;
  return section('caveats', 'Read with care', body);
}

function methods(summary: RunSummary): string {
  const paragraphs = methodsText(summary).map(({ title, text }) => `<p><b>${title}.</b> ${escapeHtml(text)}</p>`);
  const conditions = summary.effects.map(({ condition }) => {
    return `<dt><code>${escapeHtml(condition.alias)}</code></dt><dd>${escapeHtml(conditionPhrase(condition))}</dd>`;
  });
  const { evaluated, asked } = summary.reuse;
  const saved = asked > 0 && evaluated > 0 ? reuseText(evaluated, asked) : '';
  return `${paragraphs.join('\n')}\n<dl class="conditions">${conditions.join('')}</dl>${saved}`;
}

function reuseText(evaluated: number, asked: number): string {
  const share = percent(evaluated / asked, 0);
  const text = `The conditions asked for ${count(asked)} tokens; sharing their common beginnings left ${count(evaluated)} to evaluate`;
  return `<p><b>Work.</b> ${escapeHtml(text)} (${share}). Sharing changes no result.</p>`;
}

function section(id: string, title: string, body: string): string {
  return `<section aria-labelledby="${id}"><h2 id="${id}">${title}</h2>\n${body}\n</section>`;
}
