// Owns what an edit of a trace may need before it can be made: text that a model writes first, or another example's trace.
// Recorded in the log as it comes, so that a resumed run uses the very same text. Must not know who gets it.
import type { PromptEditSpec } from './condition';

export type MaterialSpec =
  /** The reasoning that the model writes anew under an edited prompt. */
  | { readonly kind: 'rewrittenRun'; readonly promptEdit: PromptEditSpec }
  /** The trace of another example of the run, with the same recorded answer or another. */
  | { readonly kind: 'partner'; readonly answer: 'same' | 'other' }
  /** A step (from 1) of the trace, or of a message of the prompt (from 0), said otherwise or made wrong by a helper model. */
  | { readonly kind: 'helper'; readonly task: HelperTask; readonly step: number; readonly message?: number };

export type HelperTask = 'paraphrase' | 'mistake';

/** `text` is `null` when it could not be had; then `reason` says why. */
export type Material = {
  readonly text: string | null;
  readonly reason?: string;
  /** Where it is from, for a person: the model that wrote it, the other example. */
  readonly origin: string;
};
