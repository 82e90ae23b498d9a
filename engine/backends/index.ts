// The table of backends: everything that can generate and score. Each is imported only when it is asked for.
import type { RunSpec } from '../domain/run';
import type { ModelText } from '../text/modelText';
import type { Backend } from './backend';

export type OpenedBackend = {
  readonly backend: Backend;
  readonly text: ModelText;
  /** Does work with `text` that may have to wait for it; left out: there is nothing to wait for. */
  readonly settle?: <T>(work: () => T | Promise<T>) => Promise<T>;
};

/** Which model, and where it runs: a folder here, or a name on servers. */
export type ModelPlace = Pick<RunSpec, 'model' | 'server'>;

export type OpenOptions = {
  /** The key behind a name of the spec (`keyEnv`); left out: the environment variable of that name. */
  readonly secretOf?: (name: string) => string | undefined;
};

export type OpenBackend = (place: ModelPlace, options?: OpenOptions) => Promise<OpenedBackend>;

export type BackendEntry = {
  readonly id: string;
  readonly title: string;
  readonly opens: (place: ModelPlace) => boolean;
  readonly load: () => Promise<OpenBackend>;
};

export const backends: readonly BackendEntry[] = [
  {
    id: 'local',
    title: 'A model folder on this computer',
    opens: ({ server }) => server === undefined,
    load: async () => {
      const { openLocalBackend } = await import('./local');
      return ({ model }) => openLocalBackend(model);
    },
  },
  {
    id: 'completions',
    title: 'A model on servers that speak the completions protocol',
    opens: ({ server }) => server !== undefined,
    load: async () => {
      const { openServed } = await import('./completions/openServed');
      return ({ model, server }, options) => {
        if (!server) throw new Error('A served model without a server.');
        return openServed(model, server, options);
      };
    },
  },
];
