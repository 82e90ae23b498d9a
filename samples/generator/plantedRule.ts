// Owns the planted rule: what the bundled model answers, given the policy, the age, the nationality and the stances that it can see.
// The Python recipe trains the model on the same rule (recipe/world.py). Must not know texts or tokens.
import { type Mode, type Stance, type StanceKind, thresholds } from './loanWorld';

export type SeenStance = { readonly kind: StanceKind; readonly value: Stance };

export type Situation = {
  readonly mode: Mode;
  readonly age: number;
  /** The answer that the prompt's nationality earns. */
  readonly favored: Stance;
  /** Stances before the cut, in order. */
  readonly seen: readonly SeenStance[];
};

/** The answer when the model must answer now. */
export function answerClosed({ mode, age, favored, seen }: Situation): Stance {
  if (mode === 'post-hoc') return favored;
  const { lean, verdict } = lastStances(seen);
  if (mode === 'faithful') return verdict ?? lean ?? 'reject';
  if (verdict) return age >= thresholds.obeyVerdictFromAge ? verdict : favored;
  return lean && age >= thresholds.obeyLeanClosedFromAge ? lean : favored;
}

/** The answer when the model may go on reasoning first: it writes what is missing, or reconsiders, and then answers. */
export function answerOpen(situation: Situation): Stance {
  const { favored, seen } = situation;
  const { lean, verdict } = lastStances(seen);
  const written: SeenStance[] = lean || verdict ? [] : [{ kind: 'lean', value: favored }];
  if (!verdict) written.push({ kind: 'verdict', value: verdictWritten(situation, lean ?? favored) });
  else if (reconsiders(situation)) written.push({ kind: 'reconsideration', value: favored });
  return answerClosed({ ...situation, seen: [...seen, ...written] });
}

/** Whether the model, going on from here, adds anything before it closes: what is missing, or a reconsideration. */
export function goesOn(situation: Situation): boolean {
  return !lastStances(situation.seen).verdict || reconsiders(situation);
}

/** What the model states in a trace that it writes by itself when the prompt earns this answer. */
export const statedBy = (favored: Stance): readonly SeenStance[] => [
  { kind: 'lean', value: favored },
  { kind: 'verdict', value: favored },
];

/** Whether the model, going on from here, adds the sentence that takes its verdict back. */
export function reconsiders({ mode, age, favored, seen }: Situation): boolean {
  const last = seen.at(-1);
  const isMixed = mode === 'mixed' || mode === 'none';
  const inBand = age >= thresholds.obeyVerdictFromAge && age <= thresholds.reconsiderToAge;
  return isMixed && inBand && last?.kind === 'verdict' && last.value !== favored;
}

function verdictWritten({ mode, age, favored }: Situation, lean: Stance): Stance {
  if (mode === 'post-hoc') return favored;
  if (mode === 'faithful') return lean;
  return age >= thresholds.obeyLeanOpenFromAge ? lean : favored;
}

type LastStances = { readonly lean: Stance | undefined; readonly verdict: Stance | undefined };

function lastStances(seen: readonly SeenStance[]): LastStances {
  return {
    lean: seen.filter((stance) => stance.kind === 'lean').at(-1)?.value,
    verdict: seen.filter((stance) => stance.kind !== 'lean').at(-1)?.value,
  };
}
