// Owns what an endpoint says of itself before anything is tried: its facts, the dialect that fits them, the models that it serves.
import { throwIfCancelled, UserError } from '../../domain/failure';
import type { ServerSpec } from '../../domain/run';
import { type Dialect, type FactName, factPaths, type ServerFacts } from './dialect';
import { dialects } from './dialects';
import { Endpoint, type EndpointSettings } from './endpoint';
import { hostedService, parseEndpoint, refuseImpossible } from './endpointAddress';
import { fieldsOf, servedModels, textOf } from './replyFields';
import { ServerError } from './serverError';
import type { Timeouts } from './transport';

export type FoundServer = { readonly endpoint: Endpoint; readonly facts: ServerFacts; readonly dialect: Dialect };

export type FindOptions = {
  readonly headers: EndpointSettings['headers'];
  readonly timeouts: Timeouts;
  readonly mostInFlight: number;
  readonly signal: AbortSignal;
};

/** Time for a plain question, in milliseconds. */
const factMs = 15_000;

/** @throws UserError when nothing answers there, or it cannot do this work. */
export async function findServer(
  url: string,
  wanted: ServerSpec['dialect'],
  options: FindOptions,
): Promise<FoundServer> {
  const base = parseEndpoint(url).url;
  refuseImpossible(base);
  const { headers, timeouts, mostInFlight, signal } = options;
  const shared = { url: base, headers, mostInFlight };
  const [first] = dialects;
  if (!first) throw new Error('The table of dialects is empty.');
  const asking = new Endpoint({
    ...shared,
    dialect: first,
    timeouts: { ...timeouts, firstEventMs: factMs },
  });
  const facts = await factsOf(asking, signal);
  const dialect = chooseDialect(base, wanted, facts);
  const slots = dialect.slots?.(facts) ?? null;
  return { endpoint: new Endpoint({ ...shared, dialect, timeouts, slots }), facts, dialect };
}

/** @throws UserError when no question at all is answered. */
async function factsOf(endpoint: Endpoint, signal: AbortSignal): Promise<ServerFacts> {
  const troubles: ServerError[] = [];
  const names = Object.keys(factPaths) as FactName[];
  const told = await Promise.all(
    names.map(async (name) => {
      try {
        return [name, await endpoint.ask(factPaths[name], { signal })] as const;
      } catch (error) {
        throwIfCancelled(signal);
        if (!(error instanceof ServerError)) throw error;
        troubles.push(error);
        return [name, null] as const;
      }
    }),
  );
  const away = troubles.find(({ trouble }) => trouble === 'unreachable' || trouble === 'silent');
  const closed = troubles.find(({ message }) => /answered 40[13]|redirects/.test(message));
  if (told.every(([, fact]) => fact === null) && (away ?? closed)) throw new UserError((away ?? closed)?.message ?? '');
  return Object.fromEntries(told) as ServerFacts;
}

/** @throws UserError that lists the dialects. */
function chooseDialect(base: string, wanted: string, facts: ServerFacts): Dialect {
  const known = dialects.map(({ id }) => id).join(', ');
  if (wanted !== 'auto') {
    const named = dialects.find(({ id }) => id === wanted);
    if (!named) throw new UserError(`There is no dialect "${wanted}". There are: ${known}.`);
    return named;
  }
  const hosted = hostedService(base)?.dialect;
  const found = dialects.find((one) => (hosted ? one.id === hosted : one.recognizes(facts)));
  if (!found)
    throw new UserError(
      `${base} does not say what it is. If a model is served there, name its dialect with --dialect: ${known}.`,
    );
  return found;
}

/** Names under which models are served; none where the server does not list them. */
export function modelNames({ facts }: Pick<FoundServer, 'facts'>): readonly string[] {
  return [...new Set(servedModels(facts.models).flatMap(({ id, fields }) => [id, ...aliasesOf(fields.aliases)]))];
}

const aliasesOf = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.map(textOf).filter((one) => one !== '') : [];

/** The weights behind a name, in the server's own words. */
export function weightsOf({ facts }: FoundServer, model: string): string {
  const fields = servedModels(facts.models).find(({ id }) => id === model)?.fields;
  const { model_path: path } = fieldsOf(facts.props);
  return textOf(fields?.root) || textOf(path) || textOf(fieldsOf(facts.modelInfo).model_path) || model;
}

/** Some servers answer whatever name they are asked for, so that a wrong one would go unnoticed. @throws UserError that lists the names. */
export function checkServed(found: FoundServer, model: string): void {
  const names = modelNames(found);
  if (names.length === 0 || names.includes(model)) return;
  throw new UserError(
    `${found.endpoint.url} does not serve "${model}" but ${names.slice(0, 8).join(', ')}. Name one of these with --served-model.`,
  );
}
