// Owns what a host needs to know of servers before a run: addresses, the model that is served, what will be sent to whom, and which
// endpoints somebody has agreed to. The deciding is here, so that the command line and the editor ask the same question.
import fs from 'node:fs';
import path from 'node:path';
import type { ModelPlace, OpenOptions } from '../backends';
import { isLoopback } from '../backends/completions/endpointAddress';
import { modelNames } from '../backends/completions/findServer';
import { findServers, openServed } from '../backends/completions/openServed';
import { UserError } from '../domain/failure';
import type { ModelRecord, RunSpec, ServerSpec } from '../domain/run';

export { isServerAddress, parseEndpoint } from '../backends/completions/endpointAddress';

/** Names of the models that the first endpoint serves. @throws UserError when nothing answers there */
export async function servedModels(
  server: ServerSpec,
  options: OpenOptions & { readonly signal: AbortSignal },
): Promise<readonly string[]> {
  const [first] = await findServers({ ...server, endpoints: server.endpoints.slice(0, 1) }, options);
  return first ? modelNames(first) : [];
}

/** The only model that the first endpoint serves. @throws UserError that lists them when there are several */
export async function onlyServedModel(
  server: ServerSpec,
  options: OpenOptions & { readonly signal: AbortSignal },
): Promise<string> {
  const names = await servedModels(server, options);
  const [name] = names;
  if (name !== undefined && names.length === 1) return name;
  const which = names.length === 0 ? 'does not say which models it serves' : `serves ${names.slice(0, 8).join(', ')}`;
  throw new UserError(`${server.endpoints[0]} ${which}; name one with --served-model.`);
}

/** The endpoints of a spec that lie on other machines. */
export const remoteEndpoints = (place: Pick<ModelPlace, 'server'>): readonly string[] =>
  (place.server?.endpoints ?? []).filter((url) => !isLoopback(url));

/** What a run sends, in a sentence that a person can decide on. */
export function whatIsSent({ server, files }: Pick<RunSpec, 'server' | 'files'>): string {
  const places = remoteEndpoints(server ? { server } : {});
  const open = places.some((url) => url.startsWith('http:')) ? ' The connection is not encrypted.' : '';
  const key = server?.keyEnv === undefined ? '' : ` The key in ${server.keyEnv} goes with each request.`;
  const names = files.map((file) => path.basename(file)).join(', ');
  return `The prompts, the reasoning and the answers of ${names} are sent to ${places.join(' and ')}.${key}${open} Nothing else is, and nobody else gets them.`;
}

const agreedFile = (root: string): string => path.join(root, '.counterthought', 'endpoints.json');

/** The remote endpoints of a spec that nobody in this workspace has agreed to yet. */
export function endpointsToAsk(place: Pick<ModelPlace, 'server'>, root: string): readonly string[] {
  const agreed = new Set(agreedEndpoints(root));
  return remoteEndpoints(place).filter((url) => !agreed.has(url));
}

/** Remembers that sending there was agreed to. */
export function agreeToEndpoints(urls: readonly string[], root: string): void {
  if (urls.length === 0) return;
  const all = [...new Set([...agreedEndpoints(root), ...urls])].sort();
  fs.mkdirSync(path.dirname(agreedFile(root)), { recursive: true });
  fs.writeFileSync(agreedFile(root), `${JSON.stringify(all, null, 2)}\n`);
}

/** What cannot be read was not agreed to. */
function agreedEndpoints(root: string): readonly string[] {
  try {
    const all: unknown = JSON.parse(fs.readFileSync(agreedFile(root), 'utf8'));
    return Array.isArray(all) ? all.filter((one) => typeof one === 'string') : [];
  } catch {
    return [];
  }
}

export type ServerTrial = {
  readonly model: ModelRecord;
  /** `null`: not told. */
  readonly contextTokens: number | null;
  /** Whether answers can be forced at all. */
  readonly forced: boolean;
};

/** Opens a served model, which tries it. @throws UserError that says what is wrong with it */
export async function trialOf(
  server: ServerSpec,
  model: string | null,
  options: OpenOptions & { readonly signal: AbortSignal },
): Promise<ServerTrial> {
  const { backend } = await openServed(model ?? (await onlyServedModel(server, options)), server, options);
  const { contextTokens, forced } = backend.capabilities;
  return {
    model: backend.model,
    contextTokens: contextTokens < Number.MAX_SAFE_INTEGER ? contextTokens : null,
    forced,
  };
}
