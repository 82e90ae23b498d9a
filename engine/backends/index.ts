// The table of backends: everything that can generate and score. Each is imported only when it is asked for.
import type { RunSpec } from '../domain/run';
import type { ModelText } from '../text/modelText';
import type { Backend } from './backend';
import { isGguf } from './gguf/ggufFile';

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
  /** llama.cpp's `llama-server`, which runs GGUF files; left out: the one on PATH. */
  readonly llamaServer?: string;
  /** What a program that was started for a model writes, line by line. */
  readonly onLog?: (line: string) => void;
  /** Aborted when nobody waits for the model any more. */
  readonly signal?: AbortSignal;
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
    opens: ({ model, server }) => server === undefined && !isGguf(model),
    load: async () => {
      const { openLocalBackend } = await import('./local');
      return ({ model }) => openLocalBackend(model);
    },
  },
  {
    id: 'gguf',
    title: 'A GGUF file on this computer, through a llama.cpp server',
    opens: ({ model, server }) => server === undefined && isGguf(model),
    load: async () => {
      const { openGguf } = await import('./gguf/openGguf');
      return ({ model }, options) => openGguf(model, options);
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
