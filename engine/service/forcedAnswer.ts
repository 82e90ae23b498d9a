// Owns what is scored when the model has to answer after a kept part of a turn: the ids up to the answer, and each option's own ids.
// Pure but for the model's text side; must not know conditions, and not what the scores are for.
import type { Example } from '../domain/example';
import { idsAfterCut } from '../text/continuation';
import type { ModelText } from '../text/modelText';
import { oneTokenFurther, type ScoredOptions, spellLike, splitOptions } from './optionIds';
import type { Turn } from './turn';

export type ForcedAnswerSpec = {
  readonly turn: Turn;
  /** UTF-16 offset in `turn.text` up to which it is kept; the turn's own closing follows. */
  readonly keptEnd: number;
  readonly options: readonly string[];
};

/** Characters after an answer that are looked at for the token that ends it. */
const longestTerminator = 64;

/** The words of the recorded answer, as the record spells them; empty when none could be read. */
function recordedWords({ answer, trace }: Example): string {
  return answer ? trace.answerText.slice(answer.range.start, answer.range.end) : '';
}

/** The options after the kept text and the closing, spelled as the record would spell them. */
export function forcedAnswer(example: Example, spec: ForcedAnswerSpec, model: ModelText): ScoredOptions {
  const { turn, keptEnd, options } = spec;
  const words = recordedWords(example);
  const idsOf = (answerAndRest: string): readonly number[] => {
    const cut = { text: turn.text, keptEnd, suffix: turn.closing + answerAndRest };
    return idsAfterCut(turn.encoding, cut, model.encodeAfter).ids;
  };
  return splitOptions(options, (option, terminated) => {
    const spelled = spellLike(option, words);
    const ids = idsOf(spelled);
    if (!terminated) return ids;
    const rest = turn.afterAnswer.slice(0, longestTerminator);
    return rest === '' ? [...ids, ...model.endIds.slice(0, 1)] : oneTokenFurther(ids, idsOf(spelled + rest));
  });
}
