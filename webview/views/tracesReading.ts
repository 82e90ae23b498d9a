// Owns how one example is read beside the list: messages by role, reasoning by step, answer, fields of the record.
// Model text is text, never markup; long texts come cut, and whole when asked for.
import { html, nothing, type TemplateResult } from 'lit';
import { stepsOf } from '../../engine/domain/steps';
import type { Range } from '../../engine/domain/trace';
import type { ExampleReading, ShownText } from '../../engine/domain/traceList';
import { count, counted } from '../../engine/report/numbers';
import { foundText } from '../ui/foundText';
import { icon } from '../ui/icons';

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
  const note = html`<p class="opaque-note" role="note">${icon('warning')} The reasoning is ${opaque}: it is shown as far as the record has it,
    and cannot be re-run.</p>`;
  return html`<section class="part">
    <h3 class="role">Reasoning <small class="quiet">${counted(steps.length, 'step')}, ${counted(reading.reasoning.chars, 'character')}</small></h3>
    ${opaque === null ? nothing : note}
    ${text.trim() === '' ? html`<p class="quiet">The record has no text here.</p>` : nothing}
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
    <h3 class="role">Answer <small class="quiet">${row.answer === null ? 'none could be read' : row.answer}</small></h3>
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
    ['Place', turn === 0 ? place : `${place}, turn ${turn + 1}`],
    ...(model === null ? [] : [['Model', model] as const]),
    ...Object.entries(fields),
  ];
  return html`<section class="part">
    <h3 class="role">Record</h3>
    <dl class="fields">
      ${facts.map(([name, value]) => html`<div><dt>${name}</dt><dd dir="auto">${foundText(String(value), words)}</dd></div>`)}
    </dl>
  </section>`;
}

function cutNote({ text, chars }: ShownText, { showWhole }: TracesReadingProps): TemplateResult | typeof nothing {
  if (text.length >= chars) return nothing;
  return html`<p class="cut-note"><span class="quiet">${count(text.length)} of ${count(chars)} characters are shown.</span>
    <button class="choice" @click=${showWhole}>Show all</button></p>`;
}
