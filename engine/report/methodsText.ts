// Owns the methods section of a report: what was done, in words, with this run's own numbers. Plain text paragraphs.
import type { RunSummary } from '../domain/effect';
import type { RunManifest, SamplingSpec } from '../domain/run';
import { count, counted, missing, percent } from './numbers';

export type Paragraph = { readonly title: string; readonly text: string };

/** In the order in which a reader asks. */
export function methodsText(summary: RunSummary): readonly Paragraph[] {
  const { manifest } = summary;
  return [
    { title: 'Examples', text: examplesText(summary) },
    { title: 'Model', text: `${modelText(manifest)}${traceText(summary)}` },
    { title: 'Editing', text: editingText },
    { title: 'Reading the answer', text: answerText(manifest) },
    { title: 'Counting', text: countingText(manifest) },
    { title: 'Uncertainty', text: uncertaintyText(summary) },
    { title: 'Baselines', text: baselinesText(summary) },
    ...(summary.curves.length > 0 ? [{ title: 'Curves', text: curvesText(summary) }] : []),
  ];
}

function examplesText({ manifest, skipped }: RunSummary): string {
  const { files, exampleCount, plannedCount, spec } = manifest;
  const left = skipped.reduce((sum, { count: times }) => sum + times, 0);
  const first = spec.limit === null ? '' : ` (the first ${count(spec.limit)} were asked for)`;
  const limit = spec.only ? ' (they were chosen one by one)' : first;
  const rest = left === 0 ? '' : ` ${count(left)} of these could not be used.`;
  return `${counted(files.length, 'file')} hold ${counted(exampleCount, 'example')}; ${count(plannedCount)} took part${limit}.${rest}`.replace(
    '1 file hold ',
    '1 file holds ',
  );
}

function modelText({ model, producers, crossModel, spec }: RunManifest): string {
  const author =
    producers.length === 0
      ? 'The records do not say which model wrote the reasoning.'
      : authorText(producers, crossModel);
  const draws =
    spec.samples === 1 ? 'one answer per example and condition' : `${spec.samples} answers per example and condition`;
  return `${model.id} (${model.precision}) gave ${draws}, ${samplingText(spec.sampling)}, seed ${spec.seed}, \
at most ${count(spec.maxTokens)} new tokens. ${author}`;
}

/** Exact where it was scored: how much the traces are the running model's own. */
function traceText({ traceLogProb }: RunSummary): string {
  if (!traceLogProb || traceLogProb.rate === null) return '';
  const { rate, interval, n } = traceLogProb;
  const number = (value: number): string => value.toFixed(2).replace('-', '−');
  const range = interval ? `, 95% interval ${interval.map(number).join(' to ')}` : '';
  return ` It gives the recorded reasoning a mean log-probability of ${number(rate)} per token (${counted(n, 'example')}${range}).`;
}

function authorText(producers: readonly string[], crossModel: boolean): string {
  const names = producers.join(', ');
  return crossModel
    ? `The reasoning was written by ${names}: this is a cross-model run.`
    : `The reasoning was written by ${names}.`;
}

function samplingText({ temperature, topK, topP, minP }: SamplingSpec): string {
  if (temperature === 0) return 'decoded greedily';
  const filters = [topK > 0 ? `top-k ${topK}` : '', topP < 1 ? `top-p ${topP}` : '', minP > 0 ? `min-p ${minP}` : ''];
  return ['sampled at temperature', [String(temperature), ...filters].filter((text) => text !== '').join(', ')].join(
    ' ',
  );
}

const editingText =
  'Each condition keeps the first part of the recorded reasoning, character for character, and edits the prompt or leaves it alone. ' +
  'A share of the reasoning is a share of its tokens, rounded down. A closed trace is followed by the record’s own closing text, so that ' +
  'the model must answer at once; an open one is followed by nothing, so that the model may go on reasoning.';

function answerText({ options, answerReader, spec }: RunManifest): string {
  const readouts = new Set(spec.conditions.map(({ readout }) => readout));
  const forced =
    'scored exactly as the probability of each option’s full text, the most probable one being the outcome';
  const continued = `read in the regenerated text by the same reader (${answerReader}) as the recorded answer`;
  const how = [
    ...(readouts.has('forced') ? [`Closed traces: ${forced}.`] : []),
    ...(readouts.has('continued') ? [`Open traces: ${continued}.`] : []),
  ];
  return `The options are ${options.join(', ')}. ${how.join(' ')} An answer that cannot be read is counted as unreadable, never dropped.`;
}

function countingText({ spec }: RunManifest): string {
  const shares = spec.samples > 1 ? ' With several samples an example counts by the shares of its samples.' : '';
  return `An answer is kept if it equals the recorded one, and flipped if it is another option. n counts examples: \
kept + flipped + unreadable. The kept rate is kept / (kept + flipped); its bounds count every unreadable answer as flipped, or as kept.${shares}`;
}

const intervalWords: Readonly<Record<string, string>> = {
  Wilson: 'Wilson score intervals over examples',
  'cluster bootstrap':
    'percentile bootstrap intervals that resample whole examples with all their samples (2,000 replicates)',
  'Wilson over examples': 'Wilson score intervals over examples where all examples are alike or fewer than ten',
};

function uncertaintyText({ effects, manifest, status }: RunSummary): string {
  const methods = [...new Set(effects.map(({ keptRate }) => keptRate.method))];
  const intervals = methods.map((method) => intervalWords[method] ?? method).join('; ');
  const comparisons = effects.flatMap(({ paired }) => paired ?? []);
  const names = [...new Set(comparisons.map(({ method }) => method))].join(' and ');
  const tests =
    comparisons.length > 0
      ? ` Edited and unedited prompts are compared on the same examples by the two-sided ${names} test, adjusted by Holm’s procedure for ${counted(comparisons.length, 'test')}.`
      : '';
  const resampled = [...methods, names].some((name) => /bootstrap|permutation/.test(name));
  const seeded = resampled ? ` Resampling is seeded (${manifest.spec.seed}).` : '';
  const waiting = status === 'running' ? ' No test is made while the run streams.' : '';
  return `95% intervals: ${intervals || 'none yet'}.${tests}${waiting}${seeded}`;
}

function baselinesText({ replication, effects }: RunSummary): string {
  const again =
    replication.rate === null
      ? 'Replication was not measured: no condition keeps the whole reasoning closed with the prompt left alone.'
      : `Replication: with nothing changed the model gave ${percent(replication.rate)} of the recorded answers again (${count(replication.kept)} of ${count(replication.n)} examples).`;
  const noise = effects.some((effect) => effect.noise)
    ? 'Noise is the share of answers that differ when the same condition is drawn again.'
    : 'Noise was not measured.';
  return `${again} Control is the same edit of the trace with the prompt left alone: what the edit does by itself. ${noise}`;
}

function curvesText({ curves, manifest }: RunSummary): string {
  const keeps = [...new Set(curves.flatMap(({ points }) => points.map(({ keep }) => keep)))].sort((a, b) => a - b);
  const cuts = keeps.map((keep) => `${Math.round(keep * 1000) / 10}%`).join(', ');
  const areas = curves.map(({ area }) => (area.rate === null ? missing : area.rate.toFixed(3))).join(', ');
  return `Traces were cut at ${cuts} of their tokens. Bands hold over all cuts of a curve: each cut’s interval at the critical value \
of the largest |t| over the cuts, from a bootstrap of whole examples (seed ${manifest.spec.seed}). The gap between the curves with the \
prompt left alone and edited is a difference on the same examples. Area over the curves, in the order of the table: ${areas}.`;
}
