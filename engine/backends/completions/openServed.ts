// Owns opening a served model: finding its servers, its text side, trying what they can do, and the record of all that. Must not know runs.
import { setMaxListeners } from 'node:events';
import { UserError } from '../../domain/failure';
import type { ModelRecord, ServerRecord, ServerSpec } from '../../domain/run';
import { loadModelText } from '../../text/loadModelText';
import type { ModelText } from '../../text/modelText';
import type { Backend } from '../backend';
import { defaultPatience, EndpointPool, type Patience } from './endpointPool';
import { checkServed, type FoundServer, findServer, weightsOf } from './findServer';
import { type Probed, probe } from './probe';
import type { Settle } from './requests';
import { servedBackend } from './servedBackend';
import { ServerError } from './serverError';
import { serverText } from './serverText';
import { defaultTimeouts, type Timeouts } from './transport';

export type ServedOptions = {
  /** The key behind a name: of an environment variable, or of an entry in a secret store. */
  readonly secretOf?: (name: string) => string | undefined;
  readonly timeouts?: Timeouts;
  readonly patience?: Patience;
  /** False for measuring what the order of requests is worth. */
  readonly keepsPrefixesTogether?: boolean;
  readonly signal?: AbortSignal;
};

export type OpenedServer = { readonly backend: Backend; readonly text: ModelText; readonly settle: Settle };

/**
 * Opens a model that all endpoints serve under one name.
 * @throws UserError that names the endpoint and the way out.
 */
export async function openServed(model: string, spec: ServerSpec, options: ServedOptions = {}): Promise<OpenedServer> {
  const signal = options.signal ?? new AbortController().signal;
  setMaxListeners(0, signal);
  const patience = options.patience ?? defaultPatience;
  const found = await findServers(spec, { ...options, signal });
  for (const one of found) checkServed(one, model);
  const { text, settle } = await openServedText(model, spec, { found, signal, patience });
  const probes = await Promise.all(
    found.map(({ endpoint }) => told(() => probe({ endpoint, model, text, settle, signal }))),
  );
  const probed = probes.reduce(weaker);
  const limits = found.map(({ dialect, facts }) => dialect.contextTokens(facts, model) ?? Number.MAX_SAFE_INTEGER);
  const backend = servedBackend({
    served: { model, text, settle, addsFirst: probed.addsFirst },
    pool: new EndpointPool(
      found.map(({ endpoint }) => endpoint),
      patience,
    ),
    probed,
    record: recordOf(model, text, { found, probes }),
    capabilities: {
      forced: probed.topLogProbs > 0 || probed.choices,
      contextTokens: Math.min(...limits),
      exact: false,
      needsChat: found.some(({ dialect }) => dialect.prompts === 'chat'),
    },
    maxInFlight: Math.min(spec.maxInFlight, slotsOf(found)),
    keepsPrefixesTogether: options.keepsPrefixesTogether ?? true,
  });
  return { backend, text, settle };
}

/** More examples at once than there are slots would only wait for one. */
const slotsOf = (found: readonly FoundServer[]): number =>
  found.reduce((sum, { endpoint }) => sum + (endpoint.slots?.count ?? Number.POSITIVE_INFINITY), 0);

/** All endpoints of a spec, asked what they are. @throws UserError for the first that cannot be used. */
export function findServers(
  spec: ServerSpec,
  options: ServedOptions & { readonly signal: AbortSignal },
): Promise<readonly FoundServer[]> {
  const headers = authorization(spec, options.secretOf ?? ((name) => process.env[name]));
  const mostInFlight = Math.max(1, Math.ceil(spec.maxInFlight / spec.endpoints.length));
  const shared = { headers, mostInFlight, timeouts: options.timeouts ?? defaultTimeouts, signal: options.signal };
  return Promise.all(spec.endpoints.map((url) => told(() => findServer(url, spec.dialect, shared))));
}

function authorization(
  { keyEnv }: ServerSpec,
  secretOf: (name: string) => string | undefined,
): Readonly<Record<string, string>> {
  if (keyEnv === undefined) return {};
  const key = secretOf(keyEnv);
  if (key === undefined || key.trim() === '')
    throw new UserError(`The environment variable ${keyEnv} is empty or not set; put the server's key into it.`);
  return { authorization: `Bearer ${key.trim()}` };
}

type Opening = { readonly found: readonly FoundServer[]; readonly signal: AbortSignal; readonly patience: Patience };

/** The tokenizer and template of a folder, or those of the first server. @throws UserError */
async function openServedText(
  model: string,
  { tokenizer }: ServerSpec,
  { found, signal, patience }: Opening,
): Promise<{ readonly text: ModelText; readonly settle: Settle }> {
  if (tokenizer !== 'server') return localText(tokenizer);
  const [first] = found;
  if (!first?.dialect.tokenizer) {
    throw new UserError(
      `${first?.endpoint.url ?? 'The server'} does not show its tokenizer. Give a folder with the model's tokenizer.json and tokenizer_config.json with --tokenizer DIR.`,
    );
  }
  const { endpoint, facts, dialect } = first;
  const { tokenizer: served } = dialect;
  if (!served) throw new Error('unreachable');
  return told(() => serverText({ endpoint, model, signal, patience }, served, facts));
}

/** For planning without a server, too. @throws UserError */
export async function localText(folder: string): Promise<{ readonly text: ModelText; readonly settle: Settle }> {
  return { text: await loadModelText(folder), settle: async (work) => work() };
}

/** What a server's failure means before a run has begun: something to put right. */
async function told<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ServerError) throw new UserError(error.message);
    throw error;
  }
}

/** What two endpoints can both do. */
function weaker(a: Probed, b: Probed): Probed {
  return {
    promptTokens: a.promptTokens === 'as sent' ? b.promptTokens : a.promptTokens,
    addsFirst: a.addsFirst || b.addsFirst,
    tokenIds: a.tokenIds && b.tokenIds,
    seeds: a.seeds && b.seeds,
    samples: Math.min(a.samples, b.samples),
    greedyRepeats: a.greedyRepeats && b.greedyRepeats,
    refusesWrongModel: a.refusesWrongModel && b.refusesWrongModel,
    repeatsPrefix: a.repeatsPrefix || b.repeatsPrefix,
    topLogProbs: Math.min(a.topLogProbs, b.topLogProbs),
    wantedIds: a.wantedIds && b.wantedIds,
    forcedToken: a.forcedToken && b.forcedToken,
    choices: a.choices && b.choices,
  };
}

type Findings = { readonly found: readonly FoundServer[]; readonly probes: readonly Probed[] };

function recordOf(model: string, text: ModelText, { found, probes }: Findings): ModelRecord {
  const engines = found.map(({ dialect, facts }) => dialect.engine(facts));
  const server: ServerRecord = {
    dialect: [...new Set(found.map(({ dialect }) => dialect.id))].join(', '),
    endpoints: found.map((one, at) => ({
      url: one.endpoint.url,
      engine: engines[at] ?? 'unknown engine',
      root: weightsOf(one, model),
      probed: { ...probes[at] },
    })),
  };
  return { ...unseenRecord(model, text), runtime: [...new Set(engines)].join(', '), server };
}

/** What is known of a served model before its server was asked: nothing of its weights. */
export const unseenRecord = (model: string, text: ModelText): ModelRecord => ({
  id: model,
  folder: '',
  sha256: '',
  layout: 'served',
  precision: 'as served',
  tokenizerSha256: text.tokenizerSha256,
  templateSha256: text.templateSha256,
  runtime: '',
});
