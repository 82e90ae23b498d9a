// Owns where the hub is and where its files are kept on this machine: the variables that the hub's own tools read, so that a model that
// Python has downloaded is found here, and the other way round. Must not speak to the hub.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

export type HubPlace = {
  /** Left out: the public hub. */
  readonly endpoint?: string;
  /** Folder of `models--owner--name` folders. */
  readonly cache: string;
  readonly token?: string;
  readonly offline: boolean;
};

type Environment = Readonly<Record<string, string | undefined>>;

const isSet = (value: string | undefined): boolean => /^(1|true|yes|on)$/i.test(value ?? '');

/** @param token comes before the environment's, if one is given. */
export function hubPlace(environment: Environment = process.env, token?: string): HubPlace {
  const { XDG_CACHE_HOME, HF_HOME, HUGGINGFACE_HUB_CACHE, HF_HUB_CACHE, HF_ENDPOINT } = environment;
  const home = HF_HOME ?? path.join(XDG_CACHE_HOME ?? path.join(os.homedir(), '.cache'), 'huggingface');
  const known = token ?? environment.HF_TOKEN ?? storedToken(environment.HF_TOKEN_PATH ?? path.join(home, 'token'));
  return {
    ...(HF_ENDPOINT ? { endpoint: HF_ENDPOINT.replace(/\/+$/, '') } : {}),
    cache: HF_HUB_CACHE ?? HUGGINGFACE_HUB_CACHE ?? path.join(home, 'hub'),
    ...(known ? { token: known } : {}),
    offline: isSet(environment.HF_HUB_OFFLINE),
  };
}

/** What `hf auth login` has written. */
function storedToken(file: string): string | undefined {
  return fs.existsSync(file) ? fs.readFileSync(file, 'utf8').trim() || undefined : undefined;
}

export const repoFolder = ({ cache }: HubPlace, repo: string): string =>
  path.join(cache, `models--${repo.replace('/', '--')}`);
