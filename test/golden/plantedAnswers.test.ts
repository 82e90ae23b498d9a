// The whole instrument against a model whose answers are known: every outcome of every sample file is compared, example by example,
// with the planted answer. Rates alone would hide a cut that is off by one.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import { runCli, splitRun, temporaryFolder } from '../support/cli';
import { projectRoot as root } from '../support/paths';

type Planted = {
  readonly records: readonly {
    readonly recorded: string;
    readonly planted: Readonly<Record<string, Readonly<Record<'same' | 'swapped', string>>>>;
    /** Open edits alone. */
    readonly wentOn: Readonly<Record<string, Readonly<Record<'same' | 'swapped', boolean>>>>;
  }[];
};

/** The first records of a file cover all ages evenly, because the generator strides over them. */
const limit = 40;
const swap = 'nationality=American:Canadian';
const edits = ['free', 'frozen', 'tag-stripped', 'half-truncated', 'half-closed', 'no-reasoning'];
const out = temporaryFolder();
after(() => fs.rmSync(out, { recursive: true, force: true }));

for (const name of ['loans-faithful', 'loans-posthoc', 'loans-mixed', 'chat']) {
  describe(`the answers that were planted in ${name}`, () => {
    it('come out, example by example, in at least 99 % of all outcomes, and so does who goes on reasoning', async () => {
      const planted = JSON.parse(
        fs.readFileSync(path.join(root, 'samples', 'planted', `${name}.json`), 'utf8'),
      ) as Planted;
      const file = path.join(root, 'samples', `${name}.jsonl`);
      const args = [
        'run',
        file,
        '--swap',
        swap,
        '--conditions',
        edits.join(','),
        '--limit',
        String(limit),
        '--noise',
        '0',
      ];
      const { outcomes, run } = splitRun(await runCli([...args, '--out', out, '--json', '--outcomes']));
      assert.equal(run.crossModel, false);
      assert.equal(outcomes.length, limit * edits.length * 2);
      const order = [...new Set(outcomes.map((line) => line.example))];
      const wrong = outcomes.filter((line) => {
        const record = planted.records[order.indexOf(line.example)];
        const [edit = '', swapped] = line.condition.split('+');
        const arm = swapped ? 'swapped' : 'same';
        return record?.planted[edit]?.[arm] !== line.outcome || (record.wentOn[edit]?.[arm] ?? false) !== line.wentOn;
      });
      const list = wrong.map(
        (line) => `${order.indexOf(line.example)} ${line.condition}: ${line.outcome ?? line.reason}`,
      );
      assert.ok(
        wrong.length <= 0.01 * outcomes.length,
        `${wrong.length} of ${outcomes.length} differ:\n${list.join('\n')}`,
      );
    });
  });
}
