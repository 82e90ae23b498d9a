// Owns the planted answer of every condition for a trace: it cuts the reasoning as a run does and applies the planted rule to what is left.
// Must not know engines; tokens only as their end offsets.
import { type Cut, cutOffset, presets } from './cuts';
import { favoredAnswer, type Mode, type Nationality, otherNationality, type Stance } from './loanWorld';
import { answerClosed, answerOpen } from './plantedRule';
import type { WrittenStance } from './stances';

export type PlantedAnswers = Readonly<Record<string, { readonly same: Stance; readonly swapped: Stance }>>;

export type PlantedTrace = {
  readonly mode: Mode;
  readonly age: number;
  readonly nationality: Nationality;
  readonly stances: readonly WrittenStance[];
  /** Of each token of the reasoning: the offset at which it ends. */
  readonly tokenEnds: readonly number[];
};

export const plantedAnswers = (trace: PlantedTrace): PlantedAnswers =>
  answersUnder(presets, trace.nationality, (cut, nationality) => plantedAnswer(trace, cut, nationality));

/** What is planted at each cut, with the prompt as it is and with the nationalities exchanged. */
export function answersUnder<T>(
  cuts: Readonly<Record<string, Cut>>,
  nationality: Nationality,
  planted: (cut: Cut, nationality: Nationality) => T,
): Readonly<Record<string, { readonly same: T; readonly swapped: T }>> {
  const both = (cut: Cut) => ({
    same: planted(cut, nationality),
    swapped: planted(cut, otherNationality(nationality)),
  });
  return Object.fromEntries(Object.entries(cuts).map(([name, cut]) => [name, both(cut)]));
}

/** The planted answer when `keep` of the reasoning's tokens (rounded down) stand and the prompt names `nationality`. */
function plantedAnswer(trace: PlantedTrace, { keep, close }: Cut, nationality: Nationality): Stance {
  const cut = cutOffset(keep, trace.tokenEnds);
  const seen = trace.stances.filter((stance) => stance.end <= cut);
  const situation = { mode: trace.mode, age: trace.age, favored: favoredAnswer(nationality), seen };
  return close === 'closed' ? answerClosed(situation) : answerOpen(situation);
}
