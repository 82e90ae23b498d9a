// Owns what annotators ask of recorded labels: the queue of what to look at next, and their agreement. Must not know logs or files.
import { type Annotation, targetKey } from '../domain/annotation';
import type { RunId } from '../domain/ids';
import type { AnnotatorAgreement, ReviewAsk, ReviewTarget } from '../domain/review';
import type { ExampleState } from '../domain/runState';
import { cohenKappa } from '../measure/cohenKappa';
import { seededRandom } from '../measure/seededRandom';

export type Reviewed = {
  readonly run: RunId;
  readonly examples: readonly ExampleState[];
  readonly annotations: readonly Annotation[];
};

/** In the order of the file; a random sample in the order of its draw. */
export function reviewQueue(reviewed: Reviewed, ask: ReviewAsk): readonly ReviewTarget[] {
  const { run, examples, annotations } = reviewed;
  const { condition, kind, author, seed, size } = ask;
  const labels = new Map<string, Annotation[]>();
  for (const one of annotations) {
    const { target, label } = one;
    if (label === null || target.run !== run || target.condition !== condition) continue;
    labels.set(target.example, [...(labels.get(target.example) ?? []), one]);
  }
  const standing = ({ example }: ExampleState): readonly Annotation[] => labels.get(example) ?? [];
  const answered = examples
    .filter((one) => one.logEnd !== null && one.results.has(condition))
    .sort((a, b) => a.ordinal - b.ordinal);
  const wanted = {
    unlabeled: () => answered.filter((one) => !standing(one).some((label) => label.author === author)),
    disagreements: () => answered.filter((one) => isDisputed(standing(one))),
    random: () => shuffled(answered, seed),
  }[kind]();
  return wanted.slice(0, size).map(({ example }) => ({ run, condition, example }));
}

/** Whether two people labeled one and the same thing differently. */
function isDisputed(annotations: readonly Annotation[]): boolean {
  return annotations.some((one) =>
    annotations.some(
      (other) =>
        one.author !== other.author && one.label !== other.label && targetKey(one.target) === targetKey(other.target),
    ),
  );
}

/** Fisher and Yates. */
function shuffled<T>(all: readonly T[], seed: number): readonly T[] {
  const random = seededRandom(seed);
  const mixed = [...all];
  for (let at = mixed.length - 1; at > 0; at -= 1) {
    const other = Math.floor(random() * (at + 1));
    [mixed[at], mixed[other]] = [mixed[other]!, mixed[at]!];
  }
  return mixed;
}

/** Every pair of annotators who labeled something in common, by name. Notes without a label are no judgment. */
export function agreementOf(annotations: readonly Annotation[]): readonly AnnotatorAgreement[] {
  const byTarget = new Map<string, Map<string, string>>();
  for (const { target, author, label } of annotations) {
    if (label === null) continue;
    const key = targetKey(target);
    byTarget.set(key, (byTarget.get(key) ?? new Map()).set(author, label));
  }
  const authors = [...new Set(annotations.map(({ author }) => author))].sort();
  return authors.flatMap((first, index) =>
    authors.slice(index + 1).flatMap((second) => {
      const pairs = [...byTarget.values()].flatMap((labels) => {
        const [one, other] = [labels.get(first), labels.get(second)];
        return one === undefined || other === undefined ? [] : [[one, other] as const];
      });
      return pairs.length === 0 ? [] : [{ first, second, ...cohenKappa(pairs) }];
    }),
  );
}
