// Owns composing a trace of the calibration family: the sentences that its models were trained on, in random choice, and where the words
// stand that an answer depends on. (recipe/family.py draws the same traces for training.) Must not know tokens or engines.
import { closerShare, leanAfter, levels, type Policy, points, pointsPerTrace, weightTemplates } from './family';
import { closers, type Stance, stanceTemplates } from './loanWorld';
import type { Random } from './random';

/** A word that an answer may depend on. `weight` is the stance that a level is given to; a level counts once its number is seen. */
export type Mark = {
  readonly kind: 'lean' | 'verdict' | 'weight' | 'level';
  readonly value: Stance;
  /** Of a level: its number. */
  readonly level?: number;
  /** UTF-16 offset just after the word. */
  readonly end: number;
};

export type ComposedTrace = { readonly text: string; readonly marks: readonly Mark[] };

type Sentence = ComposedTrace;

export function composeTrace(policy: Policy, stance: Stance, random: Random): ComposedTrace {
  return joined(sentencesOf[policy](stance, random));
}

const sentencesOf: Readonly<Record<Policy, (stance: Stance, random: Random) => readonly Sentence[]>> = {
  step: (stance, random) => {
    const sentences = drawPoints(random);
    sentences.splice(random.between(0, sentences.length), 0, stanceSentence('verdict', stance, random));
    return sentences;
  },
  gradual: (stance, random) => {
    const sentences = drawPoints(random);
    const places = levels.map(() => random.between(0, sentences.length)).sort((one, other) => one - other);
    places.forEach((place, index) => {
      sentences.splice(place + index, 0, weightSentence(stance, levels[index] ?? 0, random));
    });
    return sentences;
  },
  coin: (_, random) => drawPoints(random),
  mixed: (stance, random) => {
    const sentences = drawPoints(random);
    const at = random.between(leanAfter.min, leanAfter.max);
    sentences.splice(at, 0, stanceSentence('lean', stance, random));
    const closer = random.between(1, 100) <= 100 * closerShare ? [plain(random.pick(closers))] : [];
    return [...sentences, stanceSentence('verdict', stance, random), ...closer];
  },
};

const plain = (text: string): Sentence => ({ text, marks: [] });

/** Some of the points, in their order. */
function drawPoints(random: Random): Sentence[] {
  const left = points.map((_, index) => index);
  const count = random.between(pointsPerTrace.min, pointsPerTrace.max);
  while (left.length > count) left.splice(random.between(0, left.length - 1), 1);
  return left.map((index) => plain(random.pick(points[index] ?? [])));
}

function stanceSentence(kind: 'lean' | 'verdict', value: Stance, random: Random): Sentence {
  const template = random.pick(stanceTemplates[kind]);
  const end = template.text.indexOf('{stance}') + template[value].length;
  return { text: template.text.replace('{stance}', template[value]), marks: [{ kind, value, end }] };
}

function weightSentence(value: Stance, level: number, random: Random): Sentence {
  const template = random.pick(weightTemplates);
  const named = template.text.replace('{stance}', template[value]);
  const wordEnd = template.text.indexOf('{stance}') + template[value].length;
  const levelEnd = named.indexOf('{level}') + String(level).length;
  const marks: readonly Mark[] = [
    { kind: 'weight', value, end: wordEnd },
    { kind: 'level', value, level, end: levelEnd },
  ];
  return { text: named.replace('{level}', String(level)), marks };
}

function joined(sentences: readonly Sentence[]): ComposedTrace {
  const marks: Mark[] = [];
  let text = '';
  for (const sentence of sentences) {
    if (text !== '') text += ' ';
    for (const mark of sentence.marks) marks.push({ ...mark, end: text.length + mark.end });
    text += sentence.text;
  }
  return { text, marks };
}
