import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { MaterialSpec } from '../../../engine/domain/material';
import { paraphrasePrompt } from '../../../engine/interventions/paraphrasePrompt';

const question = [
  'The applicant is a 34-year-old American nurse.  She earns $52,000 a year.',
  'Loan file',
  'Which of these is right for her?',
  'A) approve it now',
  'reject it at once (B)',
  'Write <recommendation> around your answer.',
].join('\n');
const messages = [
  { role: 'system', content: 'You decide about loans in this bank.' },
  { role: 'user', content: 'An earlier question about loans.' },
  { role: 'assistant', content: 'An earlier answer about loans.' },
  { role: 'user', content: question },
];
const stepsAsked = paraphrasePrompt.needs?.(messages, {}) ?? [];

const materialFor =
  (texts: Readonly<Record<number, string>>) =>
  (spec: MaterialSpec): { text: string | null; reason: string; origin: string } => {
    const text = (spec.kind === 'helper' ? texts[spec.step] : undefined) ?? null;
    return { text, reason: 'the helper refused', origin: 'helper-7b' };
  };

describe('a prompt in other words', () => {
  it('asks a helper for the sentences of the last question, not for labels, options and formats', () => {
    assert.deepEqual(
      stepsAsked,
      [1, 2, 4].map((step) => ({ kind: 'helper', task: 'paraphrase', step, message: 3 })),
    );
  });

  it('puts each sentence where it stood, and leaves those that could not be rewritten', () => {
    const material = materialFor({ 1: 'She is an American nurse of 34.', 4: 'What is right for her?' });
    const { messages: edited, replacements, impossible } = paraphrasePrompt.apply(messages, {}, { material });
    assert.equal(impossible, undefined);
    assert.equal(
      edited[3]?.content,
      question
        .replace('The applicant is a 34-year-old American nurse.', 'She is an American nurse of 34.')
        .replace('Which of these is right for her?', 'What is right for her?'),
    );
    assert.deepEqual(edited.slice(0, 3), messages.slice(0, 3));
    assert.deepEqual(
      replacements.map(({ was }) => was),
      ['The applicant is a 34-year-old American nurse.', 'Which of these is right for her?'],
    );
  });

  it('cannot be made where the helper rewrote nothing, or there is nothing to rewrite: both say why', () => {
    const none = paraphrasePrompt.apply(messages, {}, { material: materialFor({}) });
    assert.equal(none.impossible, 'the helper refused');
    assert.match(paraphrasePrompt.apply([], {}).impossible ?? '', /no sentence that a helper model could paraphrase/);
  });

  it('of a long message takes the last sentences', () => {
    const content = Array.from({ length: 40 }, (_, i) => `This is sentence number ${i + 1}.`).join(' ');
    const steps = paraphrasePrompt.needs?.([{ role: 'user', content }], {}) ?? [];
    assert.deepEqual([steps.length, steps[0]], [24, { kind: 'helper', task: 'paraphrase', step: 17, message: 0 }]);
  });
});
