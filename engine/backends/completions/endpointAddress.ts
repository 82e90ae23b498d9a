// Owns what an address of a server means: its base, its root, whether it is this machine, and hosted services that cannot do this work.
import { UserError } from '../../domain/failure';

/** `http://host:8000/v1#name` → base address and model name (`null` without `#`). @throws UserError for no address of a server. */
export function parseEndpoint(text: string): { readonly url: string; readonly model: string | null } {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw new UserError(`"${text}" is not an address. Write it as http://host:8000/v1.`);
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new UserError(`"${text}" is not an http address. Write it as http://host:8000/v1.`);
  }
  if (url.username !== '' || url.password !== '') {
    throw new UserError(
      `Leave the password out of the address ${url.host}; name the environment variable that holds the key with --key-env.`,
    );
  }
  const model = url.hash === '' ? null : decodeURIComponent(url.hash.slice(1));
  const path = url.pathname.replace(/\/+$/, '');
  return { url: `${url.origin}${path === '' ? '/v1' : path}`, model };
}

/** Whether text names a server and not a folder. */
export const isServerAddress = (text: string): boolean => /^https?:\/\//i.test(text);

/** `/tokenize` is relative to the root, `completions` to the base address. */
export function addressOf(base: string, path: string): string {
  if (!path.startsWith('/')) return `${base}/${path}`;
  return base.replace(/\/v1$/, '') + path;
}

/** Nothing leaves this machine. */
export function isLoopback(base: string): boolean {
  const { hostname } = new URL(base);
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}

type HostedService = {
  readonly host: RegExp;
  readonly name: string;
  /** Dialect by which it continues a turn; `null`: it cannot. */
  readonly dialect: 'chat' | 'generic' | null;
  readonly why: string;
};

/** Services that other people run, and what they offer an unfinished turn (as documented in 2026). */
const hostedServices: readonly HostedService[] = [
  {
    host: /(^|\.)anthropic\.com$/,
    name: 'Anthropic',
    dialect: null,
    why: 'it refuses an unfinished assistant message on its current models (from Claude 4.6 on) and takes no raw prompts, so a recorded reasoning cannot be put into the model’s mouth',
  },
  {
    host: /(^|\.)openai\.(com|azure\.com)$/,
    name: 'OpenAI',
    dialect: null,
    why: 'its chat begins a new turn after an assistant message and its reasoning models take no raw prompts, so a recorded reasoning cannot be continued',
  },
  {
    host: /(^|\.)googleapis\.com$/,
    name: 'Google',
    dialect: null,
    why: 'it does not continue an unfinished turn with its reasoning',
  },
  {
    host: /(^|\.)deepseek\.com$/,
    name: 'DeepSeek',
    dialect: 'chat',
    why: 'chat with a prefix, at the address https://api.deepseek.com/beta; its reasoning models ignore temperature and tell no log-probabilities',
  },
  {
    host: /(^|\.)openrouter\.ai$/,
    name: 'OpenRouter',
    dialect: 'generic',
    why: 'raw prompts reach some providers only; pin the provider',
  },
  { host: /(^|\.)(fireworks\.ai|together\.(ai|xyz))$/, name: 'This service', dialect: 'generic', why: 'raw prompts' },
];

/** What is known of a hosted service at this address; `null`: nothing, so it is tried. */
export function hostedService(base: string): HostedService | null {
  const { hostname } = new URL(base);
  return hostedServices.find(({ host }) => host.test(hostname)) ?? null;
}

/** @throws UserError where a run is impossible whatever is tried. */
export function refuseImpossible(base: string): void {
  const service = hostedService(base);
  if (service?.dialect === null) {
    throw new UserError(
      `${service.name} cannot be used: ${service.why}. Run the model’s weights on a server of your own (vLLM, llama.cpp), or choose a service that continues raw prompts.`,
    );
  }
}
