// Owns whether a trace's facts are the applicant's: every amount, number, job, degree and gender that it names stands in the prompt too.
// Must not know stances or tokens.
import { applicantLimits } from './loanWorld';

const words = [...applicantLimits.job, ...applicantLimits.education, ...applicantLimits.gender].join('|');
const facts = new RegExp(`\\$[\\d,]*\\d|\\b\\d+\\b|\\b(?:${words})\\b|\\b(?:surplus|shortfall)\\b`, 'g');

export function misstatesFacts(reasoning: string, description: string): boolean {
  const stated = new Set(description.match(facts));
  const balance = /shortfall|missing/.test(description) ? 'shortfall' : 'surplus';
  return (reasoning.match(facts) ?? []).some((fact) => fact !== balance && !stated.has(fact));
}
