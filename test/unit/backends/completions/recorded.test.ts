// What real servers answered, replayed: recognizing them, trying them, their tokenizer, scoring, writing, drawing. The recordings are made
// by the tests that start the real servers (COUNTERTHOUGHT_RECORD=1).
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { projectRoot } from '../../../support/paths';
import { readRecording, replayServer } from '../../../support/recordedServer';
import { servedSample } from '../../../support/servedSample';

const folder = path.join(projectRoot, 'test/fixtures/servers');

for (const name of fs.readdirSync(folder)) {
  test(`as recorded: ${path.basename(name, '.json')}`, async () => {
    const recording = readRecording(path.join(folder, name));
    const server = await replayServer(recording);
    try {
      assert.deepEqual(await servedSample(server.url), recording.expected);
      assert.deepEqual(server.missed, []);
    } finally {
      await server.close();
    }
  });
}
