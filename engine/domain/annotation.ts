// Owns annotations: append-only facts about an example, a sample of it, or a range of its trace.
import type { ConditionId, ExampleId, RunId } from './ids';
import type { Range } from './trace';

/**
 * Anchored by example id, and for a range by quote and UTF-16 offsets, so that it survives a moved line. A range is one of the record's
 * reasoning; with a sample, one of the text that the sample wrote.
 */
export type AnnotationTarget = {
  readonly example: ExampleId;
  readonly run?: RunId;
  readonly condition?: ConditionId;
  readonly sample?: number;
  readonly range?: Range & { readonly quote: string };
};

export type AnnotationEvent =
  | {
      readonly v: 1;
      readonly type: 'annotated';
      readonly id: string;
      readonly at: string;
      readonly author: string;
      readonly rubric: string;
      readonly target: AnnotationTarget;
      readonly label: string | null;
      readonly note: string;
      /** The example's file, relative to the folder that holds the annotations: a hint where to look for it. */
      readonly file?: string;
    }
  | { readonly v: 1; readonly type: 'retracted'; readonly id: string; readonly at: string; readonly author: string };

export type Annotation = Extract<AnnotationEvent, { type: 'annotated' }>;

/** The same for annotations of one and the same thing, whoever made them. */
export const targetKey = ({ example, run, condition, sample, range }: AnnotationTarget): string =>
  [example, run ?? '', condition ?? '', sample ?? '', range ? `${range.start}-${range.end}` : ''].join(' ');

/** Where annotated words are in a text: at their offsets, else at the nearest place that reads the same; `null`: nowhere any more. */
export function rangeIn(text: string, { start, end, quote }: NonNullable<AnnotationTarget['range']>): Range | null {
  if (quote === '') return null;
  if (text.slice(start, end) === quote) return { start, end };
  const [before, after] = [text.lastIndexOf(quote, start), text.indexOf(quote, start)];
  const isBefore = before >= 0 && (after < 0 || start - before < after - start);
  const at = isBefore ? before : after;
  return at < 0 ? null : { start: at, end: at + quote.length };
}

/** What stands after all facts: later facts of the same id win, retracted ones are gone. Order of first appearance. */
export function foldAnnotations(events: readonly AnnotationEvent[]): readonly Annotation[] {
  const standing = new Map<string, Annotation>();
  for (const event of events) {
    if (event.type === 'retracted') standing.delete(event.id);
    else standing.set(event.id, event);
  }
  return [...standing.values()];
}
