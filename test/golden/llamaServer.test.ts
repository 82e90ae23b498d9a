// The command line over llama.cpp's real server and a model of 135 million parameters: two replicas behind a router, one of them killed in the
// middle of a run. Needs Python; without it the recorded replies, which are always replayed, have to do.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type ModelServer, startLlamaServer } from '../support/modelServer';
import { projectRoot } from '../support/paths';
import { hasPython } from '../support/pythonEnvironment';
import { checkRealServer } from '../support/realServerCheck';
import { checkReplicaLoss } from '../support/replicaLoss';
import { type Router, startRouter } from '../support/roundRobin';

if (hasPython()) {
  describe("llama.cpp's server", () => {
    let doomed: ModelServer;
    let survivor: ModelServer;
    let router: Router;
    before(async () => {
      [doomed, survivor] = await Promise.all([startLlamaServer(), startLlamaServer()]);
      router = await startRouter([doomed.url, survivor.url]);
    });
    after(async () => {
      await router?.close();
      await Promise.all([doomed, survivor].map((replica) => replica?.stop()));
    });

    it('does what the recording says', () => checkRealServer('llama.cpp', doomed.url));

    it('gives the same result when one of two replicas is killed in the middle, and runs nothing twice', () =>
      checkReplicaLoss({ router: router.url, doomed, survivor, examples: 2 }));
  });
} else {
  it('was not started, because Python is missing: its recorded replies stand in for it', () => {
    assert.ok(existsSync(path.join(projectRoot, 'test/fixtures/servers/llama.cpp.json')));
  });
}
