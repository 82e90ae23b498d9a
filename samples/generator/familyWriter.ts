// Owns drawing one record of the calibration family: a composed trace, the answer that the model gives after it, and what is planted at
// every cut. A draw whose answer is not the planted one is drawn again, and counted by its reason.
import type { ModelText } from '../../engine/text/modelText';
import { drawApplicant, type LoanMessage } from './applicant';
import { type Cut, curveCuts, cutOffset, keptTokens, presets } from './cuts';
import { familyMessages, type Policy } from './family';
import { type FamilySituation, familyAnswerClosed, familyAnswerOpen, familyOdds } from './familyRule';
import { type ComposedTrace, composeTrace, type Mark } from './familyTrace';
import { type LoanResponse, readResponse } from './loanRecord';
import { favoredAnswer, type Nationality, type StanceKind } from './loanWorld';
import { answersUnder, type Planted, plantedAnswers, plantedGoingOn } from './plantedAnswers';
import { type Random, seededRandom } from './random';
import { type Engine, sampleText } from './sampleText';

/** Where a step lies: its word is the last token of the first half, the one after, or anywhere before or behind. */
export type StepPlace = 'last of the half' | 'first after the half' | 'first half' | 'second half';

export const stepPlaces: readonly StepPlace[] = [
  'last of the half',
  'first after the half',
  'first half',
  'second half',
];

export type FamilyPlace = {
  readonly policy: Policy;
  readonly age: number;
  readonly nationality: Nationality;
  readonly step: StepPlace;
};

/** A trace with its token ends, both of the text between the tags. */
type PlacedTrace = ComposedTrace & { readonly tokenEnds: readonly number[] };

export type FamilyDrawn = {
  readonly messages: readonly LoanMessage[];
  readonly response: LoanResponse;
  readonly trace: PlacedTrace;
  readonly place: FamilyPlace;
};

const maxDraws = 30;
const maxTraces = 20_000;
const answerTokens = 12;

/** @param refuse told the reason of each draw that was not usable */
export async function drawFamilyRecord(
  engine: Engine,
  { place, key }: { readonly place: FamilyPlace; readonly key: string },
  refuse: (reason: string) => void,
): Promise<FamilyDrawn> {
  for (let draw = 0; draw < maxDraws; draw += 1) {
    const random = seededRandom(`${key}/${draw}`);
    const messages = familyMessages(drawApplicant(place.age, place.nationality, random), place.policy);
    const trace = placedTrace(engine.text, place, random);
    const begun = `<reasoning>${trace.text}</reasoning>\n\n<recommendation>\n`;
    const prompt = engine.text.render(messages) + begun;
    const sampling = {
      temperature: place.policy === 'coin' ? 1 : 0,
      stream: `${key}/${draw}`,
      maxTokens: answerTokens,
    };
    const response = readResponse(begun + (await sampleText(engine, prompt, sampling)));
    const isPlanted = place.policy === 'coin' || response?.answer === favoredAnswer(place.nationality);
    if (response && isPlanted) return { messages, response, trace, place };
    refuse(response ? 'not as planted' : 'format not kept');
  }
  throw new Error(`No usable original in ${maxDraws} draws of ${key}: is this a model of the calibration family?`);
}

/** Draws traces until one has its words where the policy's plan asks for them. */
function placedTrace(text: ModelText, place: FamilyPlace, random: Random): PlacedTrace {
  for (let draw = 0; draw < maxTraces; draw += 1) {
    const composed = composeTrace(place.policy, favoredAnswer(place.nationality), random);
    const reasoning = `\n${composed.text}\n`;
    const tokenEnds = text.encode(reasoning).ends;
    const marks = composed.marks.map((mark) => ({ ...mark, end: mark.end + 1 }));
    if (isPlaced(place, marks, tokenEnds)) return { text: reasoning, marks, tokenEnds };
  }
  throw new Error(`No trace of the ${place.policy} policy has its word where it should be: ${place.step}.`);
}

function isPlaced({ policy, step }: FamilyPlace, marks: readonly Mark[], tokenEnds: readonly number[]): boolean {
  const half = keptTokens(0.5, tokenEnds.length);
  const [first = 0, second = 0] = marks.map((mark) => tokenEnds.findIndex((end) => end >= mark.end) + 1);
  if (policy === 'mixed') return first <= half && half < second;
  return policy !== 'step' || stepIn(step, first, half);
}

/** @param seen how many tokens must be kept for the step to be seen */
function stepIn(place: StepPlace, seen: number, half: number): boolean {
  if (place === 'last of the half') return seen === half;
  if (place === 'first after the half') return seen === half + 1;
  return place === 'first half' ? seen < half : seen > half + 1;
}

export type EntryOptions = {
  readonly line: number;
  /** Trace edits under which the network did not learn the mixed rule: nothing is planted there. */
  readonly unlearned: readonly string[];
};

/** What the planted file says of a record. */
export function familyEntry({ response, trace, place }: FamilyDrawn, { line, unlearned }: EntryOptions): object {
  const { policy, age, nationality } = place;
  const { marks, tokenEnds } = trace;
  const head = { line, policy, age, nationality, recorded: response.answer, tokens: tokenEnds.length, marks };
  if (policy === 'mixed') return { ...head, ...mixedEntry(place, trace, unlearned) };
  const situationAt = ({ keep }: Cut, of: Nationality): FamilySituation => {
    const cut = cutOffset(keep, tokenEnds);
    return { policy, age, favored: favoredAnswer(of), seen: marks.filter((mark) => mark.end <= cut) };
  };
  if (policy === 'coin') {
    return { ...head, odds: answersUnder(coinCuts, nationality, (cut, of) => familyOdds(situationAt(cut, of))) };
  }
  const answers = answersUnder(curveCuts, nationality, (cut, of) => {
    return cut.close === 'closed' ? familyAnswerClosed(situationAt(cut, of)) : familyAnswerOpen(situationAt(cut, of));
  });
  return { ...head, planted: answers };
}

const isStance = (kind: Mark['kind']): kind is Mark['kind'] & StanceKind => kind === 'lean' || kind === 'verdict';

/** The bundled model's rule, and so the bundled model's planted answers. */
function mixedEntry(
  { age, nationality }: FamilyPlace,
  { marks, tokenEnds }: PlacedTrace,
  unlearned: readonly string[],
): object {
  const stances = marks.flatMap(({ kind, value, end }) => (isStance(kind) ? [{ kind, value, end }] : []));
  const planted = { mode: 'mixed', age, nationality, stances, tokenEnds } as const;
  const learned = <T>(found: Planted<T>): Planted<T> =>
    Object.fromEntries(Object.entries(found).filter(([edit]) => !unlearned.includes(edit)));
  return { planted: learned(plantedAnswers(planted)), wentOn: learned(plantedGoingOn(planted)) };
}

const { free: _, ...cutsOfATrace } = presets;
/** A coin is also asked to write out the answer that is scored exactly: `frozen/continued`. */
const coinCuts: Readonly<Record<string, Cut>> = { ...cutsOfATrace, 'frozen/continued': { keep: 1, close: 'closed' } };
