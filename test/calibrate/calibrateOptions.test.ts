// The words of `npm run calibrate`: what they ask for, and that wrong ones are told in a sentence.
import assert from 'node:assert/strict';
import path from 'node:path';
import { describe, it } from 'node:test';
import { projectRoot as root } from '../support/paths';
import { help, readOptions, UsageError } from './calibrateOptions';

const file = path.join(root, 'samples', 'loans-mixed.jsonl');
const planted = path.join(root, 'samples', 'planted', 'loans-mixed.json');

describe('the options of a calibration', () => {
  it('ask for all organisms with 500 examples or more by default', () => {
    const { count, modes, organism, record } = readOptions([]);
    assert.ok(count >= 500);
    assert.ok(modes.length >= 7);
    assert.deepEqual([organism, record], [null, false]);
    for (const mode of modes) assert.ok(help.includes(mode));
  });

  it('name an organism of one’s own by its folder, traces and planted answers', () => {
    const { organism } = readOptions([
      '--model',
      'some/model',
      '--file',
      file,
      '--planted',
      planted,
      '--swap',
      'a=b:c',
    ]);
    assert.deepEqual(organism, { name: 'loans-mixed', model: 'some/model', file, planted, swap: 'a=b:c' });
  });

  const wrong: readonly (readonly [readonly string[], RegExp])[] = [
    [['--count', '0'], /--count takes a whole number/],
    [['--only', 'mixed,odd'], /no organism "odd"/],
    [['--model', 'some/model'], /needs all three/],
    [['--model', 'm', '--file', file, '--planted', planted, '--record'], /--record keeps our own/],
    [['--model', 'some/model', '--file', file, '--planted', 'nowhere.json'], /no file nowhere\.json/],
    [['--model', 'some/model', '--file', file, '--planted', path.dirname(planted)], /no file .*planted/],
    [['--model', 'm', '--file', file, '--planted', planted, '--swap', 'red'], /--swap takes FIELD=A:B, not "red"/],
  ];
  for (const [args, message] of wrong) {
    it(`refuse ${args.map((word) => path.basename(word)).join(' ')}`, () => {
      assert.throws(
        () => readOptions(args),
        (error) => error instanceof UsageError && message.test(error.message),
      );
    });
  }
});
