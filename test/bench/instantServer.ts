// Owns a server in vLLM's dialect that answers at once: the texts of two prompts are made beforehand, and every prompt gets one of them. What a run
// on it costs is what our side costs. Must not know runs.
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ModelText } from '../../engine/text/modelText';
import { type CompletionBody, eventsFor } from '../support/fakeServer';

export type InstantServer = { readonly url: string; readonly answered: () => number };

const facts: Readonly<Record<string, unknown>> = {
  '/v1/models': { data: [{ id: 'fake', owned_by: 'vllm', max_model_len: 4096, root: 'fake-weights' }] },
  '/version': { version: '0.0.0-instant' },
};

/** Prompts whose texts end in different answers. */
const standIns = [[11], [12], [13], [14], [15], [16]];
const countMark = 987_654_321;

/** Ends with the process. */
export async function startInstantServer(text: ModelText): Promise<InstantServer> {
  const made = new Map<string, string>();
  let answered = 0;
  const written = (body: CompletionBody): string =>
    [...eventsFor(body, text), '[DONE]']
      .map((event) => `data: ${typeof event === 'string' ? event : JSON.stringify(event)}\n\n`)
      .join('');
  /** What a prober compares is written for its own prompt. */
  const replyTo = (body: CompletionBody): string => {
    const { prompt, temperature, max_tokens: most } = body;
    if (temperature > 0 || most < 32) return written(body);
    const standIn = standIns[prompt.reduce((sum, id) => sum + id, 0) % standIns.length] ?? [];
    const key = `${standIn} ${most} ${body.logprobs}`;
    const reply = made.get(key) ?? marked(written({ ...body, prompt: standIn }));
    made.set(key, reply);
    return reply.replace(String(countMark), String(prompt.length));
  };
  const server = http.createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const fact = facts[request.url ?? ''];
      if (request.url !== '/v1/completions') {
        response.writeHead(fact ? 200 : 404, { 'content-type': 'application/json' }).end(JSON.stringify(fact ?? {}));
        return;
      }
      answered += 1;
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.end(replyTo(JSON.parse(Buffer.concat(parts).toString()) as CompletionBody));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/v1`, answered: () => answered };
}

const marked = (reply: string): string => reply.replace(/"prompt_tokens":\d+/, `"prompt_tokens":${countMark}`);
