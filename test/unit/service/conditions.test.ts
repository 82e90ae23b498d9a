import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { defaultTraceEdits } from '../../../engine/domain/condition';
import { UserError } from '../../../engine/domain/failure';
import {
  completeConditions,
  crossConditions,
  nameCondition,
  parseConditions,
  parseSwap,
  parseTraceEdit,
} from '../../../engine/service/conditions';

const swap = parseSwap('nationality = American : Canadian');
const aliases = (list: string): readonly string[] =>
  completeConditions(parseConditions(list, swap)).map((one) => one.alias);

describe('conditions as people type them', () => {
  it('stand for both prompts, or for the one that is named (with its control)', () => {
    assert.deepEqual(aliases('frozen'), ['frozen', 'frozen+swap:nationality']);
    assert.deepEqual(aliases('frozen+swap:nationality'), ['frozen', 'frozen+swap:nationality']);
    assert.deepEqual(aliases('frozen+none, keep=0.7:open+none'), ['frozen', 'keep=0.7:open']);
    assert.deepEqual(aliases('half-closed/continued+none'.replace('/continued+none', '+none/continued')), [
      'half-closed/continued',
    ]);
  });

  it('are accepted again as they are printed', () => {
    const printed = completeConditions(crossConditions(defaultTraceEdits.map(parseTraceEdit), swap));
    assert.equal(printed.length, 10);
    const again = completeConditions(
      parseConditions(
        printed.map((one) => (one.alias.includes('+') ? one.alias : `${one.alias}+none`)).join(','),
        swap,
      ),
    );
    assert.deepEqual(
      again.map((one) => one.id),
      printed.map((one) => one.id),
    );
  });

  it('make a whole curve, whose named cuts go by their names', () => {
    const curve = completeConditions(parseConditions('curve', swap));
    assert.equal(curve.length, 11 * 2 * 2);
    assert.deepEqual(aliases('curve:2+none'), [
      'no-reasoning',
      'half-closed',
      'frozen',
      'free',
      'half-truncated',
      'tag-stripped',
    ]);
    assert.deepEqual(
      curve
        .filter(({ readout, promptEdit }) => readout === 'forced' && promptEdit.id === 'swap')
        .map((one) => one.alias),
      [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1].map((keep) => {
        const named: Readonly<Record<number, string>> = { 0: 'no-reasoning', 0.5: 'half-closed', 1: 'frozen' };
        return `${named[keep] ?? `keep=${keep}:closed`}+swap:nationality`;
      }),
    );
    assert.equal(new Set(aliases('curve,free,frozen,keep=0.3:open')).size, 44);
    assert.equal(aliases('curve:4,keep=0.3:open').length, 5 * 4 + 2);
  });

  it('that coincide are one condition', () => {
    assert.deepEqual(aliases('frozen+none,keep=1:closed+none'), ['frozen']);
    const [a, b] = [parseTraceEdit('half-truncated'), parseTraceEdit('half-closed')].map((traceEdit) =>
      nameCondition({ traceEdit, promptEdit: { id: 'none', params: {} }, readout: 'continued' }),
    );
    assert.notEqual(a?.id, b?.id);
  });

  it('that make no sense are refused with the way out', () => {
    const refused = (list: string, words: RegExp): void =>
      assert.throws(
        () => parseConditions(list, null),
        (error: unknown) => error instanceof UserError && words.test(error.message),
      );
    refused('frosen', /no trace edit "frosen".*frozen/);
    refused('curve:1', /2 to 100 steps/);
    refused('keep=1.5:open', /between 0 and 1/);
    refused('frozen+swap:age', /--swap age=A:B/);
    refused('tag-stripped/forced', /cannot be forced/);
    assert.throws(() => parseSwap('nationality'), /FIELD=A:B/);
    assert.throws(() => parseSwap('n=A:A'), /with itself/);
  });
});
