// A model hub on loopback that speaks the real one's protocol: revision and tree as JSON, files behind a redirect to another address with
// ranges and checksums, tokens, and the faults that networks have. Knows nothing of our client.
import { createHash } from 'node:crypto';
import http from 'node:http';
import type { AddressInfo } from 'node:net';

export type HubFault =
  /** The first answers to a file break off after so many bytes. */
  | { readonly kind: 'cut'; readonly afterBytes: number; readonly times: number }
  | { readonly kind: 'status'; readonly status: number; readonly times: number }
  /** What becomes a name in the cache leads out of it: the commit, or the checksums. */
  | { readonly kind: 'strangeCommit' | 'strangeSums' }
  /** One byte of every file is another. */
  | { readonly kind: 'flip' }
  /** The same, and ranges are not understood: the whole file comes. */
  | { readonly kind: 'noRanges'; readonly afterBytes: number; readonly times: number };

export type HubServer = {
  readonly endpoint: string;
  readonly commit: string;
  /** `METHOD path [range]` of every request that was made. */
  readonly requests: readonly string[];
  fault: HubFault | null;
  /** Answers 401 to whoever does not send it. */
  token: string | null;
  readonly close: () => Promise<void>;
};

export type HubRepo = {
  readonly name: string;
  readonly files: Readonly<Record<string, Buffer>>;
  readonly license?: string;
};

const outsideName = '../../../outside';
const withStrangeSum = (entry: object): object => ({ ...entry, oid: outsideName, lfs: undefined });

/** Files above this size are stored apart, as the hub does with binary files: their id is the content's sha256. */
const apartFrom = 200;

const sha256 = (data: Buffer): string => createHash('sha256').update(data).digest('hex');
const gitId = (data: Buffer): string => createHash('sha1').update(`blob ${data.length}\0`).update(data).digest('hex');

export async function startHubServer(repo: HubRepo): Promise<HubServer> {
  const commit = createHash('sha1')
    .update(JSON.stringify(Object.keys(repo.files)))
    .digest('hex');
  const requests: string[] = [];
  let failures = 0;
  const storage = http.createServer((request, response) => {
    const file = repo.files[decodeURIComponent((request.url ?? '').slice(1))] ?? Buffer.alloc(0);
    if (request.headers.authorization) {
      response.writeHead(400).end('a token was sent to the storage');
      return;
    }
    sendFile(file, request, response);
  });
  const hub = http.createServer((request, response): void => {
    requests.push([request.method, request.url, request.headers.range].filter(Boolean).join(' '));
    if (state.token !== null && request.headers.authorization !== `Bearer ${state.token}`) {
      json(response, 401, { error: 'Access to this model is restricted.' });
      return;
    }
    const url = decodeURIComponent(new URL(request.url ?? '', 'http://hub').pathname);
    if (url.startsWith(`/api/models/${repo.name}/revision/`)) {
      sendInfo(url, response);
      return;
    }
    if (url === `/api/models/${repo.name}/tree/${commit}`) {
      const entries = tree(repo);
      json(response, 200, state.fault?.kind === 'strangeSums' ? entries.map(withStrangeSum) : entries);
      return;
    }
    const path = url.startsWith(`/${repo.name}/resolve/${commit}/`) ? url.split(`/${commit}/`)[1] : undefined;
    if (path === undefined || repo.files[path] === undefined) {
      json(response, 404, { error: 'Not found' });
      return;
    }
    const { port } = storage.address() as AddressInfo;
    // Small files come from the hub itself, large ones from a storage elsewhere.
    if (repo.files[path].length <= apartFrom) {
      sendFile(repo.files[path], request, response);
      return;
    }
    response.writeHead(302, { Location: `http://127.0.0.1:${port}/${encodeURIComponent(path)}` }).end();
  });

  function sendInfo(url: string, response: http.ServerResponse): void {
    const revision = url.split('/revision/')[1] ?? '';
    if (revision !== 'main' && revision !== commit) {
      json(response, 404, { error: 'Invalid rev id' });
      return;
    }
    json(response, 200, {
      _id: '1',
      id: repo.name,
      sha: state.fault?.kind === 'strangeCommit' ? outsideName : commit,
      private: false,
      gated: state.token !== null ? 'manual' : false,
      downloads: 1,
      likes: 1,
      lastModified: new Date(0).toISOString(),
      cardData: repo.license ? { license: repo.license } : {},
    });
  }

  function sendFile(whole: Buffer, request: http.IncomingMessage, response: http.ServerResponse): void {
    const { fault } = state;
    const data = fault?.kind === 'flip' ? flipped(whole) : whole;
    if (fault?.kind === 'status' && failures++ < fault.times) {
      response.writeHead(fault.status).end();
      return;
    }
    const start = Number(/^bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
    const ranged = start > 0 && fault?.kind !== 'noRanges';
    const body = ranged ? data.subarray(start) : data;
    response.writeHead(ranged ? 206 : 200, {
      'Content-Length': body.length,
      ...(ranged ? { 'Content-Range': `bytes ${start}-${data.length - 1}/${data.length}` } : {}),
    });
    const limit = cutAfter(body.length);
    if (limit === null) response.end(body);
    // Long enough for what was written to arrive.
    else response.write(body.subarray(0, limit), () => setTimeout(() => response.destroy(), 50));
  }

  /** Bytes after which this answer breaks off; `null`: it does not. */
  function cutAfter(length: number): number | null {
    const { fault } = state;
    if (fault?.kind !== 'cut' && fault?.kind !== 'noRanges') return null;
    if (length <= fault.afterBytes || failures >= fault.times) return null;
    failures += 1;
    return fault.afterBytes;
  }

  let fault: HubFault | null = null;
  const state = {
    token: null as string | null,
    get fault(): HubFault | null {
      return fault;
    },
    set fault(next: HubFault | null) {
      fault = next;
      failures = 0;
    },
  };
  await listen(storage);
  await listen(hub);
  const fixed = {
    endpoint: `http://127.0.0.1:${(hub.address() as AddressInfo).port}`,
    commit,
    requests,
    close: async () => {
      for (const server of [hub, storage]) {
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
      }
    },
  };
  // Assigning would read the accessor once and for all.
  return Object.defineProperties(state, Object.getOwnPropertyDescriptors(fixed)) as typeof state & typeof fixed;
}

const listen = (server: http.Server): Promise<void> => new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));

function json(response: http.ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(value));
}

function flipped(data: Buffer): Buffer {
  const copy = Buffer.from(data);
  copy[copy.length >> 1]! ^= 1;
  return copy;
}

const tree = ({ files }: HubRepo): readonly object[] =>
  Object.entries(files).map(([path, data]) => ({
    type: 'file',
    path,
    oid: gitId(data),
    size: data.length,
    ...(data.length > apartFrom ? { lfs: { oid: sha256(data), size: data.length, pointerSize: 130 } } : {}),
  }));
