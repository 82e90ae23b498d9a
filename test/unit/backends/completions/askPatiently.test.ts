// A plain question in the middle of a run outlasts a fault that passes, and ends with the way out where it stays.
import assert from 'node:assert/strict';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import { askPatiently } from '../../../../engine/backends/completions/askPatiently';
import { vllm } from '../../../../engine/backends/completions/dialects/vllm';
import { Endpoint } from '../../../../engine/backends/completions/endpoint';
import { defaultTimeouts } from '../../../../engine/backends/completions/transport';
import { UserError } from '../../../../engine/domain/failure';

const patience = { attempts: 4, waitMs: 2000, backoffMs: 5 };
const statuses: number[] = [];
let endpoint: Endpoint;
const server = http.createServer((request, response) => {
  request.resume().on('end', () => {
    response.writeHead(statuses.shift() ?? 200, { 'content-type': 'application/json' }).end('{"tokens":[1]}');
  });
});

before(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  endpoint = new Endpoint({ url, dialect: vllm, headers: {}, timeouts: defaultTimeouts, mostInFlight: 1 });
});
after(() => server.close());

const ask = (signal = new AbortController().signal): Promise<unknown> =>
  askPatiently(endpoint, { path: '/tokenize', body: {}, signal }, patience);

test('a router that has just lost a replica is asked again', async () => {
  statuses.push(502, 503, 502);
  assert.deepEqual(await ask(), { tokens: [1] });
});

test('a fault that stays ends with how often it was tried and what to do', async () => {
  statuses.push(502, 502, 502, 502);
  await assert.rejects(ask(), (error) => error instanceof UserError && /4 times.*resume/.test(error.message));
});

test('a refusal is not asked again, and cancelling ends the waiting', async () => {
  statuses.push(400);
  await assert.rejects(ask(), UserError);
  assert.equal(statuses.length, 0);
  const cancel = new AbortController();
  statuses.push(502, 502, 502, 502);
  const waiting = ask(cancel.signal);
  cancel.abort();
  await assert.rejects(waiting, { name: 'CancelledError' });
});
