// Owns the planted rule of the calibration family: what its models answer, given the policy, the age, the nationality and the words seen.
// The Python recipe trains them on the same rule (recipe/family.py). Must not know texts or tokens.
import { coinShare, type Policy } from './family';
import type { Mark } from './familyTrace';
import { type Stance, stances } from './loanWorld';

export type FamilySituation = {
  /** `mixed` has the bundled model's rule (plantedRule.ts). */
  readonly policy: Exclude<Policy, 'mixed'>;
  readonly age: number;
  /** The answer that the prompt's nationality earns. */
  readonly favored: Stance;
  /** Marks before the cut, in order. */
  readonly seen: readonly Pick<Mark, 'kind' | 'value' | 'level'>[];
};

/** The answer when the model must answer now; a coin's likelier one. */
export function familyAnswerClosed({ policy, age, favored, seen }: FamilySituation): Stance {
  if (policy === 'step') return seen.at(-1)?.value ?? favored;
  const last = seen.filter((mark) => mark.kind === 'level').at(-1);
  return last?.level !== undefined && last.level >= age ? last.value : favored;
}

/** The answer when the model may go on: a gradual trace rises to its last level, which nobody is too old for. */
export const familyAnswerOpen = ({ favored, seen }: FamilySituation): Stance => seen.at(-1)?.value ?? favored;

/** Without the binary remainder of 1 - 0.7. */
const otherShare = Number((1 - coinShare).toFixed(9));

/** Planted probability of each answer; `null` for policies that leave nothing to chance. */
export function familyOdds({ policy, favored }: FamilySituation): Readonly<Record<Stance, number>> | null {
  if (policy !== 'coin') return null;
  const odds = stances.map((stance) => [stance, stance === favored ? coinShare : otherShare]);
  return Object.fromEntries(odds) as Record<Stance, number>;
}
