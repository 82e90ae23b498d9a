// Owns the flow of exclusions: how many examples are left after each step, and why the others are not.
import type { RunSummary } from '../domain/effect';
import type { RunManifest } from '../domain/run';
import { escapeHtml } from './htmlEscape';
import { count, counted } from './numbers';

export type ExclusionOptions = {
  /** Records of the files, before any was left out; known to who read the files. */
  readonly records?: number;
  /** Those of them that hold reasoning. */
  readonly withReasoning?: number;
};

type Step = { readonly label: string; readonly n: string; readonly out: readonly string[] };

/** A section with an ordered list; the first steps are there when the counts are. */
export function exclusionFlow(summary: RunSummary, options: ExclusionOptions = {}): string {
  const items = steps(summary, options).map(({ label, n, out }) => {
    const reasons =
      out.length === 0 ? '' : `<ul>${out.map((reason) => `<li>${escapeHtml(reason)}</li>`).join('')}</ul>`;
    return `<li><b>${n}</b> <span>${escapeHtml(label)}</span>${reasons}</li>`;
  });
  return `<section aria-labelledby="flow"><h2 id="flow">From records to readable answers</h2>
<ol class="flow">${items.join('')}</ol></section>`;
}

function leftOutWords({ only, limit }: RunManifest['spec']): string {
  if (only) return 'not among the chosen ones';
  return limit === null ? 'left out before the run' : 'beyond the limit';
}

function steps(summary: RunSummary, { records, withReasoning }: ExclusionOptions): readonly Step[] {
  const { manifest, skipped, effects, done, planned, status } = summary;
  const { exampleCount, plannedCount, spec } = manifest;
  const skippedCount = skipped.reduce((sum, reason) => sum + reason.count, 0);
  const unfinished = planned - done;
  const paired = effects.flatMap((effect) => effect.paired?.pairs ?? []);
  const readable = effects.map(({ n, unreadable }) => n - unreadable);
  return [
    ...(records === undefined ? [] : [{ label: 'records', n: count(records), out: [] }]),
    ...(withReasoning === undefined
      ? []
      : [step('with reasoning', withReasoning, lost(records, withReasoning, 'without'))]),
    step('examples in the files', exampleCount, [
      ...lost(withReasoning ?? records, exampleCount, 'not usable'),
      ...leftOf(manifest),
    ]),
    step('planned', plannedCount, lost(exampleCount, plannedCount, leftOutWords(spec))),
    step('run', done - skippedCount, [
      ...skipped.map(({ reason, count: times }) => `${count(times)}: ${reason}`),
      ...(unfinished > 0 ? [`${count(unfinished)} not finished (${status})`] : []),
    ]),
    { label: 'readable, by condition', n: rangeOf(readable), out: unreadableOf(effects) },
    ...(paired.length === 0 ? [] : [{ label: 'paired with their control', n: rangeOf(paired), out: [] }]),
  ];
}

/** Records of the files that are no examples. */
function leftOf({ files }: RunSummary['manifest']): readonly string[] {
  const sum = (of: 'damaged' | 'withoutReasoning'): number =>
    files.reduce((total, { left }) => total + (left?.[of] ?? 0), 0);
  const [damaged, without] = [sum('damaged'), sum('withoutReasoning')];
  return [
    ...(damaged > 0 ? [`${counted(damaged, 'record')} damaged`] : []),
    ...(without > 0 ? [`${counted(without, 'record')} without reasoning`] : []),
  ];
}

const step = (label: string, n: number, out: readonly string[]): Step => ({ label, n: count(n), out });

function lost(before: number | undefined, after: number, why: string): readonly string[] {
  return before !== undefined && before > after ? [`${count(before - after)} ${why}`] : [];
}

function rangeOf(values: readonly number[]): string {
  if (values.length === 0) return '0';
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return low === high ? count(low) : `${count(low)}–${count(high)}`;
}

function unreadableOf(effects: RunSummary['effects']): readonly string[] {
  const touched = effects.filter(({ unreadable }) => unreadable > 0);
  const total = touched.reduce((sum, { unreadable }) => sum + unreadable, 0);
  return touched.length === 0 ? [] : [`${count(total)} unreadable in ${counted(touched.length, 'condition')}`];
}
