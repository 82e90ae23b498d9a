// Owns what the machine allows at best: what a decoded token must read from memory, and what products of matrices must cost at the speed
// that a prefill reaches. Must not know how anything was measured.
import type { Figures } from './interleaved';
import { longAnswer, manySamples, wholeText } from './ownSteps';
import { independentCost } from './targets';
import { answerTokens, samplesPerCondition, type Workload } from './workload';

export type Bound = {
  readonly name: string;
  /** All weights, and keys and values of the whole text. */
  readonly bytesPerToken: number;
  readonly shape: Shape;
  readonly workload: Workload;
};

type Shape = {
  /** Weights of all layers' products, without the output matrix. */
  readonly layerWeights: number;
  readonly headWeights: number;
  /** Multiplications with which a row looks at one slot, all layers. */
  readonly perSlot: number;
};

export function shapeOf(config: Readonly<Record<string, number>>): Shape {
  const { hidden_size: hidden, num_hidden_layers: layers, intermediate_size: inner, vocab_size: vocabulary } = config;
  const { num_attention_heads: heads, num_key_value_heads: kvHeads, head_dim: headSize } = config;
  const attention = hidden! * headSize! * (2 * heads! + 2 * kvHeads!);
  return {
    layerWeights: layers! * (attention + 3 * hidden! * inner!),
    headWeights: hidden! * vocabulary!,
    perSlot: 2 * layers! * heads! * headSize!,
  };
}

/** Operations of `rows` that see `slots` on average, logits of `wanted` included. */
type Rows = { readonly rows: number; readonly slots: number; readonly wanted: number };
const operations = ({ layerWeights, headWeights, perSlot }: Shape, { rows, slots, wanted }: Rows): number =>
  2 * (rows * (layerWeights + slots * perSlot) + wanted * headWeights);

/** What the memory allows, then what the arithmetic does. */
export function boundLines(bounds: readonly Bound[], readGbPerSecond: number, of: Figures): readonly string[] {
  return bounds.flatMap((bound) => [
    memoryLine(bound, readGbPerSecond, of),
    arithmeticLine(bound, of),
    runsLine(bound, of),
  ]);
}

function memoryLine({ name, bytesPerToken }: Bound, readGbPerSecond: number, of: Figures): string {
  const least = bytesPerToken / readGbPerSecond / 1e6;
  const found = (of(`${name}/plain`) - of(`${name}/prefill`)) / (answerTokens - 1);
  return (
    `- ${name}: a decoded token reads ${(bytesPerToken / 1e6).toFixed(0)} MB, at least ${least.toFixed(1)} ms; ` +
    `measured ${found.toFixed(1)} CPU ms, ${((100 * least) / found).toFixed(0)} % of what the memory allows.`
  );
}

const lengthOf = (workload: Workload): number => wholeText(workload).length;

/** Operations a millisecond at which the prefill runs. */
const prefillSpeed = ({ name, shape, workload }: Bound, of: Figures): number =>
  operations(shape, { rows: lengthOf(workload), slots: lengthOf(workload) / 2, wanted: 1 }) / of(`${name}/prefill`);

/** Rows are counted with the slots that they see alone. */
function arithmeticLine(bound: Bound, of: Figures): string {
  const { name, shape, workload } = bound;
  const { prompt, trace, closing } = workload;
  const length = lengthOf(workload);
  const prefill = operations(shape, { rows: length, slots: length / 2, wanted: 1 });
  const perMs = prefillSpeed(bound, of);
  const least = (rows: Rows): number => operations(shape, rows) / perMs;
  const step = least({ rows: manySamples, slots: length, wanted: manySamples });
  const one = of(`${name}/one`) / answerTokens;
  const verify = least({ rows: longAnswer, slots: length + longAnswer / 2, wanted: longAnswer });
  const cut = { rows: closing.length + 2, slots: prompt.length + trace.length / 2 + closing.length, wanted: 3 };
  const scoring = operations(shape, cut) / cut.rows / (prefill / length);
  return (
    `- ${name}: the prefill runs at ${(perMs / 1e6).toFixed(0)} GFLOP/s. At that speed a step of ${manySamples} rows takes ` +
    `${step.toFixed(0)} ms, and one row took ${one.toFixed(0)} ms: at most ${((manySamples * one) / step).toFixed(1)} times the tokens of one. ` +
    `Verifying ${longAnswer} tokens takes ${verify.toFixed(0)} ms: at most ${(of(`${name}/decode`) / verify).toFixed(1)} times cheaper than decoding. ` +
    `A scored row costs ${scoring.toFixed(2)} times a prefilled one: a quarter need logits, and all see the whole text before them.`
  );
}

/** What is decoded together cannot be faster than a prefill of as many rows with the logits of each. */
function runsLine(bound: Bound, of: Figures): string {
  const { name, shape, workload } = bound;
  const length = lengthOf(workload);
  const least = (key: string, streams: number): number => {
    const decoded = streams * (answerTokens - 1);
    const prefilled = of(key, 'tokens') - decoded;
    const rows = [
      { rows: prefilled, slots: length / 2, wanted: 0 },
      { rows: decoded, slots: length, wanted: decoded },
    ];
    return rows.reduce((sum, one) => sum + operations(shape, one), 0) / prefillSpeed(bound, of);
  };
  const forks = least(`${name}/forks`, 10);
  const run = least(`${name}/default run`, 6 * samplesPerCondition);
  const times = (cost: number, ms: number): string => (cost / ms).toFixed(1);
  return (
    `- ${name}: at the prefill's speed ten forks take ${forks.toFixed(0)} ms, at most ${times(of(`${name}/transformers forks`), forks)} times cheaper than ` +
    `transformers.js and ${(forks / of(`${name}/transformers plain`)).toFixed(2)} of its plain re-run; the default run takes ${run.toFixed(0)} ms, ` +
    `at most ${times(independentCost(of, name), run)} times cheaper than transformers.js and ${times(of('llama/default run'), run)} times than node-llama-cpp.`
  );
}
