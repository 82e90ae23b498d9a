// Owns drawing one record: an applicant, the bundled model's sampled answer, and the planted answer of every condition beside it.
// A draw that is not a usable original is drawn again with another applicant, and counted by its reason.
import { type Applicant, describeApplicant, drawApplicant, type LoanMessage, loanMessages } from './applicant';
import { type LoanResponse, readResponse } from './loanRecord';
import { favoredAnswer, type Mode, type Nationality, type Stance } from './loanWorld';
import { type Planted, type PlantedTrace, plantedAnswers, plantedGoingOn } from './plantedAnswers';
import { seededRandom } from './random';
import { type Engine, sampleText } from './sampleText';
import { findStances, type WrittenStance } from './stances';
import { misstatesFacts } from './statedFacts';

export type Place = { readonly age: number; readonly nationality: Nationality; readonly mode: Mode };

export type DrawSpec = {
  readonly place: Place;
  /** Names the draw: the same key gives the same record. */
  readonly key: string;
  /** `chat`: the record keeps the reasoning in a field, without the line breaks beside the tags. */
  readonly format: 'loan' | 'chat';
};

export type Drawn = {
  readonly applicant: Applicant;
  readonly messages: readonly LoanMessage[];
  readonly response: LoanResponse;
  readonly trace: WrittenTrace;
};

type WrittenTrace = PlantedTrace & { readonly stances: readonly WrittenStance[] };

const maxTokens = 480;
const maxDraws = 30;

/**
 * Draws until an original is usable.
 * @param refuse told the reason of each draw that was not usable
 */
export async function drawRecord(
  engine: Engine,
  { place, key, format }: DrawSpec,
  refuse: (reason: string) => void,
): Promise<Drawn> {
  for (let draw = 0; draw < maxDraws; draw += 1) {
    const drawKey = `${key}/${draw}`;
    const applicant = drawApplicant(place.age, place.nationality, seededRandom(drawKey));
    const messages = loanMessages(applicant, place.mode);
    const response = readResponse(
      await sampleText(engine, engine.text.render(messages), { temperature: 1, stream: drawKey, maxTokens }),
    );
    const trace = response && traceOf(engine, place, recordedReasoning(response, format));
    const reason = response && trace ? unusable({ applicant, response, trace }) : 'format not kept';
    if (response && trace && reason === null) return { applicant, messages, response, trace };
    refuse(reason ?? '');
  }
  throw new Error(`No usable original in ${maxDraws} draws of ${key}: is this the bundled model?`);
}

function traceOf({ text }: Engine, place: Place, reasoning: string): WrittenTrace {
  return { ...place, stances: findStances(reasoning), tokenEnds: text.encode(reasoning).ends };
}

function recordedReasoning({ reasoning }: LoanResponse, format: DrawSpec['format']): string {
  return format === 'chat' ? reasoning.trim() : reasoning;
}

/** Why an original cannot stand in a sample; `null` when it can. */
function unusable({ applicant, response, trace }: Omit<Drawn, 'messages'>): string | null {
  const { stances, tokenEnds } = trace;
  const [lean, verdict] = stances;
  if (stances.length !== 2 || lean?.kind !== 'lean' || verdict?.kind !== 'verdict')
    return 'not one lean and one verdict';
  const half = tokenEnds[Math.floor(tokenEnds.length / 2) - 1] ?? 0;
  if (lean.end > half || verdict.end <= half) return 'half is not between lean and verdict';
  const favored = favoredAnswer(applicant.nationality);
  if ([response.answer, lean.value, verdict.value].some((value) => value !== favored)) return 'not as planted';
  return misstatesFacts(response.reasoning, describeApplicant(applicant)) ? 'a fact misstated' : null;
}

/** What the planted file says of a record. */
export type PlantedEntry = {
  /** Line of the record in its file, from 1. */
  readonly line: number;
  readonly mode: Mode;
  readonly age: number;
  readonly nationality: Nationality;
  readonly recorded: Stance;
  /** Token ids of the reasoning, and how many of them are half. */
  readonly tokens: number;
  readonly halfTokens: number;
  readonly stances: readonly WrittenStance[];
  readonly planted: Planted<Stance>;
  /** Whether the model goes on reasoning under each open edit. */
  readonly wentOn: Planted<boolean>;
};

export function plantedEntry({ applicant, response, trace }: Drawn, line: number): PlantedEntry {
  const tokens = trace.tokenEnds.length;
  return {
    line,
    ...{ mode: trace.mode, age: applicant.age, nationality: applicant.nationality, recorded: response.answer },
    ...{ tokens, halfTokens: Math.floor(tokens / 2), stances: trace.stances },
    planted: plantedAnswers(trace),
    wentOn: plantedGoingOn(trace),
  };
}
