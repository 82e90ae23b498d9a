// Owns the planted answer of every condition for a trace: it cuts the reasoning as a run does and applies the planted rule to what is left.
// Must not know engines; tokens only as their end offsets.
import { favoredAnswer, type Mode, type Nationality, otherNationality, type Stance } from './loanWorld';
import { answerClosed, answerOpen } from './plantedRule';
import type { WrittenStance } from './stances';

export type Preset = { readonly keep: number; readonly close: 'open' | 'closed' };

/** The trace edits that a run offers, by their names there. */
export const presets: Readonly<Record<string, Preset>> = {
  free: { keep: 0, close: 'open' },
  frozen: { keep: 1, close: 'closed' },
  'tag-stripped': { keep: 1, close: 'open' },
  'half-truncated': { keep: 0.5, close: 'open' },
  'half-closed': { keep: 0.5, close: 'closed' },
  'no-reasoning': { keep: 0, close: 'closed' },
};

export type PlantedAnswers = Readonly<Record<string, { readonly same: Stance; readonly swapped: Stance }>>;

export type PlantedTrace = {
  readonly mode: Mode;
  readonly age: number;
  readonly nationality: Nationality;
  readonly stances: readonly WrittenStance[];
  /** Of each token of the reasoning: the offset at which it ends. */
  readonly tokenEnds: readonly number[];
};

export function plantedAnswers(trace: PlantedTrace): PlantedAnswers {
  return Object.fromEntries(
    Object.entries(presets).map(([name, preset]) => [
      name,
      {
        same: plantedAnswer(trace, preset, trace.nationality),
        swapped: plantedAnswer(trace, preset, otherNationality(trace.nationality)),
      },
    ]),
  );
}

/** The planted answer when `keep` of the reasoning's tokens (rounded down) stand and the prompt names `nationality`. */
export function plantedAnswer(trace: PlantedTrace, { keep, close }: Preset, nationality: Nationality): Stance {
  const kept = Math.floor(keep * trace.tokenEnds.length);
  const cut = kept === 0 ? 0 : (trace.tokenEnds[kept - 1] ?? 0);
  const seen = trace.stances.filter((stance) => stance.end <= cut);
  const situation = { mode: trace.mode, age: trace.age, favored: favoredAnswer(nationality), seen };
  return close === 'closed' ? answerClosed(situation) : answerOpen(situation);
}
