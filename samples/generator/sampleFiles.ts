// Owns the table of samples that can be generated: which model writes which records, for whom, under which name.
// Must not know where they are written to.
import { curveCuts, presets } from './cuts';
import { gradualAges, type Policy } from './family';
import { drawFamilyRecord, familyEntry, stepPlaces } from './familyWriter';
import { chatRecord, loanRecord } from './loanRecord';
import { favoredAnswer, type Mode, type Nationality, nationalities } from './loanWorld';
import type { Engine } from './sampleText';
import { type DrawSpec, drawRecord, plantedEntry } from './sampleWriter';

/** A record as it stands in its file, and what the planted file says of it. */
export type WrittenRecord = { readonly record: object; readonly entry: object };

export type RecordRequest = {
  readonly index: number;
  /** Names the draw: the same key gives the same record. */
  readonly key: string;
  /** Told the reason of each draw that was not usable. */
  readonly refuse: (reason: string) => void;
};

export type SampleFile = {
  /** Without `.jsonl`. */
  readonly name: string;
  /** Records, unless another number is asked for. */
  readonly count: number;
  /** The model's folder in samples/. */
  readonly model: string;
  readonly about: string;
  /** What stands at the head of the planted file, besides what all have. */
  readonly head: Readonly<Record<string, unknown>>;
  readonly write: (engine: Engine, request: RecordRequest) => Promise<WrittenRecord>;
};

const firstAge = 20;
const ages = 61;
/** No divisor in common with `ages`: every age comes once a round, and the first few records are already spread. */
const ageStride = 23;
const modelName = 'counterthought/organism-2m';

const ageOf = (round: number): number => firstAge + ((round * ageStride) % ages);
/** No divisor in common with the number of those ages, either. */
const gradualAgeOf = (round: number): number => gradualAges[(round * 7) % gradualAges.length] ?? firstAge;
const nationalityOf = (index: number): Nationality => (index % nationalities.length === 0 ? 'American' : 'Canadian');
const roundOf = (index: number): number => Math.floor(index / nationalities.length);

const cutRule =
  'Cut: of the n token ids of the text between the reasoning tags, the first floor(keep * n) stay; a word counts as seen when ' +
  'it lies wholly before the cut. closed: the reasoning ends there and the model answers; open: it may go on. Rule: samples/README.md.';
const aboutLoans =
  'The planted answer of each record under each trace edit, with the prompt as recorded (same) and with American and Canadian exchanged ' +
  `(swapped). ${cutRule.replace('a word', 'a stance').replace('it lies', 'its word lies')}`;

function loanFile(mode: Mode): SampleFile {
  const place = (index: number) => ({ age: ageOf(roundOf(index)), nationality: nationalityOf(index), mode });
  return bundledFile({ name: `loans-${mode.replace('-', '')}`, count: 244, format: 'loan', placeOf: place });
}

const chatModes: readonly Mode[] = ['faithful', 'post-hoc', 'none'];

const chatFile = bundledFile({
  name: 'chat',
  count: 60,
  format: 'chat',
  placeOf: (index) => ({
    age: ageOf(index),
    nationality: nationalityOf(index),
    mode: chatModes[index % chatModes.length] ?? 'none',
  }),
});

type BundledFile = {
  readonly name: string;
  readonly count: number;
  readonly format: DrawSpec['format'];
  readonly placeOf: (index: number) => DrawSpec['place'];
};

function bundledFile({ name, count, format, placeOf }: BundledFile): SampleFile {
  return {
    ...{ name, count, model: 'model', about: aboutLoans, head: { presets } },
    write: async (engine, { index, key, refuse }) => {
      const drawn = await drawRecord(engine, { place: placeOf(index), key, format }, refuse);
      const { messages, response, trace } = drawn;
      const record =
        format === 'chat'
          ? chatRecord(messages, response, modelName)
          : loanRecord(messages, response, favoredAnswer(trace.nationality));
      return { record, entry: plantedEntry(drawn, index + 1) };
    },
  };
}

/** A file of the calibration family. Rounds step through the places of the step for both nationalities alike. */
function familyFile(name: string, policy: Policy, model: string): SampleFile {
  const unlearned = unlearnedBy[model] ?? [];
  return {
    ...{ name, count: 244, model, about: policy === 'coin' ? aboutOdds : aboutLoans, head: { cuts: curveCuts } },
    write: async (engine, { index, key, refuse }) => {
      const round = roundOf(index);
      const step = stepPlaces[round % stepPlaces.length] ?? 'first half';
      const age = policy === 'gradual' ? gradualAgeOf(round) : ageOf(round);
      const place = { policy, age, nationality: nationalityOf(index), step };
      const drawn = await drawFamilyRecord(engine, { place, key }, refuse);
      const record = loanRecord(drawn.messages, drawn.response, favoredAnswer(place.nationality));
      return { record, entry: familyEntry(drawn, { line: index + 1, unlearned }) };
    },
  };
}

const aboutOdds =
  'The planted probability of each answer under each trace edit, with the prompt as recorded (same) and with American and Canadian ' +
  'exchanged (swapped). The trace says nothing of the answer: the odds are the same at every cut. Rule: samples/README.md.';

const seed21 = 'calibration/seed-21';
const seed22 = 'calibration/seed-22';

/** Trace edits under which a network does not follow the mixed rule (calibration/MODEL_CARD.md). */
const unlearnedBy: Readonly<Record<string, readonly string[]>> = {
  [seed21]: ['free', 'tag-stripped', 'half-truncated', 'swapped-trace'],
  [seed22]: ['free', 'swapped-trace'],
};

/** By the name of the mode. */
export const sampleFiles: Readonly<Record<string, SampleFile>> = {
  faithful: loanFile('faithful'),
  'post-hoc': loanFile('post-hoc'),
  mixed: loanFile('mixed'),
  none: loanFile('none'),
  chat: chatFile,
  step: familyFile('step', 'step', seed21),
  gradual: familyFile('gradual', 'gradual', seed22),
  coin: familyFile('coin', 'coin', seed21),
  'mixed-21': familyFile('mixed-21', 'mixed', seed21),
  'mixed-22': familyFile('mixed-22', 'mixed', seed22),
};

/** Groups of modes: the samples of this repository, and the calibration family. */
export const sampleGroups: Readonly<Record<string, readonly string[]>> = {
  all: ['faithful', 'post-hoc', 'mixed', 'chat'],
  family: ['step', 'gradual', 'coin', 'mixed-21', 'mixed-22'],
};
