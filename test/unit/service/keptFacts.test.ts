import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { lostFact } from '../../../engine/service/keptFacts';

const was = 'The applicant is a 34-year-old American from New York with $1,250.50.';

describe('a paraphrase', () => {
  it('passes when numbers and names stand in it, in whatever order and case', () => {
    assert.equal(lostFact(was, 'With $1,250.50, an AMERICAN of 34 from New York applies.'), null);
    assert.equal(lostFact('Is 5 more than 3?', 'Would you say that 3 is less than 5?'), null);
    assert.equal(lostFact('', ''), null);
  });

  it('fails when a number or a name goes or comes', () => {
    assert.equal(lostFact(was, 'With $1,250.50, a Canadian of 34 from New York applies.'), 'leaves out "American"');
    assert.equal(lostFact(was, 'An American of 43 from New York has $1,250.50.'), 'leaves out "34"');
    assert.equal(lostFact('He owns a car.', 'He owns 2 cars.'), 'adds "2"');
  });

  it('is judged at once, however much white space it has', () => {
    const text = `It${' '.repeat(200_000)}rains in New York`;
    const startedMs = performance.now();
    assert.equal(lostFact(text, 'It rains in Boston'), 'leaves out "New"');
    assert.ok(performance.now() - startedMs < 5000);
  });

  it('does not take the first word of a sentence for a name', () => {
    assert.equal(lostFact('It rains. The road is wet.', 'Because of rain the road is wet.'), null);
  });

  it('fails when a question was answered, or a statement asked', () => {
    assert.equal(lostFact('Is ice cold?', 'Ice is cold.'), 'asks no more');
    assert.equal(lostFact('Ice is cold.', 'Is ice cold?'), 'asks instead of saying');
  });
});
