// Records what a real server answers, and answers the same again: so that its dialect is tested where no such server can be started.
// Replies are found by method, path and body. Knows nothing of dialects.
import fs from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';

type Exchange = { readonly request: string; readonly status: number; readonly type: string; readonly reply: string };
export type Recording = { readonly exchanges: readonly Exchange[]; readonly expected: unknown };

export type RecordedServer = {
  readonly url: string;
  /** Requests that the recording does not hold. */
  readonly missed: readonly string[];
  readonly close: () => Promise<void>;
};

const keyOf = (request: http.IncomingMessage, body: string): string => `${request.method} ${request.url} ${body}`;

export const readRecording = (file: string): Recording => JSON.parse(fs.readFileSync(file, 'utf8')) as Recording;

/** Answers from a recording; 404 for what was not recorded. */
export async function replayServer({ exchanges }: Recording): Promise<RecordedServer> {
  const missed: string[] = [];
  const known = new Map(exchanges.map((one) => [one.request, one]));
  const answer = async (key: string): Promise<Exchange> => {
    const found = known.get(key);
    if (!found) missed.push(key);
    return found ?? { request: key, status: 404, type: 'application/json', reply: '{"error":"not recorded"}' };
  };
  return serve(answer, missed);
}

/** Passes everything on to a real server and keeps it. */
export async function recordingServer(target: string): Promise<RecordedServer & { readonly exchanges: Exchange[] }> {
  const exchanges: Exchange[] = [];
  const answer = async (key: string): Promise<Exchange> => {
    const [method = '', url = ''] = key.split(' ', 2);
    const body = key.slice(method.length + url.length + 2);
    const headers = { 'content-type': 'application/json' };
    const ask = () => fetch(new URL(url, target), { method, ...(method === 'POST' ? { body, headers } : {}) });
    // llama.cpp closes kept connections; one that was closed under the request is opened anew.
    const reply = await ask().catch(ask);
    const type = reply.headers.get('content-type') ?? '';
    const one = { request: key, status: reply.status, type, reply: await reply.text() };
    exchanges.push(one);
    return one;
  };
  return { ...(await serve(answer, [])), exchanges };
}

async function serve(answer: (key: string) => Promise<Exchange>, missed: readonly string[]): Promise<RecordedServer> {
  const server = http.createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', async () => {
      try {
        const { status, type, reply } = await answer(keyOf(request, Buffer.concat(parts).toString()));
        response.writeHead(status, { 'content-type': type }).end(reply);
      } catch {
        // Left open, the connection would keep a test that failed from ending.
        response.destroy();
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    missed,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
