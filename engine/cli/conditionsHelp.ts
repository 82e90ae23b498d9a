// Owns the help on conditions: every trace edit, prompt edit and preset of the tables, as they are written in a list.
import { promptEdits, traceEdits } from '../interventions';
import { conditionPresets } from '../service/conditionPresets';
import { written } from '../service/traceEditWords';

export function conditionsHelp(): string {
  const edits = traceEdits.map(({ descriptor }) => ({
    name: written(descriptor.id, descriptor.params),
    help: descriptor.question,
  }));
  const families = [
    { name: 'curve[:STEPS]', help: 'keep=0, 0.1 … 1 of the reasoning, closed and open: the dose-response curves' },
    { name: 'drop:*', help: 'one condition a step; also resample:*, answer-after:*, paraphrased:*, mistake:*' },
    ...Object.entries(conditionPresets).map(([name, { list, about }]) => ({ name, help: `${about} (${list})` })),
  ];
  const prompts = promptEdits.map(({ descriptor }) => ({ name: `+${descriptor.id}`, help: descriptor.question }));
  return [
    'Conditions are a list with commas. Each is run with the prompt as it is and with every edit of the prompt that was asked for;',
    'behind a + only with that one. :open or :closed behind an edit lets the model go on or makes it answer; /forced, /continued and /both',
    'choose how the answer is read. A comma, slash or plus sign in a text is written with a backslash before it.',
    '',
    section('Edits of the trace:', edits),
    '',
    section('Families and lists:', families),
    '',
    section('Edits of the prompt:', prompts),
  ].join('\n');
}

type Row = { readonly name: string; readonly help: string };

function section(title: string, rows: readonly Row[]): string {
  const width = Math.max(...rows.map(({ name }) => name.length));
  return [title, ...rows.map(({ name, help }) => `  ${name.padEnd(width)}  ${help}`)].join('\n');
}
