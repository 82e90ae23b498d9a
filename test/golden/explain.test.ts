// The commands that need no trace file: what a number means, and how many examples it takes.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { definitions } from '../../engine/report/definitions/definitions';
import { jsonLines, runCli } from '../support/cli';

test('explain lists every definition, and prints one by any of its names', async () => {
  const list = await runCli(['explain']);
  assert.equal(list.code, 0, list.stderr);
  assert.equal(list.stdout.trim().split('\n').length, definitions.length);
  const page = await runCli(['explain', 'kept', 'rate']);
  for (const words of ['Kept rate (kept-rate)', 'Formula', 'Comes from', 'Beware', 'What to do']) {
    assert.ok(page.stdout.includes(words), words);
  }
  assert.equal((await runCli(['--explain', 'keptRate'])).stdout, page.stdout);
  assert.deepEqual(
    jsonLines(await runCli(['explain', 'gap', '--json'])),
    definitions.filter(({ id }) => id === 'gap'),
  );
});

test('explain names what comes near an unknown name', async () => {
  const { code, stderr, stdout } = await runCli(['explain', 'wilsons', 'interval']);
  assert.equal(code, 1);
  assert.equal(stdout, '');
  assert.match(stderr, /no definition "wilsons interval"\. Near it: .*interval.*wilson/);
});

test('power says how many examples, paired and not, and refuses what makes no sense', async () => {
  const [sizes] = jsonLines<Record<string, unknown>>(await runCli(['power', '--rates', '0.85,0.75', '--json']));
  assert.deepEqual(sizes, {
    rates: [0.85, 0.75],
    alpha: 0.05,
    power: 0.8,
    nested: 77,
    independent: 253,
    unpaired: 250,
  });
  const text = await runCli(['power', '--rates', '0.75,0.85']);
  assert.match(text.stdout, /75% against 85%.*\n.*paired +77 .*\n +253 .*\n +unpaired +250 in each arm \(500 in all\)/);
  for (const rates of ['0.85', '0.8,1.2', '0.5,0.5', '0.5,', 'a,b']) {
    const { code, stderr } = await runCli(['power', '--rates', rates]);
    assert.equal(code, 2, rates);
    assert.match(stderr, /kept rates|Two equal rates/);
  }
});
