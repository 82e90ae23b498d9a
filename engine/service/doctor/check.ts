// Owns what a check of a model is. Must not know any particular one.
import type { LoadedModel } from '../backends';

export type Patient = Pick<LoadedModel, 'backend' | 'text'> & {
  /** Does work with `text`, however long its server has to be asked. */
  readonly settle: NonNullable<LoadedModel['settle']>;
  /** The model's folder; `null`: it has none here. */
  readonly folder: string | null;
  readonly signal: AbortSignal;
};

/** `told`: nothing that could fail, but worth knowing. */
export type Verdict = { readonly verdict: 'passed' | 'failed' | 'told'; readonly says: string };

export type Check = {
  readonly id: string;
  /** @throws UserError, which counts as failed */
  readonly examine: (patient: Patient) => Promise<Verdict>;
};

export type Finding = Verdict & { readonly check: string };

export const passed = (says: string): Verdict => ({ verdict: 'passed', says });
export const failed = (says: string): Verdict => ({ verdict: 'failed', says });
export const told = (says: string): Verdict => ({ verdict: 'told', says });
