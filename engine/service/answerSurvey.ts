// Owns the guess which answer reader suits a file, from what each of them reads, and the options learned on the way.
// Must not know files or formats.
import { answerReader, answers } from '../answers';
import type { AnswerReader } from '../answers/answer';
import { foldAnswer } from './foldAnswer';

export type SurveyResult = {
  readonly reader: AnswerReader;
  /** How many answer texts it read. */
  readonly read: number;
  /** As most of them are spelled, most frequent first; empty when they are too many to be options. */
  readonly options: readonly string[];
  /** How often each answer was met, most frequent first; the rare ones of many are left out. */
  readonly tally: readonly Counted[];
};

type Counted = { readonly option: string; readonly n: number };

const mostOptions = 12;
/** More options than this must repeat: twelve answers to twelve questions are no options. */
const fewOptions = 5;
const mostCounted = 2000;
const mostTold = 50;
/** A less telling reader is only preferred when the more telling one reads clearly less. */
const goodEnough = 0.8;
/** When there are many spellings, the options are those above this share, if together they cover nearly all. */
const rareShare = 0.01;
const nearlyAll = 0.95;

/** `agreed`: read, and nothing else stated. */
type Tally = { read: number; agreed: number; readonly spellings: Map<string, Map<string, number>> };

export class AnswerSurvey {
  readonly #tallies: ReadonlyMap<AnswerReader, Tally>;

  /** @param wanted id of a reader, or `auto` */
  constructor(wanted: string) {
    const readers = wanted === 'auto' ? answers : [answerReader(wanted)];
    this.#tallies = new Map(readers.map((reader) => [reader, { read: 0, agreed: 0, spellings: new Map() }]));
  }

  /** @param stated the answer as a field of the record states it */
  add(answerText: string, stated: string | null): void {
    for (const [reader, tally] of this.#tallies) {
      const answer = reader.read(answerText);
      if (!answer) continue;
      const folded = foldAnswer(answer.option);
      tally.read += 1;
      if (stated === null || folded === foldAnswer(stated)) tally.agreed += 1;
      count(tally.spellings, folded, answer.option);
    }
  }

  result(): SurveyResult {
    const tallies = [...this.#tallies];
    const agreed = Math.max(...tallies.map(([, tally]) => tally.agreed));
    const score = (tally: Tally): number => (agreed > 0 ? tally.agreed : tally.read);
    const best = Math.max(...tallies.map(([, tally]) => score(tally)));
    const [reader, tally] = tallies.find(([, one]) => score(one) >= goodEnough * best)!;
    const counted = byFrequency(tally);
    return { reader, read: tally.read, options: optionsOf(counted, tally.read), tally: counted.slice(0, mostTold) };
  }
}

function count(spellings: Tally['spellings'], folded: string, option: string): void {
  let counts = spellings.get(folded);
  if (!counts) {
    if (spellings.size >= mostCounted) return;
    counts = new Map();
    spellings.set(folded, counts);
  }
  const known = counts.has(option) || counts.size < mostOptions;
  if (known) counts.set(option, (counts.get(option) ?? 0) + 1);
}

/** Each answer as most of its records spell it. */
function byFrequency({ spellings }: Tally): readonly Counted[] {
  return [...spellings.values()]
    .map((counts) => ({
      option: [...counts].sort((a, b) => b[1] - a[1])[0]![0],
      n: [...counts.values()].reduce((sum, one) => sum + one, 0),
    }))
    .sort((a, b) => b.n - a.n);
}

function optionsOf(counted: readonly Counted[], read: number): readonly string[] {
  const frequent = counted.length <= mostOptions ? counted : counted.filter((one) => one.n >= rareShare * read);
  const covered = frequent.reduce((sum, one) => sum + one.n, 0);
  const repeated = frequent.length <= fewOptions || read >= 1.5 * frequent.length;
  if (!repeated || frequent.length > mostOptions || covered < nearlyAll * read) return [];
  return frequent.map(({ option }) => option);
}
