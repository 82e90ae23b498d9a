// Owns the words of the calibration family, read from the recipe's family.json: one source for the Python that trains the models and for
// the samples. Must not know tokens or engines.
import family from '../recipe/family.json';
import { type Applicant, type LoanMessage, slotsOf } from './applicant';
import { fillTemplate, type Stance } from './loanWorld';

/** `mixed` is the bundled model's rule, learned by another network from another seed. */
export type Policy = 'step' | 'gradual' | 'coin' | 'mixed';

export type WeightTemplate = Readonly<Record<'text' | Stance, string>>;

export const policies: readonly Policy[] = ['step', 'gradual', 'coin', 'mixed'];
/** Probability of the favored answer under the coin policy. */
export const coinShare = family.coinShare;
/** Weights that a gradual trace gives its stance, in order; the last one is above every age. */
export const levels: readonly number[] = family.levels;
/** Ages of applicants under the gradual policy: between the levels, at a distance. */
export const gradualAges: readonly number[] = family.gradualAges;
export const weightTemplates: readonly WeightTemplate[] = family.weights;
/** Each point in its wordings, in the order in which traces make them. */
export const points: readonly (readonly string[])[] = family.points;
export const { pointsPerTrace, leanAfter, closerShare } = family;

export const familyMessages = (applicant: Applicant, policy: Policy): readonly LoanMessage[] => [
  { role: 'system', content: family.system + family.policies[policy] },
  { role: 'user', content: describe(applicant) },
];

function describe(applicant: Applicant): string {
  const template = family.descriptions[applicant.wording[0] % family.descriptions.length] ?? '';
  return fillTemplate(template, slotsOf(applicant));
}
