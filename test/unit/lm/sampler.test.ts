import assert from 'node:assert/strict';
import { test } from 'node:test';
import { greedy, type SamplingSpec } from '../../../engine/domain/run';
import { uniform } from '../../../engine/lm/philox';
import { drawToken, logProbability } from '../../../engine/lm/sampler';

const logits = Float32Array.from([0, 1.5, -1, 1.5, 0.5, -2, Number.NEGATIVE_INFINITY, 1]);
const plain: SamplingSpec = { temperature: 1, topK: 0, topP: 1, minP: 0 };

/** Exact probabilities by the definition: rank by logit (lower id first), cut, renormalize. */
function exact(spec: SamplingSpec): number[] {
  const weights = Array.from(logits, (value) => Math.exp(value / spec.temperature));
  let ranked = weights.map((_, id) => id).sort((a, b) => weights[b]! - weights[a]! || a - b);
  if (spec.topK > 0) ranked = ranked.slice(0, spec.topK);
  const total = ranked.reduce((sum, id) => sum + weights[id]!, 0);
  let before = 0;
  ranked = ranked.filter((id) => {
    const stays = before < spec.topP * total;
    before += weights[id]!;
    return stays;
  });
  const best = weights[ranked[0]!]!;
  ranked = ranked.filter((id) => weights[id]! >= spec.minP * best * (1 - 1e-12));
  const rest = ranked.reduce((sum, id) => sum + weights[id]!, 0);
  return weights.map((weight, id) => (ranked.includes(id) ? weight / rest : 0));
}

const specs: Readonly<Record<string, SamplingSpec>> = {
  plain,
  cold: { ...plain, temperature: 0.4 },
  hot: { ...plain, temperature: 2.5 },
  'top-k': { ...plain, topK: 3 },
  'top-k that cuts between equal tokens': { ...plain, topK: 1 },
  'top-k larger than the vocabulary': { ...plain, topK: 50 },
  'top-p': { ...plain, topP: 0.7 },
  'top-p that keeps one token': { ...plain, topP: 1e-9 },
  'min-p': { ...plain, minP: 0.4 },
  'min-p of one': { ...plain, minP: 1 },
  all: { temperature: 0.8, topK: 5, topP: 0.9, minP: 0.1 },
};

for (const [name, spec] of Object.entries(specs)) {
  test(`draws follow the exact probabilities: ${name}`, () => {
    const expected = exact(spec);
    const counts = expected.map(() => 0);
    const draws = 20000;
    for (let i = 0; i < draws; i += 1) counts[drawToken(logits, spec, uniform(name, i)).id]! += 1;
    let chiSquare = 0;
    for (const [id, p] of expected.entries()) {
      if (p === 0) assert.equal(counts[id], 0, `token ${id} was filtered and still drawn`);
      else chiSquare += (counts[id]! - draws * p) ** 2 / (draws * p);
    }
    assert.ok(chiSquare < 24.3, `chi-square ${chiSquare} exceeds the 0.999 quantile of 7 degrees of freedom`);
  });
}

test('the token is the inverse CDF in vocabulary order, to the edge of each interval', () => {
  const probabilities = exact(plain);
  let low = 0;
  for (const [id, p] of probabilities.entries()) {
    if (p > 0) {
      assert.equal(drawToken(logits, plain, low + 1e-9).id, id);
      assert.equal(drawToken(logits, plain, low + p - 1e-9).id, id);
    }
    low += p;
  }
  assert.equal(drawToken(logits, plain, 1 - 2 ** -53).id, 7);
});

test('filters of a large vocabulary keep what sorting all of it would keep', () => {
  const many = Float32Array.from({ length: 3000 }, (_, id) => 30 * (uniform('logit', id) - 0.5));
  const ranked = [...many].sort((a, b) => b - a);
  const total = ranked.reduce((sum, value) => sum + Math.exp(value - ranked[0]!), 0);
  for (const wanted of [0.3, 0.9, 0.9999, 1 - 1e-9]) {
    let count = 0;
    for (let sum = 0; sum < wanted * total; count += 1) sum += Math.exp(ranked[count]! - ranked[0]!);
    const byCount = { ...plain, topK: count };
    const byMass = { ...plain, topP: wanted };
    for (let i = 0; i < 300; i += 1) {
      const u = uniform(`u ${wanted}`, i);
      const { id } = drawToken(many, byMass, u);
      assert.ok(many[id]! >= ranked[count - 1]!);
      assert.equal(drawToken(many, byCount, u).id, id);
    }
  }
});

test('greedy takes the first of equals and says that it was a tie', () => {
  assert.deepEqual(drawToken(logits, greedy, 0.99), { id: 1, margin: 0 });
  const { id, margin } = drawToken(Float32Array.from([1, 4, 2.5]), greedy, 0);
  assert.equal(id, 1);
  assert.equal(margin, 1.5);
});

test('the margin of a draw shrinks to nothing at the edge of its interval', () => {
  const edge = exact(plain)[0]!;
  assert.ok(drawToken(logits, plain, edge - 1e-7).margin < 1e-6);
  assert.ok(drawToken(logits, plain, edge / 2).margin > 0.1);
});

test('a drift of the logits below half of the margin cannot change the token', () => {
  for (let i = 0; i < 500; i += 1) {
    const { id, margin } = drawToken(logits, plain, uniform('drift', i));
    const drift = margin * 0.49;
    const moved = logits.map((value, k) => value + (uniform(`shift ${i}`, k) < 0.5 ? drift : -drift));
    assert.equal(drawToken(moved, plain, uniform('drift', i)).id, id);
  }
});

test('log-probabilities are those of a softmax, without overflow', () => {
  const probabilities = exact(plain);
  for (const [id, p] of probabilities.entries()) {
    if (p > 0) assert.ok(Math.abs(logProbability(logits, id) - Math.log(p)) < 1e-12);
  }
  assert.ok(Math.abs(logProbability(Float32Array.from([1e4, 1e4]), 0) - Math.log(0.5)) < 1e-12);
});

test('NaN and infinite logits are an error, never a token', () => {
  for (const bad of [[1, Number.NaN, 2], [Number.NaN], [1, Number.POSITIVE_INFINITY], [Number.NEGATIVE_INFINITY], []]) {
    assert.throws(() => drawToken(Float32Array.from(bad), greedy, 0), /produced NaN/);
    assert.throws(() => drawToken(Float32Array.from(bad), plain, 0.5), /produced NaN/);
    assert.throws(() => logProbability(Float32Array.from(bad), 0), /produced NaN/);
  }
});
