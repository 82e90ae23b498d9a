// What a run would change, before it is made; and what people get wrong about edits.
import assert from 'node:assert/strict';
import path from 'node:path';
import { describe, it } from 'node:test';
import { runCli } from '../support/cli';
import { projectRoot as root } from '../support/paths';

const file = path.join(root, 'samples', 'loans-mixed.jsonl');
const swap = ['--swap', 'nationality=American:Canadian'];

describe('a preview', () => {
  it('counts every replacement, names the prompts that it does not touch, and shows the first traces edited', async () => {
    const edits = 'half-truncated,verdict-reversed,drop:40,swapped-trace,transplanted';
    const { code, stdout } = await runCli(['run', file, ...swap, '--conditions', edits, '--preview']);
    assert.equal(code, 0);
    assert.match(stdout, /swap:nationality: 244 replacements in 244 prompts\n {2}American → Canadian: 122\n/);
    assert.match(stdout, /half-truncated: keeps 40 of 80 tokens/);
    assert.match(stdout, /verdict-reversed: .*approve ⇄ reject\n.*\[lending → declining\]/);
    assert.match(stdout, /drop:40: its reasoning has 9 steps, so there is no step 40/);
    assert.match(stdout, /swapped-trace: its text is written by a model when the run is made/);
    assert.match(stdout, /transplanted: .*reasoning of example \d+/);
  });

  it('says of a swap that touches nothing in how many prompts that is', async () => {
    const args = ['run', file, '--swap', 'gender=male:woman', '--conditions', 'frozen', '--preview', '--limit', '10'];
    const { stdout } = await runCli(args);
    assert.match(stdout, /touches nothing in 8 of 10: examples 1, 2, 3/);
  });
});

const wrong: Readonly<Record<string, readonly [args: readonly string[], code: number, words: RegExp]>> = {
  'a helper that cannot rewrite': [
    ['--conditions', 'mistake:1'],
    1,
    /bundled one knows loan files alone.*--helper DIR/,
  ],
  'a direction that is no answer': [
    ['--conditions', 'mediation', ...swap, '--toward', 'maybe'],
    1,
    /"maybe" is none of the answers \(/,
  ],
  'the cells of mediation without a swap': [['--conditions', 'mediation'], 2, /--swap FIELD=A:B/],
  'a preset that there is not': [['--preset', 'lones'], 2, /no preset "lones"; there is loans/],
  'a swap inside the trace without a swap': [['--swap-trace', '--conditions', 'frozen'], 2, /needs a --swap/],
  'a step that is none': [['--conditions', 'drop:0'], 2, /"0" is no step/],
  'a paraphrase by the bundled model': [
    ['--placebo', 'paraphrase', '--conditions', 'frozen'],
    1,
    /paraphrased-prompt: sentences are rewritten by a model that follows instructions.*--helper DIR/,
  ],
  'a replacement without an arrow': [['--replace', 'senior'], 2, /OLD=>NEW/],
};

describe('what people get wrong about edits', () => {
  for (const [name, [args, code, words]] of Object.entries(wrong)) {
    it(`${name}: a sentence with the way out`, async () => {
      const result = await runCli(['run', file, ...args, '--limit', '1']);
      assert.match(result.stderr, words);
      assert.equal(result.code, code);
      assert.equal(result.stdout, '');
    });
  }

  it('is helped by a list of all edits, presets and families', async () => {
    const { stdout } = await runCli(['run', '--help']);
    for (const words of [
      'before-conclusion[:STEP]',
      'drop:STEP',
      'replace-step:STEP:TEXT',
      'mediation',
      '+placebo',
      'curve[:STEPS]',
      'loans (',
    ])
      assert.ok(stdout.includes(words), words);
  });
});
