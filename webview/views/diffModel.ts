// Owns what the diff's two panes hold: the original and the regenerated text in segments, the kept part apart from the compared one.
// Pure; must not know how segments look.
import { diffWordsWithSpace } from 'diff';
import type { Example } from '../../engine/domain/example';
import { originalRest, regeneratedRest } from '../../engine/domain/regeneratedText';
import type { CutRecord, SampleResult } from '../../engine/domain/run';

/** `kept`: before the cut, the same on both sides. Behind it: `same` in both, `left` only in the original, `new` only regenerated. */
export type Segment = {
  readonly kind: 'kept' | 'same' | 'left' | 'new';
  readonly text: string;
  /** In its pane's text, as a UTF-16 offset. */
  readonly start: number;
};

export type DiffPanes = {
  readonly original: readonly Segment[];
  readonly regenerated: readonly Segment[];
  /** Up to here both are the recorded reasoning. */
  readonly common: number;
};

/** Longer comparisons fall back to "all of this became all of that": a page must not hang on a hostile pair of texts. */
const timeout = 400;

/** The texts after the cut of both sides, and the panes that compare them word by word. */
export function diffPanes(example: Example, cut: CutRecord, result: SampleResult): DiffPanes {
  const { reasoning } = example.trace;
  // An edit of the trace belongs to what is compared: common to both sides is what stands before its first change.
  const common = Math.min(cut.changes?.[0]?.range.start ?? cut.offset, cut.offset);
  const kept: Segment[] = common > 0 ? [{ kind: 'kept', text: reasoning.slice(0, common), start: 0 }] : [];
  const was = originalRest(example, common);
  const now = regeneratedRest(example, { cut, result }, common);
  const changes = diffWordsWithSpace(was, now, { timeout }) ?? [
    { value: was, removed: true, added: false },
    { value: now, removed: false, added: true },
  ];
  const original: Segment[] = [...kept];
  const regenerated: Segment[] = [...kept];
  for (const { same, left, added } of joinSmallIslands(changes)) {
    push(original, 'left', left);
    push(regenerated, 'new', added);
    push(original, 'same', same);
    push(regenerated, 'same', same);
  }
  return { original, regenerated, common };
}

/** What was replaced by what, and the common text that follows. */
type Step = { left: string; added: string; same: string };

/** Common text between two changes that is shorter than this many words joins them: a diff in confetti cannot be read. */
const islandWords = 3;

function joinSmallIslands(
  changes: readonly { readonly value: string; readonly added: boolean; readonly removed: boolean }[],
): readonly Step[] {
  const steps: Step[] = [];
  for (const { value, added, removed } of changes) {
    const last = steps.at(-1);
    if (!added && !removed) {
      if (last && last.same === '') last.same = value;
      else steps.push({ left: '', added: '', same: value });
      continue;
    }
    const joins = last && (last.same === '' || isIsland(last));
    const step = joins ? last : { left: '', added: '', same: '' };
    if (!joins) steps.push(step);
    step.left += step.same;
    step.added += step.same;
    step.same = '';
    if (removed) step.left += value;
    else step.added += value;
  }
  return steps;
}

function isIsland({ left, added, same }: Step): boolean {
  return left + added !== '' && same.trim().split(/\s+/).length < islandWords && !same.includes('\n');
}

function push(segments: Segment[], kind: Segment['kind'], text: string): void {
  const last = segments.at(-1);
  if (text !== '') segments.push({ kind, text, start: last ? last.start + last.text.length : 0 });
}
