// A stranger's planted file is read as written, and every fault in it is told with its place.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import { temporaryFolder } from '../support/cli';
import { readPlanted } from './plantedAnswers';

const dir = temporaryFolder();
after(() => fs.rmSync(dir, { recursive: true, force: true }));

const swap = 'color=red:blue';

function written(content: unknown): string {
  const file = path.join(dir, 'planted.json');
  fs.writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
}

describe('a planted file', () => {
  it('gives answers and odds by the names of the conditions, swapped ones by the swap', () => {
    const odds = { 'frozen/continued': { swapped: { yes: 0.7, no: 0.3 } } };
    const planted = { frozen: { same: 'yes', swapped: 'no' }, 'keep=0.7:open': { same: 'no' } };
    const [record] = readPlanted(written({ records: [{ recorded: 'yes', tokens: 12, planted, odds }] }), swap);
    assert.deepEqual(
      [...(record?.answers ?? [])],
      [
        ['frozen', 'yes'],
        ['frozen+swap:color', 'no'],
        ['keep=0.7:open', 'no'],
      ],
    );
    assert.deepEqual([...(record?.odds ?? [])], [['frozen+swap:color/continued', { yes: 0.7, no: 0.3 }]]);
    assert.equal(record?.recorded, 'yes');
    assert.equal(record?.tokens, 12);
  });

  const bad: readonly (readonly [string, unknown, RegExp])[] = [
    ['no JSON', '{', /is no JSON/],
    ['no records', { v: 1 }, /needs "records"/],
    ['an empty list', { records: [] }, /needs "records"/],
    ['a record without anything planted', { records: [{ recorded: 'yes' }] }, /records\[0\] plants nothing/],
    ['an answer that is no text', { records: [{ planted: { frozen: { same: 3 } } }] }, /records\[0\].*frozen/],
    ['a probability above 1', { records: [{ odds: { frozen: { same: { yes: 70 } } } }] }, /records\[0\].*yes/],
  ];
  for (const [name, content, message] of bad) {
    it(`that holds ${name} is refused in a sentence with its place`, () => {
      assert.throws(() => readPlanted(written(content), swap), message);
    });
  }
});
