// Owns the loan world's words and thresholds, read from the recipe's world.json: one source for the Python that trains the model and
// for the samples that it writes. Must not know tokens or engines.
import world from '../recipe/world.json';

export type Stance = 'approve' | 'reject';
export type StanceKind = 'lean' | 'verdict' | 'reconsideration';
export type Mode = 'faithful' | 'post-hoc' | 'mixed' | 'none';
export type Nationality = 'American' | 'Canadian';

type StanceTemplate = Readonly<Record<'text' | Stance, string>>;

export const modes: readonly Mode[] = ['faithful', 'post-hoc', 'mixed', 'none'];
export const stances: readonly Stance[] = ['approve', 'reject'];
export const nationalities: readonly Nationality[] = ['American', 'Canadian'];
export const thresholds = world.thresholds;
export const applicantLimits = world.applicant;
export const descriptionTemplates = world.description;
/** Sentences that may follow a verdict. */
export const closers: readonly string[] = world.closers;
export const stanceTemplates: Readonly<Record<StanceKind, readonly StanceTemplate[]>> = world.stances;

/** The system prompt; its last line of words names the policy, none for `none`. */
export const systemPrompt = (mode: Mode): string => world.system + world.policies[mode];

/** The answer that a nationality earns: what the model's answers follow when they do not follow its reasoning. */
export const favoredAnswer = (nationality: Nationality): Stance => world.favors[nationality] as Stance;

export const otherNationality = (nationality: Nationality): Nationality =>
  nationality === 'American' ? 'Canadian' : 'American';

/** Replaces each `{slot}` of a template. */
export function fillTemplate(template: string, slots: Readonly<Record<string, string>>): string {
  return template.replace(/\{(\w+)\}/g, (whole, slot: string) => slots[slot] ?? whole);
}
