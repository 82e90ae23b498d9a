// Owns how a trace edit is written: `frozen`, `keep=0.7:open`, `drop:3`, `mistake:2:closed`, and families such as `curve` and `drop:*`.
// What is written so is printed so again. Must not know prompts, models or files.
import type { TraceEditDescriptor } from '../domain/catalog';
import type { Close, Keep, TraceEditSpec } from '../domain/condition';
import { canonicalTraceEdit } from '../domain/condition';
import { UserError } from '../domain/failure';
import { canonicalJson } from '../domain/ids';
import type { ParamDescriptor, ParamValues } from '../domain/params';
import { traceEdits } from '../interventions';
import { swappedTraceId } from '../interventions/given';
import { aliasPart } from '../interventions/substitution';

/** Edits that are the cut `{unit: 'steps'}` under another name, and how many steps each keeps. */
const stepsKept: Readonly<Record<string, (step: number) => number>> = {
  resample: (step) => step - 1,
  'answer-after': (steps) => steps,
};

function descriptorOf(id: string): TraceEditDescriptor {
  const edit = traceEdits.find((one) => one.descriptor.id === id);
  if (edit) return edit.descriptor;
  const known = traceEdits.map((one) => one.descriptor.id).join(', ');
  throw new UserError(`There is no trace edit "${id}". Known: ${known}; or keep=0.7:closed, keep=0.7:open, curve.`);
}

/** `frozen`, `keep=0.7:open` for a fraction that has no name, `keep=steps-3:closed`, `drop:3`, `drop:3:open`. @throws UserError */
export function parseTraceEdit(text: string): TraceEditSpec {
  const custom = /^keep=(?:(steps|offset)-)?([\d.]+):(open|closed)$/.exec(text);
  if (custom) return customCut(text, custom);
  const closing = /^(.+):(open|closed)$/.exec(text);
  const words = closing?.[1] ?? text;
  const [id = '', ...values] = words.split(':');
  const descriptor = descriptorOf(id);
  const close = closing ? (closing[2] as Close) : descriptor.close;
  const params = parseParams(descriptor, values.join(':'));
  const kept = stepsKept[id];
  if (kept) return { id, keep: { unit: 'steps', value: Math.max(0, kept(Number(params.step))) }, close };
  const isRewriting = traceEdits.some((one) => one.descriptor.id === id && one.rewrite);
  const spec = { id, keep: descriptor.keep, close };
  if (isRewriting) return { ...spec, params };
  return closing && close !== descriptor.close ? cutByName(spec.keep, close) : spec;
}

function customCut(text: string, [, unit, digits, close]: RegExpExecArray): TraceEditSpec {
  const value = Number(digits);
  if (unit === undefined && !(value >= 0 && value <= 1))
    throw new UserError(`"${text}": the kept fraction must lie between 0 and 1.`);
  if (unit !== undefined && !Number.isInteger(value))
    throw new UserError(`"${text}": write a whole number of ${unit}.`);
  const keep: Keep = { unit: (unit ?? 'fraction') as Keep['unit'], value };
  return { id: 'keep', keep, close: close === 'open' ? 'open' : 'closed' };
}

/** The values behind an edit's name, in the order of its parameters; a text takes all that is left. */
function parseParams({ id, params }: TraceEditDescriptor, text: string): ParamValues {
  const values: Record<string, string | number> = {};
  let rest = text;
  for (const param of params) {
    const end = param.kind === 'text' ? -1 : rest.indexOf(':');
    const word = end < 0 ? rest : rest.slice(0, end);
    rest = end < 0 ? '' : rest.slice(end + 1);
    const value = word === '' ? param.default : word;
    if (value === undefined)
      throw new UserError(`${id} needs to be told: ${param.title}. Write ${written(id, params)}.`);
    values[param.name] = parseParam(id, param, value);
  }
  if (rest !== '') throw new UserError(`"${id}:${text}" says more than ${id} takes. Write ${written(id, params)}.`);
  return values;
}

function parseParam(id: string, param: ParamDescriptor, value: string | number): string | number {
  if (param.kind === 'choice' && !param.choices?.includes(String(value)))
    throw new UserError(`${id} takes ${param.choices?.join(' or ')}, not "${value}".`);
  if (param.kind !== 'number') return value;
  const number = Number(value);
  const isStep =
    Number.isInteger(number) &&
    number >= (param.min ?? number) &&
    (number !== 0 || [param.min, param.default].includes(0));
  if (!isStep) throw new UserError(`${id}: "${value}" is no step. ${param.title}.`);
  return number;
}

/** How an edit is written in a list, its parameters in capitals: `drop:STEP`. */
export function written(id: string, params: readonly ParamDescriptor[]): string {
  const words = params.map(({ name, default: standard, choices }) => {
    const word = choices ? choices.join('|') : name.toUpperCase();
    return standard === undefined ? `:${word}` : `[:${word}]`;
  });
  return id === 'keep' ? 'keep=SHARE:open|closed' : id + words.join('');
}

/** As `parseTraceEdit` reads it. */
export function traceEditAlias({ id, keep, close, params }: TraceEditSpec): string {
  if (params) return rewritingAlias(id, params, close);
  if (id !== 'keep' && !stepsKept[id]) return id;
  const named = Object.entries(stepsKept).find(([name]) => name === id);
  if (named && keep.unit === 'steps') {
    const step = named[0] === 'resample' ? keep.value + 1 : keep.value;
    if (descriptorOf(id).close === close) return `${id}:${step}`;
  }
  return `keep=${keep.unit === 'fraction' ? '' : `${keep.unit}-`}${keep.value}:${close}`;
}

function rewritingAlias(id: string, params: ParamValues, close: Close): string {
  const descriptor = descriptorOf(id);
  const values = descriptor.params.filter(({ name, default: standard }) => params[name] !== standard);
  const words = values.map(({ name }) => `:${aliasPart(params[name])}`);
  return id + words.join('') + (close === descriptor.close ? '' : `:${close}`);
}

const curveSteps = 10;
const mostCurveSteps = 100;
/** A family has a condition a step; longer traces are better looked at by single steps. */
const mostFamilySteps = 300;

/**
 * The trace edits that an item names: one; with `curve` (`curve:5` for other than ten steps) all of a dose-response curve, keeping
 * 0, 0.1 … 1 of the reasoning, closed and open; with `drop:*` one for each step. The grid is fixed beforehand, so that nobody picks
 * cuts by their results.
 * @param mostSteps steps of the longest trace, for families; `null` when no file is at hand
 */
export function parseTraceEdits(text: string, mostSteps: number | null): readonly TraceEditSpec[] {
  const curve = /^curve(?::(\d+))?$/.exec(text);
  if (curve) return curveEdits(text, Number(curve[1] ?? curveSteps));
  const family = /^([^:]+):\*(:(?:open|closed))?$/.exec(text);
  return family
    ? familyEdits(text, { id: family[1] ?? '', closing: family[2] ?? '', mostSteps })
    : [parseTraceEdit(text)];
}

function curveEdits(text: string, steps: number): readonly TraceEditSpec[] {
  if (steps < 2 || steps > mostCurveSteps) {
    throw new UserError(`"${text}": a curve takes 2 to ${mostCurveSteps} steps, for example curve:5.`);
  }
  return (['closed', 'open'] as const).flatMap((close) =>
    Array.from({ length: steps + 1 }, (_, step) => cutByName({ unit: 'fraction', value: step / steps }, close)),
  );
}

/** A cut that has a name of its own goes by that. */
function cutByName(keep: Keep, close: Close): TraceEditSpec {
  const edit: TraceEditSpec = { id: 'keep', keep, close };
  const wanted = canonicalJson(canonicalTraceEdit(edit));
  const named = traceEdits.find(({ descriptor, rewrite }) => {
    const isCut = !rewrite && descriptor.params.length === 0 && descriptor.id !== 'keep';
    return isCut && canonicalJson({ keep: descriptor.keep, close: descriptor.close }) === wanted;
  });
  return named ? { ...edit, id: named.descriptor.id } : edit;
}

type Family = { readonly id: string; readonly closing: string; readonly mostSteps: number | null };

function familyEdits(text: string, { id, closing, mostSteps }: Family): readonly TraceEditSpec[] {
  if (descriptorOf(id).params[0]?.name !== 'step')
    throw new UserError(`"${text}": ${id} is not made step by step; write ${written(id, descriptorOf(id).params)}.`);
  if (mostSteps === null) throw new UserError(`"${text}" needs a trace file, to know how many steps there are.`);
  if (mostSteps > mostFamilySteps)
    throw new UserError(
      `"${text}" would be ${mostSteps} conditions, as many as the longest trace has steps; at most ${mostFamilySteps} are made at once. Name single steps instead.`,
    );
  const first = id === 'answer-after' ? 0 : 1;
  return Array.from({ length: mostSteps + 1 - first }, (_, i) => {
    const step = first + i;
    if (step === 0) return { id, keep: { unit: 'steps', value: 0 } as const, close: 'closed' as const };
    return parseTraceEdit(`${id}:${step}${closing}`);
  });
}

/** A trace edit that takes the reasoning of the run under this prompt edit. */
export const isOfSwappedRun = ({ id }: TraceEditSpec): boolean => id === swappedTraceId;
