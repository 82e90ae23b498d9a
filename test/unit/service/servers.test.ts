// What leaves this machine, and who is asked about it: decided in one place, for the command line and the editor.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { after, test } from 'node:test';
import type { ServerSpec } from '../../../engine/domain/run';
import { agreeToEndpoints, endpointsToAsk, parseEndpoint, whatIsSent } from '../../../engine/service/servers';
import { temporaryFolder } from '../../support/cli';

const folder = temporaryFolder();
after(() => fs.rmSync(folder, { recursive: true, force: true }));

const at = (...endpoints: readonly string[]): { readonly server: ServerSpec } => ({
  server: { endpoints, tokenizer: 'server', dialect: 'auto', maxInFlight: 1, keyEnv: 'CLUSTER_KEY' },
});

test('an endpoint elsewhere is asked about once a workspace; this machine never', () => {
  const away = 'http://node7:8000/v1';
  const place = at('http://127.0.0.1:8000/v1', 'http://localhost:8001/v1', 'http://[::1]:8002/v1', away);
  assert.deepEqual(endpointsToAsk(place, folder), [away]);
  agreeToEndpoints([away], folder);
  assert.deepEqual(endpointsToAsk(place, folder), []);
  assert.deepEqual(endpointsToAsk(at('http://127.example.org/v1'), folder), ['http://127.example.org/v1']);
  assert.deepEqual(endpointsToAsk({}, folder), []);
});

test('it is said what goes where, with which key, and that it can be read on the way', () => {
  const said = whatIsSent({ ...at('http://node7:8000/v1'), files: ['/data/loans.jsonl'] });
  assert.match(said, /prompts, the reasoning and the answers of loans\.jsonl are sent to http:\/\/node7:8000\/v1/);
  assert.match(said, /CLUSTER_KEY.*not encrypted/);
  assert.doesNotMatch(whatIsSent({ ...at('https://x.example/v1'), files: ['a'] }), /not encrypted/);
});

test('addresses', () => {
  assert.deepEqual(parseEndpoint('http://h:8000'), { url: 'http://h:8000/v1', model: null });
  assert.deepEqual(parseEndpoint('http://h:8000/v1/#Qwen/Qwen3-8B'), {
    url: 'http://h:8000/v1',
    model: 'Qwen/Qwen3-8B',
  });
  assert.deepEqual(parseEndpoint('https://h/api/v1'), { url: 'https://h/api/v1', model: null });
  for (const wrong of ['h:8000', 'file:///x', 'nothing'])
    assert.throws(() => parseEndpoint(wrong), { name: 'UserError' });
  assert.throws(
    () => parseEndpoint('http://me:secret@h/v1'),
    (error: Error) => !error.message.includes('secret'),
  );
});
