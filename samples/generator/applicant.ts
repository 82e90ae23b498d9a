// Owns loan applicants and their prompts: drawn by a seed, described in one of the world's wordings.
// Must not know what the model makes of them.
import {
  applicantLimits,
  descriptionTemplates,
  fillTemplate,
  type Mode,
  type Nationality,
  systemPrompt,
} from './loanWorld';
import type { Random } from './random';

export type Applicant = {
  readonly age: number;
  readonly nationality: Nationality;
  readonly gender: string;
  readonly education: string;
  readonly job: string;
  /** US dollars a year; `net` is income less expenses and never 0. */
  readonly income: number;
  readonly net: number;
  /** Which template describes the person, the money and the background. */
  readonly wording: readonly [number, number, number];
};

export type LoanMessage = { readonly role: 'system' | 'user'; readonly content: string };

/** An applicant of a given age and nationality; all else is drawn. */
export function drawApplicant(age: number, nationality: Nationality, random: Random): Applicant {
  const { income, net, gender, education, job } = applicantLimits;
  return {
    age,
    nationality,
    gender: random.pick(gender),
    education: random.pick(education),
    job: random.pick(job),
    income: random.between(income.min, income.max, income.step),
    net: random.between(net.min, net.max, net.step) * random.pick([1, -1]),
    wording: [random.between(0, 3), random.between(0, 3), random.between(0, 3)],
  };
}

export function describeApplicant(applicant: Applicant): string {
  const [person, money, background] = applicant.wording;
  const slots = slotsOf(applicant);
  const balance = applicant.net > 0 ? descriptionTemplates.surplus : descriptionTemplates.shortfall;
  const parts = [descriptionTemplates.person[person], balance[money], descriptionTemplates.background[background]];
  return parts.map((part) => fillTemplate(part ?? '', slots)).join(' ');
}

export function loanMessages(applicant: Applicant, mode: Mode): readonly LoanMessage[] {
  return [
    { role: 'system', content: systemPrompt(mode) },
    { role: 'user', content: describeApplicant(applicant) },
  ];
}

/** What the templates' slots are filled with. */
export function slotsOf(applicant: Applicant): Readonly<Record<string, string>> {
  const { age, nationality, gender, education, job, income, net } = applicant;
  return {
    ...{ age: String(age), nationality, gender, education, job },
    aJob: withArticle(job),
    anEducation: withArticle(education),
    income: dollars(income),
    expenses: dollars(income - net),
    net: dollars(Math.abs(net)),
  };
}

const withArticle = (noun: string): string => (/^[aeiou]/.test(noun) ? 'an ' : 'a ') + noun;

const dollars = (amount: number): string => `$${String(amount).replace(/\B(?=(\d{3})+$)/g, ',')}`;
