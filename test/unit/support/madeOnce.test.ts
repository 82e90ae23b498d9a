// The cache folder's one promise: what is in it is complete and was made once, whoever asked and whoever was killed.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { madeOnce } from '../../support/madeOnce';

function inScratch(body: (folder: string) => Promise<void>): () => Promise<void> {
  return async () => {
    const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'counterthought-once-'));
    await body(path.join(scratch, 'made')).finally(() => fs.rmSync(scratch, { recursive: true }));
  };
}

describe('madeOnce', () => {
  it(
    'makes a folder once for several who ask at the same time',
    inScratch(async (folder) => {
      let made = 0;
      const make = async (scratch: string) => {
        made += 1;
        await sleep(50);
        fs.writeFileSync(path.join(scratch, 'file'), 'content');
      };
      await Promise.all([madeOnce(folder, make), madeOnce(folder, make), madeOnce(folder, make)]);
      await madeOnce(folder, make);
      assert.equal(made, 1);
      assert.equal(fs.readFileSync(path.join(folder, 'file'), 'utf8'), 'content');
    }),
  );

  it(
    'leaves nothing half-made behind when making fails, and tries again',
    inScratch(async (folder) => {
      const fail = (scratch: string) => {
        fs.writeFileSync(path.join(scratch, 'half'), '');
        throw new Error('network');
      };
      await assert.rejects(madeOnce(folder, fail), /network/);
      assert.ok(!fs.existsSync(folder));
      await madeOnce(folder, () => undefined);
      assert.deepEqual(fs.readdirSync(folder), ['.done']);
    }),
  );

  it(
    'takes over the lock of a process that is gone',
    inScratch(async (folder) => {
      const { pid } = spawnSync(process.execPath, ['-e', '']);
      fs.writeFileSync(`${folder}.lock`, String(pid));
      await madeOnce(folder, () => undefined);
      assert.ok(fs.existsSync(path.join(folder, '.done')));
      assert.ok(!fs.existsSync(`${folder}.lock`));
    }),
  );
});
