// Owns what a condition makes of one example before anything is asked of the model: the prompt's edit, the trace's edit, and the cut.
// Pure but for the model's text side; must not know how answers are read or who evaluates.
import type { Condition, TraceEditSpec } from '../domain/condition';
import type { Example, Message } from '../domain/example';
import { UserError } from '../domain/failure';
import { canonicalJson } from '../domain/ids';
import type { Material, MaterialSpec } from '../domain/material';
import type { CutRecord } from '../domain/run';
import { stepsOf } from '../domain/steps';
import { bodyEnd, changedText, changesBetween, type TextChange } from '../domain/trace';
import { promptEdits, traceEdits } from '../interventions';
import type {
  PromptEdit,
  PromptEditResult,
  TraceContext,
  TraceEdit,
  TraceGrid,
  TraceRewrite,
} from '../interventions/intervention';
import type { ModelText } from '../text/modelText';
import { editedTurn } from './editedTurn';
import { matchOption } from './foldAnswer';
import { gridOf, layTurn, type Turn } from './turn';

/** One example under one condition, laid out and cut. */
export type Cutting = {
  readonly condition: Condition;
  readonly edit: PromptEditResult;
  readonly turn: Turn;
  /** The reasoning after the edit; what is kept of it ends at `cut.offset`. */
  readonly reasoning: string;
  readonly cut: CutRecord;
};

/** Why there is none: the edit cannot be made of this example (`omitted`), or what it needed did not come (`unreadable`). */
export type NoCutting = { readonly omitted: string } | { readonly unreadable: string };

export type CuttingSetup = {
  readonly options: readonly string[];
  readonly model: ModelText;
  readonly seed: number;
  /** By canonical JSON of what was asked for. */
  readonly materials: ReadonlyMap<string, Material>;
};

export const materialKey = (spec: MaterialSpec): string => canonicalJson(spec);

/** @throws UserError when a spec names an edit that there is not */
export function findPromptEdit(id: string): PromptEdit {
  const edit = promptEdits.find((one) => one.descriptor.id === id);
  if (!edit) throw new UserError(`There is no prompt edit "${id}".`);
  return edit;
}

/** @throws UserError when a spec names an edit that there is not */
export function findTraceEdit(id: string): TraceEdit {
  const edit = traceEdits.find((one) => one.descriptor.id === id);
  if (!edit) throw new UserError(`There is no trace edit "${id}".`);
  return edit;
}

/** The messages of an example under a condition's prompt edit. */
export function editPrompt(
  messages: readonly Message[],
  { promptEdit }: Pick<Condition, 'promptEdit'>,
  materials?: CuttingSetup['materials'],
): PromptEditResult {
  const context = materials && { material: (wanted: MaterialSpec) => materials.get(materialKey(wanted)) };
  return findPromptEdit(promptEdit.id).apply(messages, promptEdit.params, context);
}

/** The example after one prompt edit: conditions share it. The recorded turn, and that with the edit made in the reasoning too. */
type Laid = {
  readonly edit: PromptEditResult;
  readonly recorded: Turn;
  readonly turn: Turn;
  readonly reasoning: string;
};

/** The cuttings of one example: prompts that several conditions share are edited and tokenized once. */
export function cuttingsOf(example: Example, setup: CuttingSetup): (condition: Condition) => Cutting | NoCutting {
  const laid = new Map<string, Laid | NoPrompt>();
  return (condition) => {
    const key = canonicalJson(condition.promptEdit);
    const known = laid.get(key) ?? layOut(example, condition, setup);
    laid.set(key, known);
    if ('omitted' in known) return known;
    return cutFor(example, condition, { ...setup, laid: known });
  };
}

type NoPrompt = { readonly omitted: string };

function layOut(example: Example, condition: Condition, { model, materials }: CuttingSetup): Laid | NoPrompt {
  const { promptEdit } = condition;
  const was = example.trace.reasoning;
  const edit = editPrompt(example.messages, condition, materials);
  if (edit.impossible !== undefined) return { omitted: edit.impossible };
  const recorded = layTurn(example, edit.messages, model);
  const inTrace = findPromptEdit(promptEdit.id).inTrace?.(was, promptEdit.params) ?? [];
  const reasoning = changedText(was, inTrace);
  return { edit, recorded, turn: editedTurn(recorded, { example, reasoning }, model), reasoning };
}

function cutFor(
  example: Example,
  condition: Condition,
  setup: CuttingSetup & { readonly laid: Laid },
): Cutting | NoCutting {
  const { edit, recorded, turn, reasoning } = setup.laid;
  const { traceEdit: spec } = condition;
  const found = findTraceEdit(spec.id);
  const tooFew = missingSteps(reasoning, spec);
  if (tooFew) return { omitted: tooFew };
  const rewrite = rewriteOf(found, gridOf(turn, reasoning), { example, spec, setup });
  if ('impossible' in rewrite) return { omitted: rewrite.impossible };
  if ('unreadable' in rewrite) return rewrite;
  const is = changedText(reasoning, rewrite.changes);
  const edited = is === reasoning ? turn : editedTurn(recorded, { example, reasoning: is }, setup.model);
  const cut = found.apply(gridOf(edited, is), { ...spec, keep: rewrite.keep ?? spec.keep });
  const was = example.trace.reasoning;
  const removedClosing = spec.close === 'open' ? is.slice(bodyEnd(is)) + turn.frame.close : '';
  const changes = reasoning === was ? rewrite.changes : changesBetween(was, is);
  return {
    condition,
    edit,
    turn: edited,
    reasoning: is,
    cut: { ...cut, removedClosing, ...extras(changes, rewrite.note) },
  };
}

const extras = (changes: readonly TextChange[], note: string | undefined) => ({
  ...(changes.length > 0 ? { changes } : {}),
  ...(note === undefined ? {} : { note }),
});

/** An example with fewer steps than are asked for takes no part: keeping all of it would be another condition. */
function missingSteps(reasoning: string, { keep }: TraceEditSpec): string | null {
  if (keep.unit !== 'steps') return null;
  const steps = stepsOf(reasoning).length;
  return keep.value > steps
    ? `its reasoning has ${steps === 1 ? 'one step' : `${steps} steps`}, fewer than ${keep.value}`
    : null;
}

type RewriteRequest = {
  readonly example: Example;
  readonly spec: TraceEditSpec;
  readonly setup: CuttingSetup & { readonly laid: Laid };
};

function rewriteOf(edit: TraceEdit, grid: TraceGrid, { example, spec, setup }: RewriteRequest): TraceRewrite {
  if (!edit.rewrite) return { changes: [] };
  const { options, model, seed, materials, laid } = setup;
  const context: TraceContext = {
    options,
    recorded: matchOption(example.answer?.option ?? '', options) ?? '',
    seed: `${seed}/${example.id}`,
    tokenCount: (text) => model.encodeAfter(laid.turn.encoding.ids, text).ids.length,
    material: (wanted) => materials.get(materialKey(wanted)),
  };
  return edit.rewrite(grid, spec.params ?? {}, context);
}
