// Owns how conditions are named, parsed and completed: aliases as people type them, ids as hashes, the product of trace and prompt edits.
// Must not know models or files.
import { createHash } from 'node:crypto';
import {
  type Condition,
  type ConditionSpec,
  canonicalCondition,
  isSwapped,
  noPromptEdit,
  type PromptEditSpec,
  type ReadoutKind,
  type TraceEditSpec,
} from '../domain/condition';
import { UserError } from '../domain/failure';
import { canonicalJson, conditionId } from '../domain/ids';
import { promptEdits } from '../interventions';
import { conditionPresets } from './conditionPresets';
import { findPromptEdit } from './cutting';
import { isOfSwappedRun, parseTraceEdits, traceEditAlias } from './traceEditWords';

/** Forced readout exists for closed edits only, and is exact there. */
const readoutOf = (traceEdit: TraceEditSpec): ReadoutKind => (traceEdit.close === 'closed' ? 'forced' : 'continued');

const promptEditAlias = ({ id, params }: PromptEditSpec): string => findPromptEdit(id).alias(params);

/** The condition with its id and its readable alias. */
export function nameCondition(spec: ConditionSpec): Condition {
  const hash = createHash('sha256').update(canonicalCondition(spec)).digest('hex').slice(0, 16);
  const swapped = isSwapped(spec) ? `+${promptEditAlias(spec.promptEdit)}` : '';
  const readout = spec.readout === readoutOf(spec.traceEdit) ? '' : `/${spec.readout}`;
  return { ...spec, id: conditionId(hash), alias: `${traceEditAlias(spec.traceEdit)}${swapped}${readout}` };
}

/** Names them, drops those that coincide, and puts every swapped one's unswapped control before it. */
export function completeConditions(specs: readonly ConditionSpec[]): readonly Condition[] {
  const named = new Map<string, Condition>();
  const add = (spec: ConditionSpec): void => {
    const condition = nameCondition(spec);
    if (!named.has(condition.id)) named.set(condition.id, condition);
  };
  for (const spec of specs) {
    if (isSwapped(spec)) add({ ...spec, promptEdit: noPromptEdit });
    add(spec);
  }
  return [...named.values()];
}

/** What stands beside a list of conditions: the prompt edits that were asked for, and the length of the longest trace. */
export type ConditionChoices = {
  /** The first is the one that `+swap` and the cells of mediation mean. */
  readonly prompts: readonly PromptEditSpec[];
  /** Steps of the longest trace, for families such as `drop:*`; `null` when no file is at hand. */
  readonly mostSteps: number | null;
};

/** Trace edits × (prompt left alone, each edit of it). */
export function crossConditions(
  edits: readonly TraceEditSpec[],
  prompts: readonly PromptEditSpec[],
): readonly ConditionSpec[] {
  return edits.flatMap((traceEdit) => {
    const [main] = prompts;
    if (!isOfSwappedRun(traceEdit)) return [noPromptEdit, ...prompts].map((promptEdit) => plain(promptEdit, traceEdit));
    if (!main)
      throw new UserError(`${traceEdit.id} takes the reasoning of the swapped run: say which with --swap FIELD=A:B.`);
    const own = { ...traceEdit, params: { edit: main.id, ...main.params } };
    return [noPromptEdit, main].map((promptEdit) => plain(promptEdit, own));
  });
}

const plain = (promptEdit: PromptEditSpec, traceEdit: TraceEditSpec): ConditionSpec => ({
  promptEdit,
  traceEdit,
  readout: readoutOf(traceEdit),
});

/**
 * A list as people type it: `frozen,tag-stripped` stands for both the unswapped and, if a swap is asked for, the swapped condition;
 * `curve`, `drop:*` and the like for all of a family, `mediation` and other presets for their list;
 * `frozen+swap:nationality` for that one (its control is added), `frozen+none` for the unswapped alone. `/continued` and `/forced` choose
 * the readout, `/both` makes one of each. A comma in a text is written `\\,`.
 */
export function parseConditions(list: string, choices: ConditionChoices): readonly ConditionSpec[] {
  return splitOutside(list, ',')
    .map((item) => item.trim())
    .filter((item) => item !== '')
    .flatMap((item) => conditionPresets[item]?.list.split(',') ?? [item])
    .flatMap((item) => parseCondition(item, choices));
}

/** Parts of a text between separators that have no backslash before them. */
function splitOutside(text: string, separator: ',' | '/' | '+'): readonly string[] {
  return text.split(new RegExp(`(?<!\\\\)\\${separator}`));
}

const unescaped = (text: string): string => text.replace(/\\([,/+])/g, '$1');

function parseCondition(item: string, choices: ConditionChoices): readonly ConditionSpec[] {
  const [name = '', readout] = splitOutside(item, '/');
  const [edits = '', prompt] = splitOutside(name, '+');
  const wanted = prompt === undefined ? null : parsePrompt(prompt, { item, choices });
  return parseTraceEdits(unescaped(edits), choices.mostSteps).flatMap((traceEdit) => {
    const specs = crossConditions([traceEdit], choices.prompts);
    const asked = wanted === null ? specs : ofPrompt(specs, wanted);
    return asked.flatMap((spec) => parseReadouts(readout, traceEdit, spec));
  });
}

/** Those under this prompt edit; an edit that nobody crossed with everything is crossed with this trace edit alone. */
function ofPrompt(specs: readonly ConditionSpec[], wanted: PromptEditSpec): readonly ConditionSpec[] {
  const found = specs.filter(({ promptEdit }) => canonicalJson(promptEdit) === canonicalJson(wanted));
  const [first] = specs;
  return found.length > 0 || !first ? found : [{ ...first, promptEdit: wanted }];
}

type PromptRequest = { readonly item: string; readonly choices: ConditionChoices };

/** `none`, `swap`, `swap:nationality`, or an edit that needs to be told nothing, such as `shuffle-options`. */
function parsePrompt(text: string, { item, choices }: PromptRequest): PromptEditSpec {
  if (text === noPromptEdit.id) return noPromptEdit;
  const found = choices.prompts.find((spec) => spec.id === text || promptEditAlias(spec) === text);
  if (found) return found;
  const known = promptEdits.find(({ descriptor }) => descriptor.id === text)?.descriptor;
  if (known?.params.every(({ default: standard }) => standard !== undefined)) return { id: known.id, params: {} };
  const [id = '', name = ''] = text.split(':');
  const option = id === 'placebo' ? '--placebo' : '--swap';
  throw new UserError(`"${item}" needs a swap that says so: ${option} ${name || 'FIELD'}=A:B`);
}

function parseReadouts(
  text: string | undefined,
  traceEdit: TraceEditSpec,
  spec: ConditionSpec,
): readonly ConditionSpec[] {
  if (text === undefined) return [spec];
  const kinds = text === 'both' ? (['forced', 'continued'] as const) : [text];
  return kinds.map((kind) => ({ ...spec, readout: parseReadout(kind, traceEdit) }));
}

function parseReadout(text: string, traceEdit: TraceEditSpec): ReadoutKind {
  if (text !== 'forced' && text !== 'continued') {
    throw new UserError(`There is no readout "${text}"; there are forced, continued and both.`);
  }
  if (text === 'forced' && traceEdit.close === 'open') {
    throw new UserError(`${traceEdit.id} leaves the reasoning open, so its answer cannot be forced; use /continued.`);
  }
  return text;
}

/** sha256 of the canonical JSON of a value: the hash that stands under every figure. */
export const hashOf = (value: unknown): string => createHash('sha256').update(canonicalJson(value)).digest('hex');
