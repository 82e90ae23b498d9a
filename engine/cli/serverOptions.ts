// Owns the options of the command line by which a model runs on servers, and what they mean in a spec. Must not know how servers are asked.
import path from 'node:path';
import type { OpenOptions } from '../backends';
import { type RunSpec, runDefaults, type ServerSpec, type ShardSpec } from '../domain/run';
import { isServerAddress, parseEndpoint } from '../service/servers';
import { type Command, type CommandInput, count, text, texts, UsageError, type Values } from './command';

/** How to reach a server; for every command that asks one. */
export const reachOptions = {
  tokenizer: {
    type: 'string',
    value: 'DIR',
    help: "folder with the served model's tokenizer.json and chat template (default: the server's own)",
  },
  dialect: {
    type: 'string',
    value: 'NAME',
    help: 'vllm, llama.cpp, sglang, tgi, ollama, generic, chat (default: found by what the server answers)',
  },
  'key-env': {
    type: 'string',
    value: 'NAME',
    help: 'environment variable that holds the key of the server; the key is never written anywhere',
  },
} satisfies Command['options'];

/** Where the program is that runs GGUF files. */
export const programOption = {
  'llama-server': {
    type: 'string',
    value: 'PATH',
    help: "llama.cpp's llama-server, which runs a GGUF file (default: the one on PATH)",
  },
} satisfies Command['options'];

/** What opening a model takes from the command line. */
export function openOptions(values: Values): OpenOptions {
  const llamaServer = text(values, 'llama-server');
  return llamaServer === undefined ? {} : { llamaServer };
}

export const serverOptions = {
  server: {
    type: 'string',
    multiple: true,
    value: 'URL',
    help: 'run the model there (http://host:8000/v1); several times: all serve the same model',
  },
  'served-model': { type: 'string', value: 'NAME', help: 'its name there (default: the only one that is served)' },
  ...reachOptions,
  'max-in-flight': {
    type: 'string',
    value: 'N',
    help: `most examples at once, over all servers (default ${runDefaults.maxInFlight})`,
  },
  shard: {
    type: 'string',
    value: 'I/N',
    help: 'only every N-th example, from the I-th on (1/N … N/N); put together with merge',
  },
} satisfies Command['options'];

/** How to reach the endpoints. */
export function serverSpecOf(values: Values, endpoints: readonly string[], base?: ServerSpec): ServerSpec {
  const tokenizer = text(values, 'tokenizer');
  const keyEnv = text(values, 'key-env') ?? base?.keyEnv;
  return {
    endpoints,
    tokenizer:
      tokenizer === undefined || tokenizer === 'server'
        ? (tokenizer ?? base?.tokenizer ?? 'server')
        : path.resolve(tokenizer),
    dialect: text(values, 'dialect') ?? base?.dialect ?? 'auto',
    ...(keyEnv === undefined ? {} : { keyEnv }),
    maxInFlight: count(values, 'max-in-flight', 1) ?? base?.maxInFlight ?? runDefaults.maxInFlight,
  };
}

export type NamedServer = { readonly server: ServerSpec; readonly model: string | null };

/**
 * The servers that were named, by `--server` or by `--model http://…#name`; `null`: none.
 * @throws UsageError when they name different models
 */
export function namedServer({ values }: Pick<CommandInput, 'values'>, base: Partial<RunSpec>): NamedServer | null {
  const model = text(values, 'model');
  const addresses = [...(model !== undefined && isServerAddress(model) ? [model] : []), ...texts(values, 'server')];
  if (addresses.length === 0) {
    if (!base.server || model !== undefined) return null;
    return {
      server: serverSpecOf(values, base.server.endpoints, base.server),
      model: text(values, 'served-model') ?? base.model ?? null,
    };
  }
  const parsed = addresses.map(parseEndpoint);
  const named = [text(values, 'served-model'), model !== undefined && !isServerAddress(model) ? model : undefined];
  const names = new Set(
    [...named, ...parsed.map((one) => one.model)].filter((one) => one !== undefined && one !== null),
  );
  if (names.size > 1) throw new UsageError(`All servers must serve the same model, not ${[...names].join(' and ')}.`);
  const [name = null] = names;
  return {
    server: serverSpecOf(
      values,
      parsed.map((one) => one.url),
      base.server,
    ),
    model: name,
  };
}

/** @throws UsageError */
export function shardOf(values: Values): ShardSpec | undefined {
  const value = text(values, 'shard');
  if (value === undefined) return undefined;
  const [, index = 0, of = 0] = (/^(\d+)\/(\d+)$/.exec(value) ?? []).map(Number);
  if (index < 1 || index > of)
    throw new UsageError(`--shard takes I/N with I from 1 to N, for example 3/8, not "${value}".`);
  return { index: index - 1, of };
}
