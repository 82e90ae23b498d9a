// Two recorded runs side by side: the same examples by another seed of the traces' edit, and what is refused.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import type { RunComparison } from '../../engine/domain/runComparison';
import { jsonLines, type RunObject, runCli, temporaryFolder } from '../support/cli';
import { projectRoot } from '../support/paths';

const sample = path.join(projectRoot, 'samples', 'loans-mixed.jsonl');

test('compare pairs the examples of two runs and names what differs', async () => {
  const out = temporaryFolder();
  try {
    const run = async (...more: readonly string[]): Promise<string> => {
      const args = ['run', sample, '--swap', 'nationality=American:Canadian', '--noise', '0', '--json', '--out', out];
      const [object] = jsonLines<RunObject>(await runCli([...args, ...more]));
      return object?.run ?? '';
    };
    const first = await run('--limit', '24', '--conditions', 'frozen,half-closed');
    const second = await run('--limit', '20', '--conditions', 'frozen,no-reasoning');
    const [found] = jsonLines<RunComparison>(await runCli(['compare', first, second, '--out', out, '--json']));
    assert.deepEqual(found?.differs, ['limit: 24 → 20']);
    assert.deepEqual(
      found?.conditions.map(({ alias, matched, changed }) => [alias, matched, changed]),
      [
        ['frozen', 20, 0],
        ['frozen+swap:nationality', 20, 0],
      ],
    );
    assert.deepEqual(found?.onlySecond, ['no-reasoning', 'no-reasoning+swap:nationality']);
    assert.equal(found?.conditions[1]?.difference.rate, 0);
    const text = await runCli(['compare', first, second, '--out', out]);
    assert.match(text.stdout, /frozen\+swap:nationality.*\n/);
    assert.match(text.stdout, /They differ in limit: 24 → 20\./);
    const third = await run(
      '--limit',
      '20',
      '--conditions',
      'frozen',
      '--noise',
      '3',
      '--toward',
      'reject',
      '--shard',
      '2/2',
    );
    const [asked] = jsonLines<RunComparison>(await runCli(['compare', second, third, '--out', out, '--json']));
    assert.deepEqual(asked?.differs, ['noise examples: 0 → 3', 'toward: none → reject', 'shard: none → 2/2']);
    const fourth = await run('--limit', '20', '--conditions', 'frozen', '--shard', '1/2');
    const apart = await runCli(['compare', third, fourth, '--out', out]);
    assert.match(apart.stdout, /No example is in both runs: they are two separate groups/);
    const alone = await runCli(['compare', first, '--out', out]);
    assert.equal(alone.code, 2);
    assert.match(alone.stderr, /takes two runs/);
  } finally {
    fs.rmSync(out, { recursive: true, force: true });
  }
});
