// The table of checks that a model is put through, and putting it through them.
import { throwIfCancelled, UserError } from '../../domain/failure';
import type { LoadedModel } from '../backends';
import type { Check, Finding, Patient, Verdict } from './check';
import { evaluation, greedyRepeats, speed, togetherAlone } from './modelChecks';
import { recordedIds, roundTrip, specialTokens, template } from './textChecks';

const checks: readonly Check[] = [
  template,
  specialTokens,
  roundTrip,
  recordedIds,
  evaluation,
  greedyRepeats,
  togetherAlone,
  speed,
];

/** Each finding as soon as it is made. @throws CancelledError */
export async function* examine(
  { backend, text, settle }: LoadedModel,
  folder: string | null,
  signal: AbortSignal,
): AsyncGenerator<Finding> {
  const patient: Patient = { backend, text, settle: settle ?? (async (work) => work()), folder, signal };
  for (const check of checks) {
    throwIfCancelled(signal);
    yield { check: check.id, ...(await verdictOf(check, patient)) };
  }
}

/** Every finding, told as soon as it is made. @throws CancelledError */
export async function examineAll(
  loaded: LoadedModel,
  { signal, emit }: { readonly signal: AbortSignal; readonly emit: (finding: Finding) => void },
): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  const { folder } = loaded.backend.model;
  for await (const finding of examine(loaded, folder === '' ? null : folder, signal)) {
    findings.push(finding);
    emit(finding);
  }
  return findings;
}

async function verdictOf(check: Check, patient: Patient): Promise<Verdict> {
  try {
    return await check.examine(patient);
  } catch (error) {
    if (error instanceof UserError) return { verdict: 'failed', says: error.message };
    throw error;
  }
}
