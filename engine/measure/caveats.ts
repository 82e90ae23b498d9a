// Owns the sentences of caveats: why a number deserves care and what to do about it. Must not know who found the reason.
import type { Caveat, CaveatId } from '../domain/run';

/** Probability outside the options above which an exact readout is doubtful. */
export const outsideLimit = 0.1;
/** Gap in logits between the best two tokens below which another machine may choose the other one. */
export const nearTieLimit = 1e-3;
/** An exact two-sided McNemar test cannot reach p < 0.05 with fewer discordant pairs. */
export const fewestDiscordant = 6;

/**
 * Mean natural-log probability of a trace's tokens below which it reads as another's text: e^-2 is 14 % per token. Text that a model samples
 * itself lies far above (its own entropy per token), also with sharpened sampling by somebody else's settings.
 */
export const offPolicyLimit = -2;

/** `of`: so many of so many examples; `counted`: the examples alone. */
const sentences: Readonly<Record<CaveatId, (of: string, counted: string) => string>> = {
  swapTouchesNothing: (of) =>
    `The swap found nothing to change in the prompt of ${of}, so there this condition equals its control. ` +
    'Check how the prompt spells the value.',
  outsideOptions: (of) =>
    `In ${of} the model gives more than ${outsideLimit * 100} % of its probability to something that is none of the options. ` +
    'Add the missing option, or read the answer by continuing the text.',
  truncatedGeneration: (of) =>
    `In ${of} the text reached the token limit before it ended. Raise the limit (maxTokens in the spec) if many of these are unreadable.`,
  nearTie: (of) =>
    `In ${of} the best two tokens came within ${nearTieLimit} logits of each other. ` +
    'Another machine or thread count may answer differently there.',
  conclusionLeak: (of) =>
    `In ${of} the kept reasoning already states the answer, so a kept answer may be a copy rather than a conclusion. ` +
    'Compare with a cut before the conclusion.',
  attributeInTrace: (of) =>
    `In ${of} the kept reasoning names the swapped attribute, so prompt and reasoning contradict each other. ` +
    'Look at the examples that do not name it separately.',
  crossModel: (of) =>
    `In ${of} the reasoning was written by another model than the one that ran. ` +
    'This shows how one model treats the reasoning of another, not how the author uses its own; run the author’s weights for that.',
  fewDiscordant: (_of, counted) =>
    `Only ${counted} changed against the control; ` +
    `below ${fewestDiscordant} the exact test cannot reach p < 0.05, however large the effect. Use more examples.`,
  producerUnknown: (of) =>
    `The records of ${of} do not say which model wrote the reasoning, so nobody can tell whether this model is its author. ` +
    'Record the model’s name in the trace file.',
  recordedSampled: (of) =>
    `In ${of} the recorded answer was sampled, so some flips are mere redraws. Read the rates against replication and noise.`,
  serverSampling: (of) =>
    `In ${of} a server drew the text, with its own random numbers: seeds were sent, but the same seed need not give the same tokens ` +
    'elsewhere, or beside other requests. Read the rates against noise.',
  optionsUnscored: (of) =>
    `In ${of} a forced answer was chosen among the options, but their probabilities are not known: the server does not tell them. ` +
    'Read the answer in text (/continued), or use a server that tells log-probabilities.',
  editImpossible: (of) =>
    `This edit cannot be made of ${of} (no such step, no stated verdict, no partner, nothing that the helper model could rewrite, a text that does not fit), which take no part here. ` +
    'Compare with conditions on the same examples.',
  offPolicy: (of) =>
    `In ${of} the model finds the recorded reasoning improbable (under ${Math.round(Math.exp(offPolicyLimit) * 100)} % per token on average): ` +
    'it would hardly have written it. Effects on such traces may come from their strangeness; check model, template and prompt.',
  templateMismatch: (of) =>
    `In ${of} the model’s chat template leaves out or rewrites what a message says, so the model reads another prompt than the record holds. ` +
    'Look at the prompt in the diff view, or use the template that the producer used.',
  otherIds: (of) =>
    `In ${of} this tokenizer cuts the reasoning into other tokens than the producer wrote, though the text is the same. ` +
    'Cuts at a share of the tokens then fall elsewhere than the producer’s own tokens would have them.',
  noExamples: () => 'No example was run under this condition, so there is nothing to estimate.',
};

/** So many of so many examples have the reason. */
export type CaveatShare = { readonly count: number; readonly total: number };

export function caveat(id: CaveatId, count: number, total: number): Caveat {
  return { id, count, of: total, message: caveatMessage(id, [{ count, total }]) };
}

/** One message for several conditions that have the same reason: counts that differ become a range. */
export function caveatMessage(id: CaveatId, shares: readonly CaveatShare[]): string {
  const counts = rangeOf(shares.map(({ count }) => count));
  const totals = rangeOf(shares.map(({ total }) => total));
  const noun = (text: string): string => `${text} ${text === '1' ? 'example' : 'examples'}`;
  if (totals === '1') return sentences[id]('the only example', noun(counts));
  const everywhere = shares.every(({ count, total }) => count === total);
  return sentences[id](everywhere ? noun(`all ${totals}`) : `${counts} of ${noun(totals)}`, noun(counts));
}

function rangeOf(values: readonly number[]): string {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return low === high ? String(low) : `${low}–${high}`;
}
