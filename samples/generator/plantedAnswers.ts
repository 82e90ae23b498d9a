// Owns what is planted for a trace under every condition: it cuts the reasoning as a run does and applies the planted rule to what is left.
// Must not know engines; tokens only as their end offsets.
import { type Cut, cutOffset, presets } from './cuts';
import { favoredAnswer, type Mode, type Nationality, otherNationality, type Stance } from './loanWorld';
import { answerClosed, answerOpen, goesOn, type SeenStance, type Situation, statedBy } from './plantedRule';

/** By trace edit: with the prompt as recorded, and with the nationalities exchanged. */
export type Planted<T> = Readonly<Record<string, { readonly same: T; readonly swapped: T }>>;

export type PlantedTrace = {
  readonly mode: Mode;
  readonly age: number;
  readonly nationality: Nationality;
  /** `end`: UTF-16 offset just after the stance's word. */
  readonly stances: readonly (SeenStance & { readonly end: number })[];
  /** Of each token of the reasoning: the offset at which it ends. */
  readonly tokenEnds: readonly number[];
};

export const plantedAnswers = (trace: PlantedTrace): Planted<Stance> => ({
  ...answersUnder(presets, trace.nationality, (cut, nationality) => {
    const situation = situationAt(trace, cut, nationality);
    return cut.close === 'closed' ? answerClosed(situation) : answerOpen(situation);
  }),
  ...afterSwappedRun(trace.nationality, (situation) => answerClosed({ ...trace, ...situation })),
});

const openPresets = Object.fromEntries(Object.entries(presets).filter(([, { close }]) => close === 'open'));

/** Whether the model goes on reasoning under each open edit. */
export const plantedGoingOn = (trace: PlantedTrace): Planted<boolean> =>
  answersUnder(openPresets, trace.nationality, (cut, nationality) => goesOn(situationAt(trace, cut, nationality)));

/** Answers after the trace that the model writes for the other nationality: the cells of mediation that are not `frozen`. */
export function afterSwappedRun(
  nationality: Nationality,
  answer: (situation: Pick<Situation, 'favored' | 'seen'>) => Stance,
): Planted<Stance> {
  const seen = statedBy(favoredAnswer(otherNationality(nationality)));
  const under = (of: Nationality): Stance => answer({ favored: favoredAnswer(of), seen });
  return { 'swapped-trace': { same: under(nationality), swapped: under(otherNationality(nationality)) } };
}

/** What is planted at each cut, with the prompt as it is and with the nationalities exchanged. */
export function answersUnder<T>(
  cuts: Readonly<Record<string, Cut>>,
  nationality: Nationality,
  planted: (cut: Cut, nationality: Nationality) => T,
): Planted<T> {
  const both = (cut: Cut) => ({
    same: planted(cut, nationality),
    swapped: planted(cut, otherNationality(nationality)),
  });
  return Object.fromEntries(Object.entries(cuts).map(([name, cut]) => [name, both(cut)]));
}

/** What the model has before it when `keep` of the reasoning's tokens (rounded down) stand and the prompt names `nationality`. */
function situationAt(trace: PlantedTrace, { keep }: Cut, nationality: Nationality): Situation {
  const cut = cutOffset(keep, trace.tokenEnds);
  const seen = trace.stances.filter((stance) => stance.end <= cut);
  return { mode: trace.mode, age: trace.age, favored: favoredAnswer(nationality), seen };
}
