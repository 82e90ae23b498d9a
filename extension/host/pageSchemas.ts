// Owns the shapes that a page may send: everything that arrives from a page is decoded here before anything acts on it.
import * as v from 'valibot';
import { outcomeOrders } from '../../engine/domain/comparison';
import { UserError } from '../../engine/domain/failure';
import { conditionId, exampleId, runId } from '../../engine/domain/ids';
import { mostChosen, searchPlaces } from '../../engine/domain/traceList';

/** Ids become file names and keys of look-ups, so they are short and of a plain alphabet. */
const idText = v.pipe(v.string(), v.regex(/^[0-9A-Za-z-]{1,100}$/));
const run = v.pipe(idText, v.transform(runId));
const example = v.pipe(idText, v.transform(exampleId));
const condition = v.pipe(idText, v.transform(conditionId));
const count = v.pipe(v.number(), v.integer(), v.minValue(0));

const order = v.picklist(outcomeOrders);
const show = v.picklist(['all', 'flipped', 'kept', 'unreadable']);
const noteLimit = 20_000;
const quoteLimit = 20_000;
/** A figure's data as text; more would only fill the clipboard. */
const copyLimit = 4_000_000;
const groupBy = v.pipe(v.string(), v.maxLength(10_000));

export const runSchema = v.object({ run });
/** What a link may name. */
export const linkSchema = v.object({ run, example: v.exactOptional(example), condition: v.exactOptional(condition) });
export const followSchema = v.object({ run, from: count });
export const pairSchema = v.object({ run, example, condition, order: v.exactOptional(order) });
/** One side of a comparison, as its document's address names it. */
export const sideSchema = v.object({
  run,
  example,
  condition,
  sample: count,
  side: v.picklist(['original', 'regenerated']),
});
export const groupsSchema = v.object({ run, by: v.nullable(groupBy) });
export const compareSchema = v.object({ first: run, second: run });
export const rowsSchema = v.object({
  run,
  condition: v.exactOptional(condition),
  show: v.exactOptional(show),
  label: v.exactOptional(v.string()),
  group: v.exactOptional(v.object({ by: groupBy, value: v.string() })),
  sort: v.exactOptional(order),
  offset: count,
  limit: v.pipe(count, v.maxValue(200)),
});

const annotationTarget = v.object({
  example,
  run: v.exactOptional(run),
  condition: v.exactOptional(condition),
  sample: v.exactOptional(count),
  range: v.exactOptional(v.object({ start: count, end: count, quote: v.pipe(v.string(), v.maxLength(quoteLimit)) })),
});

export const intentSchema = v.variant('do', [
  v.object({ do: v.literal('openDiff'), ...pairSchema.entries }),
  v.object({ do: v.literal('openNativeDiff'), ...pairSchema.entries, sample: count }),
  v.object({ do: v.literal('openReport'), run }),
  v.object({ do: v.literal('openSource'), run, example }),
  v.object({ do: v.literal('openTrace'), run, example }),
  v.object({ do: v.literal('openSpec'), run }),
  v.object({
    do: v.literal('copyText'),
    text: v.pipe(v.string(), v.maxLength(copyLimit)),
    what: v.pipe(v.string(), v.maxLength(100)),
  }),
  v.object({ do: v.literal('savePdf'), run, figure: idText }),
  v.object({ do: v.literal('resumeRun'), run }),
  v.object({ do: v.literal('cancelRun'), run }),
  v.object({ do: v.literal('startRun') }),
  v.object({ do: v.literal('undoAnnotation') }),
  v.object({
    do: v.literal('annotate'),
    run,
    target: annotationTarget,
    label: v.nullable(v.pipe(v.string(), v.maxLength(200))),
    note: v.pipe(v.string(), v.maxLength(noteLimit)),
  }),
]);

const words = v.pipe(v.string(), v.maxLength(1000));
const fieldValue = v.nullable(v.union([v.string(), v.number(), v.boolean()]));
const descending = v.boolean();
const exampleQuery = v.object({
  words,
  place: v.picklist(searchPlaces),
  filters: v.pipe(
    v.array(
      v.variant('by', [
        v.object({ by: v.literal('answer'), option: v.string() }),
        v.object({ by: v.literal('flaw'), flaw: v.picklist(['opaque', 'unanswered', 'empty']) }),
        v.object({ by: v.literal('field'), name: v.string(), value: fieldValue }),
      ]),
    ),
    v.maxLength(10),
  ),
  order: v.variant('by', [
    v.object({ by: v.picklist(['file', 'answer', 'length']), descending }),
    v.object({ by: v.literal('field'), name: v.string(), descending }),
  ]),
});

export const examplesSchema = v.object({
  query: exampleQuery,
  offset: count,
  limit: v.pipe(count, v.maxValue(200)),
});
export const findSchema = v.object({ query: exampleQuery });
export const readingSchema = v.object({ index: count, whole: v.boolean() });

const indexes = v.pipe(v.array(count), v.minLength(1), v.maxLength(mostChosen));

export const traceIntentSchema = v.variant('do', [
  v.object({ do: v.literal('exportExamples'), indexes: v.nullable(indexes) }),
  v.object({ do: v.literal('copyExamples'), indexes }),
  v.object({ do: v.literal('rerunExamples'), indexes }),
  v.object({ do: v.literal('rerunFile') }),
  v.object({ do: v.literal('openReadable'), index: count }),
  v.object({
    do: v.literal('openRaw'),
    at: v.union([v.object({ index: count }), v.object({ line: v.pipe(count, v.minValue(1)) })]),
  }),
  v.object({ do: v.literal('chooseFields') }),
  v.object({ do: v.literal('reload') }),
]);

/** @throws UserError when a page sent something else than its contract allows. */
export function decode<S extends v.GenericSchema>(schema: S, input: unknown): v.InferOutput<S> {
  const result = v.safeParse(schema, input);
  if (result.success) return result.output;
  throw new UserError(`The page asked for something malformed (${v.summarize(result.issues)}). Reload the window.`);
}
