// The guess which field of an unknown file holds what: only what a name or a length speaks for, never one field for two things.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FieldSample } from '../../../engine/domain/fieldMapping';
import { guessMapping, rankFields } from '../../../extension/features/mappingGuess';

const field = (path: string, meanChars: number, kind: FieldSample['kind'] = 'text'): FieldSample => ({
  path,
  kind,
  meanChars,
  sample: 'x',
  records: 10,
});

test('names speak for fields, at any depth', () => {
  const fields = [field('id', 4), field('q.question', 200), field('log.0.thought', 900), field('final_answer', 10)];
  assert.deepEqual(guessMapping(fields), {
    reasoning: 'log.0.thought',
    prompt: 'q.question',
    answer: 'final_answer',
  });
});

test('where no name speaks for the reasoning, the longest text that nothing else claims is proposed', () => {
  const fields = [field('ask', 40), field('body', 3000), field('reply', 20)];
  assert.deepEqual(guessMapping(fields), { reasoning: 'body', answer: 'reply' });
  assert.deepEqual(guessMapping([field('n', 3, 'number')]), {});
});

test('a choice lists the likeliest first and leaves nothing out', () => {
  const fields = [field('n', 3, 'number'), field('chain', 3000), field('prompt', 100), field('turns', 90, 'messages')];
  for (const part of ['prompt', 'reasoning', 'answer', 'system', 'model', 'label'] as const)
    assert.equal(rankFields(fields, part).length, fields.length);
  assert.equal(rankFields(fields, 'prompt')[0]?.path, 'prompt');
  assert.equal(rankFields(fields, 'reasoning')[0]?.path, 'chain');
  assert.equal(rankFields(fields, 'reasoning').at(-1)?.kind === 'text', false);
});
