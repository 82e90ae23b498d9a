// The table of backends: everything that can generate and score. Each is imported only when it is asked for.
import type { ModelText } from '../text/modelText';
import type { Backend } from './backend';

export type OpenBackend = (place: string) => Promise<{ readonly backend: Backend; readonly text: ModelText }>;

export type BackendEntry = {
  readonly id: string;
  readonly title: string;
  readonly load: () => Promise<OpenBackend>;
};

export const backends: readonly BackendEntry[] = [
  {
    id: 'local',
    title: 'A model folder on this computer',
    load: async () => (await import('./local')).openLocalBackend,
  },
];
