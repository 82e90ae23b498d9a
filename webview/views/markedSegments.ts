// Owns annotated words in the diff's panes: which marks lie in which pane, where a selection belongs, and segments split at the marks. Pure.
import { type Annotation, type AnnotationTarget, rangeIn } from '../../engine/domain/annotation';
import type { Range } from '../../engine/domain/trace';
import type { DiffData } from '../protocol';
import type { DiffPanes, Segment } from './diffModel';

export const paneNames = ['original', 'regenerated'] as const;
export type PaneName = (typeof paneNames)[number];

/** Annotated words at their place in a pane's text. */
export type Mark = { readonly pane: PaneName; readonly range: Range; readonly annotation: Annotation };

/** A piece of a segment, and what was said of it. */
export type MarkedSegment = Segment & { readonly marks: readonly Mark[] };

/** Where the text that a sample wrote begins in its pane; `null`: it wrote none that could be annotated. */
type Written = { readonly sample: number; readonly from: number | null };

/** Those whose words are there still: of the record's reasoning in the original pane, of what the sample wrote in the other. */
export function marksOf(data: DiffData, panes: DiffPanes, { sample, condition }: SampleAt): readonly Mark[] {
  const original = textOf(panes.original).slice(0, data.example.trace.reasoning.length);
  const from = writtenFrom(data, sample);
  const written = from === null ? '' : textOf(panes.regenerated).slice(from);
  return data.annotations.flatMap((annotation): readonly Mark[] => {
    const { range, sample: of, condition: under } = annotation.target;
    if (!range) return [];
    if (of === undefined) {
      const found = rangeIn(original, range);
      return found ? [{ pane: 'original', range: found, annotation }] : [];
    }
    const found = of === sample && under === condition ? rangeIn(written, range) : null;
    if (!found || from === null) return [];
    return [{ pane: 'regenerated', range: { start: found.start + from, end: found.end + from }, annotation }];
  });
}

export type SampleAt = Pick<Written, 'sample'> & { readonly condition: string };

/** A forced answer is an option, no text that was written. */
function writtenFrom({ results, cut }: DiffData, sample: number): number | null {
  const result = results[Math.min(sample, results.length - 1)];
  return !result || result.finish === 'forced' ? null : cut.offset;
}

type Selected = { readonly pane: PaneName; readonly range: Range };

/** What an annotation of selected words is anchored to; `null`: they are neither of the recorded reasoning nor newly written alone. */
export function rangeTarget(
  { pane, range }: Selected,
  { data, panes, at }: { readonly data: DiffData; readonly panes: DiffPanes; readonly at: Required<AnnotationAt> },
): AnnotationTarget | null {
  const { reasoning } = data.example.trace;
  const { example, ...sample } = at;
  const ofTrace = (end: number): AnnotationTarget => ({
    example,
    range: { start: range.start, end, quote: reasoning.slice(range.start, end) },
  });
  if (pane === 'original') {
    const end = Math.min(range.end, reasoning.trimEnd().length);
    return range.start < end ? ofTrace(end) : null;
  }
  if (range.end <= panes.common) return ofTrace(range.end);
  const from = writtenFrom(data, at.sample);
  if (from === null || range.start < from) return null;
  const quote = textOf(panes.regenerated).slice(range.start, range.end);
  return { example, ...sample, range: { start: range.start - from, end: range.end - from, quote } };
}

type AnnotationAt = Pick<AnnotationTarget, 'example' | 'run' | 'condition' | 'sample'>;

/** Pieces that are wholly inside or outside of every mark. */
export function splitAtMarks(segment: Segment, marks: readonly Mark[]): readonly MarkedSegment[] {
  const { start, text } = segment;
  const end = start + text.length;
  const touching = marks.filter(({ range }) => range.start < end && range.end > start);
  const edges = touching.flatMap(({ range }) => [range.start, range.end]).filter((at) => at > start && at < end);
  const bounds = [...new Set([start, ...edges, end])].sort((a, b) => a - b);
  return bounds.slice(0, -1).map((at, i) => {
    const next = bounds[i + 1] ?? end;
    const own = touching.filter(({ range }) => range.start <= at && range.end >= next);
    return { ...segment, start: at, text: text.slice(at - start, next - start), marks: own };
  });
}

type Sentence = { readonly step: 1 | -1; readonly isMore: boolean };

/** The sentence next to a range of the reasoning, or the range and that sentence; the first or last one where nothing is selected. */
export function sentenceFrom(
  steps: readonly Range[],
  selected: Range | undefined,
  { step, isMore }: Sentence,
): Range | null {
  if (!selected) return steps.at(step === 1 ? 0 : -1) ?? null;
  const next =
    step === 1
      ? steps.find(({ start }) => start >= selected.end)
      : steps.filter(({ end }) => end <= selected.start).at(-1);
  if (!next) return null;
  return isMore ? { start: Math.min(next.start, selected.start), end: Math.max(next.end, selected.end) } : next;
}

const textOf = (segments: readonly Segment[]): string => segments.map(({ text }) => text).join('');
