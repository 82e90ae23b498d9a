// A router in front of several servers, as people put one before their replicas: each request goes to the next one that accepts it. A
// replica that dies takes the answers with it that it had begun. Knows nothing of what is said.
import http from 'node:http';
import type { AddressInfo } from 'node:net';

export type Router = { readonly url: string; readonly close: () => Promise<void> };

/** @param targets base addresses; their `/v1` is kept */
export async function startRouter(targets: readonly string[]): Promise<Router> {
  let next = 0;
  const server = http.createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => pass(request, response, { body: Buffer.concat(parts), tried: 0 }));
  });
  type Attempt = { readonly body: Buffer; readonly tried: number };
  const pass = (request: http.IncomingMessage, response: http.ServerResponse, { body, tried }: Attempt): void => {
    const target = targets[next % targets.length];
    next += 1;
    if (tried >= targets.length || target === undefined) {
      response.writeHead(502).end('{"error":"no replica"}');
      return;
    }
    const { method = 'GET', url = '/', headers } = request;
    const onward = http.request(new URL(url, target), { method, headers, agent: false }, (reply) => {
      response.writeHead(reply.statusCode ?? 502, reply.headers);
      reply.pipe(response);
      reply.on('error', () => response.destroy());
    });
    onward.on('error', () => {
      if (response.headersSent) response.destroy();
      else pass(request, response, { body, tried: tried + 1 });
    });
    response.on('close', () => onward.destroy());
    onward.end(body);
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
