import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { nameCondition } from '../../../engine/service/conditions';
import { planCaveats } from '../../../engine/service/planCaveats';
import { parseTraceEdit } from '../../../engine/service/traceEditWords';

const condition = nameCondition({
  promptEdit: { id: 'none', params: {} },
  traceEdit: parseTraceEdit('frozen'),
  readout: 'forced',
});

function leaks(reasoning: string, option: string, offset = reasoning.length): boolean {
  const answer = { option, range: { start: 0, end: option.length } };
  const edited = { condition, reasoning, cut: { offset }, edit: { replacements: [] } };
  return planCaveats({ answer }, edited).includes('conclusionLeak');
}

describe('a conclusion leaks from the kept reasoning', () => {
  it('when its end states the answer in any form', () => {
    for (const verdict of ['I would approve it.', 'So it is approved.', 'My verdict is approval.'])
      assert.ok(leaks(`Fine. ${verdict}`, 'approve'), verdict);
    assert.ok(leaks('Thus the answer is (B).', 'B'));
    assert.ok(leaks('Therefore, no.', 'no'));
  });

  it('and not when plain prose only happens to hold the word', () => {
    assert.ok(!leaks('We need a proof. The second option has a gap.', 'A'));
    assert.ok(!leaks('There is no reason to worry.', 'no'));
    assert.ok(!leaks('I would disapprove of it.', 'approve'));
  });

  it('and not when the verdict is cut away or stands far before the end', () => {
    const text = 'Income is fine. I would approve it.';
    assert.ok(!leaks(text, 'approve', text.indexOf(' I would')));
    assert.ok(!leaks('I would approve it. One point. Two points. Three points.', 'approve'));
  });
});
