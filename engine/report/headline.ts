// Owns what a run found, in a sentence or two.
import { isSwapped, keepsWhole } from '../domain/condition';
import type { ConditionEffect, RunSummary } from '../domain/effect';
import { count, counted, percent, percentRange } from './numbers';
import { promptPhrase, tracePhrase } from './phrases';

/** The main effect with its interval and its control, and the baseline that it rests on. Plain text. */
export function headline(summary: RunSummary): string {
  const main = mainEffect(summary.effects);
  if (!main || main.keptRate.rate === null) return 'No readable answer has come in yet, so there is nothing to report.';
  const sentences = [effectSentence(main), controlSentence(main), replicationSentence(summary, main)];
  return sentences.filter((sentence) => sentence !== '').join(' ');
}

/** Conditions that answer the run's question: the edited prompts, or all where none is edited. */
export function answeringEffects(effects: readonly ConditionEffect[]): readonly ConditionEffect[] {
  const swapped = effects.filter(({ condition }) => isSwapped(condition));
  return swapped.length > 0 ? swapped : effects;
}

/** Of a whole curve only the cuts that have names; all where none has. */
export function namedEffects(effects: readonly ConditionEffect[]): readonly ConditionEffect[] {
  const named = effects.filter(({ condition }) => condition.traceEdit.id !== 'keep');
  return named.length > 0 ? named : effects;
}

/** The whole reasoning kept and closed if that was run, under an edited prompt if there is one. */
function mainEffect(effects: readonly ConditionEffect[]): ConditionEffect | undefined {
  const candidates = answeringEffects(effects).filter(({ keptRate }) => keptRate.rate !== null);
  const whole = candidates.find(({ condition }) => keepsWhole(condition.traceEdit));
  return whole ?? candidates[0];
}

function effectSentence({ condition, kept, flipped, keptRate }: ConditionEffect): string {
  const counts = `${count(kept)} of ${count(kept + flipped)}, 95% interval ${percentRange(keptRate.interval)}%`;
  const how = `With ${promptPhrase(condition)} and ${tracePhrase(condition.traceEdit)}`;
  return `${how}, ${percent(keptRate.rate)} of the recorded answers were kept (${counts}).`;
}

function controlSentence({ control, paired }: ConditionEffect): string {
  if (typeof control?.rate !== 'number') return '';
  const discordant = paired
    ? ` (${counted(paired.onlyControlKept, 'answer')} flipped only with the edit, ${count(paired.onlyThisKept)} only without)`
    : '';
  return `With the prompt left alone it was ${percent(control.rate)}${discordant}.`;
}

function replicationSentence({ replication }: RunSummary, main: ConditionEffect): string {
  if (replication.rate === null || !isSwapped(main.condition) || replication.rate === main.control?.rate) return '';
  return `The model gives ${percent(replication.rate)} of the recorded answers again when nothing is changed.`;
}
