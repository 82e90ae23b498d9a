// The router that vLLM's project offers (vllm-router) in front of two real replicas of llama.cpp's server: one is killed in the middle of a run.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type ModelServer, startLlamaServer, startVllmRouter } from '../support/modelServer';
import { hasPython } from '../support/pythonEnvironment';
import { checkReplicaLoss } from '../support/replicaLoss';

if (process.platform === 'linux' && hasPython()) {
  describe("vLLM's router", () => {
    let doomed: ModelServer;
    let survivor: ModelServer;
    let router: ModelServer;
    before(async () => {
      [doomed, survivor] = await Promise.all([startLlamaServer(), startLlamaServer()]);
      router = await startVllmRouter([doomed.url, survivor.url]);
    });
    after(async () => {
      await Promise.all([doomed, survivor, router].map((server) => server?.stop()));
    });

    test('gives the same result when one of two replicas is killed in the middle, and runs nothing twice', () =>
      checkReplicaLoss({ router: router.url, doomed, survivor, examples: 3 }));
  });
} else {
  test('was not run, because it needs Linux and Python', () => {
    assert.ok(process.platform !== 'linux' || !hasPython());
    console.log("vLLM's router was not started: this needs Linux and Python 3.11 or newer.");
  });
}
