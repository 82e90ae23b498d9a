// Owns how one example is read beside the list: messages by role, reasoning by step, answer, fields of the record.
// Model text is text, never markup; long texts come cut, and whole when asked for.
import { html, nothing, type TemplateResult } from 'lit';
import { stepsOf } from '../../engine/domain/steps';
import type { Range } from '../../engine/domain/trace';
import type { ExampleReading, ShownText } from '../../engine/domain/traceList';
import { count } from '../../engine/report/numbers';
import { foundText } from '../ui/foundText';
import { icon } from '../ui/icons';
import { plural, t } from '../ui/t';

export type TracesReadingProps = {
  readonly reading: ExampleReading;
  /** Words that were searched for, to be marked. */
  readonly words: string;
  readonly showWhole: () => void;
};

export function tracesReading(props: TracesReadingProps): TemplateResult {
  const { reading, words } = props;
  return html`${reading.messages.map(
    (message) => html`<section class="part">
      <h3 class="role">${message.role}</h3>
      <div class="model-text" dir="auto">${foundText(message.text, words)}</div>
      ${cutNote(message, props)}
    </section>`,
  )}
  ${reasoning(props)} ${answer(props)} ${fieldTable(reading, words)}`;
}

function reasoning(props: TracesReadingProps): TemplateResult {
  const { reading, words } = props;
  const { opaque } = reading.row;
  const { text } = reading.reasoning;
  const steps = stepsOf(text);
  const { chars } = reading.reasoning;
  const size = `${plural('{0} step', '{0} steps', steps.length)}, ${plural('{0} character', '{0} characters', chars)}`;
  const note = html`<p class="opaque-note" role="note">${icon('warning')}
    ${t('The reasoning is {0}: it is shown as far as the record has it, and cannot be re-run.', opaque ?? '')}</p>`;
  return html`<section class="part">
    <h3 class="role">${t('Reasoning')} <small class="quiet">${size}</small></h3>
    ${opaque === null ? nothing : note}
    ${text.trim() === '' ? html`<p class="quiet">${t('The record has no text here.')}</p>` : nothing}
    <ol class="steps">${steps.map((step) => stepItem(text, step, words))}</ol>
    ${cutNote(reading.reasoning, props)}
  </section>`;
}

/** The breaks around a step are its place in the list; a blank line after it stays one. */
function stepItem(text: string, { start, end }: Range, words: string): TemplateResult {
  const step = text.slice(start, end);
  const classes = /\n\s*\n\s*$/.test(step) ? 'trace-step ends-paragraph' : 'trace-step';
  return html`<li class=${classes} dir="auto">${foundText(step.trimEnd().replace(emptyStart, ''), words)}</li>`;
}

/** Empty lines behind a tag: left out of what is shown, and only there. */
const emptyStart = /^(?:[^\S\n]*\n)+/;

function answer(props: TracesReadingProps): TemplateResult {
  const { answerText, row } = props.reading;
  return html`<section class="part">
    <h3 class="role">${t('Answer')} <small class="quiet">${row.answer === null ? t('none could be read') : row.answer}</small></h3>
    <div class="model-text" dir="auto">${answerParts(props)}</div>
    ${cutNote(answerText, props)}
  </section>`;
}

/** The words that were read as the answer are marked. */
function answerParts({ reading: { answerText, answerRange }, words }: TracesReadingProps): unknown {
  const { text } = answerText;
  const start = Math.min(emptyStart.exec(text)?.[0].length ?? 0, answerRange?.start ?? text.length);
  if (!answerRange) return foundText(text.slice(start), words);
  const read = text.slice(answerRange.start, answerRange.end);
  return [
    foundText(text.slice(start, answerRange.start), words),
    html`<b class="recorded">${read}</b>`,
    foundText(text.slice(answerRange.end), words),
  ];
}

function fieldTable({ fields, model, place, turn }: ExampleReading, words: string): TemplateResult {
  const facts: readonly (readonly [string, unknown])[] = [
    [t('Place'), turn === 0 ? place : t('{0}, turn {1}', place, turn + 1)],
    ...(model === null ? [] : [[t('Model'), model] as const]),
    ...Object.entries(fields),
  ];
  return html`<section class="part">
    <h3 class="role">${t('Record')}</h3>
    <dl class="fields">
      ${facts.map(([name, value]) => html`<div><dt>${name}</dt><dd dir="auto">${foundText(String(value), words)}</dd></div>`)}
    </dl>
  </section>`;
}

function cutNote({ text, chars }: ShownText, { showWhole }: TracesReadingProps): TemplateResult | typeof nothing {
  if (text.length >= chars) return nothing;
  return html`<p class="cut-note"><span class="quiet">${t('{0} of {1} characters are shown.', count(text.length), count(chars))}</span>
    <button class="choice" @click=${showWhole}>${t('Show all')}</button></p>`;
}
