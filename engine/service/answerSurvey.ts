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
/** Prompts in which the letters of options are looked for, at most: after so many, all have been met. */
const mostAsked = 2000;
/** A less telling reader is only preferred when the more telling one reads clearly less. */
const goodEnough = 0.8;
/** When there are many spellings, the options are those above this share, if together they cover nearly all. */
const rareShare = 0.01;
const nearlyAll = 0.95;

/** `agreed`: read, and nothing else stated. */
type Tally = { read: number; agreed: number; readonly spellings: Map<string, Map<string, number>> };

export class AnswerSurvey {
  readonly #tallies: ReadonlyMap<AnswerReader, Tally>;
  readonly #offered = new Set<string>();
  #asked = 0;

  /** @param wanted id of a reader, or `auto` */
  constructor(wanted: string) {
    const readers = wanted === 'auto' ? answers : [answerReader(wanted)];
    this.#tallies = new Map(readers.map((reader) => [reader, { read: 0, agreed: 0, spellings: new Map() }]));
  }

  /**
   * @param stated the answer as a field of the record states it
   * @param offered the letters that the prompt lists as options; asked for only where a letter was answered
   */
  add(answerText: string, stated: string | null, offered: () => readonly string[] = () => []): void {
    for (const [reader, tally] of this.#tallies) {
      const answer = reader.read(answerText);
      if (!answer) continue;
      if (isLetter(answer.option)) this.#addOffered(offered);
      const folded = foldAnswer(answer.option);
      tally.read += 1;
      if (stated === null || folded === foldAnswer(stated)) tally.agreed += 1;
      count(tally.spellings, folded, answer.option);
    }
  }

  #addOffered(offered: () => readonly string[]): void {
    if (this.#asked === mostAsked) return;
    this.#asked += 1;
    for (const letter of offered()) this.#offered.add(letter);
  }

  result(): SurveyResult {
    const tallies = [...this.#tallies];
    const agreed = Math.max(...tallies.map(([, tally]) => tally.agreed));
    const score = (tally: Tally): number => (agreed > 0 ? tally.agreed : tally.read);
    const best = Math.max(...tallies.map(([, tally]) => score(tally)));
    const [reader, tally] = tallies.find(([, one]) => score(one) >= goodEnough * best)!;
    const counted = byFrequency(tally);
    return {
      reader,
      read: tally.read,
      options: this.#withOffered(counted, tally.read),
      tally: counted.slice(0, mostTold),
    };
  }

  /** Letters that nobody happened to answer are options, too: answers behind shuffled letters, and what is scored, must find them. */
  #withOffered(counted: readonly Counted[], read: number): readonly string[] {
    const options = optionsOf(counted, read);
    if (options.length === 0 || !options.every(isLetter)) return options;
    const missing = [...this.#offered].filter((letter) => !options.includes(letter)).sort();
    return options.length + missing.length > mostOptions ? options : [...options, ...missing];
  }
}

const isLetter = (option: string): boolean => /^[A-Z]$/.test(option);

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
