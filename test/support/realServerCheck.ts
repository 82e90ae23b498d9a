// Compares what a real server does with its recording, or makes the recording anew (COUNTERTHOUGHT_RECORD=1). Numbers may differ between
// processors, so scores are compared with a tolerance and what is drawn not at all.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { cacheFolder, projectRoot } from './paths';
import { readRecording, recordingServer } from './recordedServer';
import { type ServedSample, servedSample } from './servedSample';

const tolerance = 0.25;

/** @param name the recording's file in test/fixtures/servers, without its ending */
export async function checkRealServer(name: string, url: string): Promise<void> {
  const file = path.join(projectRoot, 'test/fixtures/servers', `${name}.json`);
  const server = await recordingServer(url);
  try {
    const found = await servedSample(server.url);
    if (process.env.COUNTERTHOUGHT_RECORD === '1') {
      const recording = JSON.stringify({ exchanges: server.exchanges, expected: found }, null, 1);
      fs.writeFileSync(file, `${recording.replaceAll(cacheFolder(), '/models')}\n`);
      return;
    }
    const expected = readRecording(file).expected as ServedSample;
    const { events, ...rest } = found;
    const { events: recorded, ...wanted } = expected;
    assert.deepEqual(rest, wanted);
    assert.deepEqual(events.map(shapeOf), recorded.map(shapeOf));
    compareScores(scoresOf(found), scoresOf(expected));
  } finally {
    await server.close();
  }
}

const shapeOf = ({ type, leaf }: { readonly type: string; readonly leaf?: string }) => ({ type, leaf });

const scoresOf = ({ events }: ServedSample): readonly number[] =>
  events.flatMap((event) => (event.type === 'scored' ? event.logProbs : []));

function compareScores(found: readonly number[], expected: readonly number[]): void {
  assert.equal(found.length, expected.length);
  found.forEach((score, at) => {
    const recorded = expected[at] ?? Number.NaN;
    assert.ok(Math.abs(score - recorded) < tolerance, `score ${score}, recorded ${recorded}`);
  });
}
