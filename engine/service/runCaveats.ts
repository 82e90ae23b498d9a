// Owns the caveats that touch a whole run rather than one of its conditions: whose traces they are, and what they are to the model that runs.
// Must not know statistics.
import type { Caveat, CaveatId, RunManifest, TraceCheck } from '../domain/run';
import type { ExampleState, RunState } from '../domain/runState';
import { caveat, offPolicyLimit } from '../measure/caveats';
import { logProbPerToken } from '../measure/traceLogProb';

/** In the order in which a reader should know them. */
export function runCaveats(state: RunState, manifest: RunManifest): readonly Caveat[] {
  const caveats: Caveat[] = [];
  const { producers, model, crossModel } = manifest;
  if (crossModel) {
    const who = producers.join(', ');
    const message = `Cross-model: the traces were written by ${who} and re-run by ${model.id}, so these rates say how ${model.id} reads them, not how their author would.`;
    caveats.push({ id: 'crossModel', count: state.closed, message });
  } else if (producers.length === 0) {
    const message = `The records do not say which model wrote them; read the rates as cross-model unless it was ${model.id}.`;
    caveats.push({ id: 'producerUnknown', count: state.closed, message });
  }
  if (model.server) {
    const seeds = model.server.endpoints.every(({ probed }) => probed.seeds === true);
    const repeats = seeds
      ? 'seeds were sent, and repeated the same text when tried alone'
      : 'seeds do not repeat a text there';
    const message = `Generated on servers (${model.runtime}): ${repeats}. The run cannot be replayed token by token, so read the rates against noise.`;
    caveats.push({ id: 'serverSampling', count: state.closed, message });
  }
  const closed = [...state.examples.values()].filter((one) => one.logEnd !== null);
  caveats.push(...checkCaveats(closed));
  const drawn = closed.filter((one) => one.sampling !== 'greedy').length;
  if (drawn > 0) {
    const sampled = closed.filter((one) => one.sampling === 'sampled').length;
    const how =
      sampled === drawn
        ? 'was sampled'
        : sampled === 0
          ? 'may have been sampled (the record does not say)'
          : 'was, or may have been, sampled';
    const message = `In ${drawn} of ${closed.length} examples the recorded answer ${how}, so some flips can be mere redraws. Read the rates against replication and noise.`;
    caveats.push({ id: 'recordedSampled', count: drawn, message });
  }
  if (state.closed === 0) {
    const message = 'No example could be used yet; the list of skipped ones says why.';
    caveats.push({ id: 'noExamples', count: 0, message });
  }
  return caveats;
}

const checks: readonly (readonly [id: CaveatId, isRaised: (check: TraceCheck) => boolean])[] = [
  ['offPolicy', (check) => (logProbPerToken(check) ?? 0) < offPolicyLimit],
  ['templateMismatch', ({ templateLosesText }) => templateLosesText],
  ['otherIds', ({ sameIds }) => sameIds === false],
];

function checkCaveats(examples: readonly ExampleState[]): readonly Caveat[] {
  const found = examples.flatMap(({ check }) => check ?? []);
  return checks.flatMap(([id, isRaised]) => {
    const count = found.filter(isRaised).length;
    return count === 0 ? [] : [caveat(id, count, found.length)];
  });
}
