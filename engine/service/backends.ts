// Owns which model is loaded: one at a time, kept until another is asked for. Must not know runs.
import { backends, type ModelPlace, type OpenedBackend, type OpenOptions } from '../backends';
import { CancelledError } from '../domain/failure';
import { canonicalJson } from '../domain/ids';
import { bundledModelId, modelFolder, nameOfFile } from './models';

export type LoadedModel = OpenedBackend;

type Loaded = {
  readonly key: string;
  readonly model: Promise<LoadedModel>;
  /** Gives the loading up. */
  readonly stop: AbortController;
  isOpen: boolean;
  waiting: number;
};

export class Backends {
  private loaded: Loaded | null = null;

  /** @param options where keys of servers come from; left out: environment variables */
  constructor(private readonly options: OpenOptions = {}) {}

  /**
   * The model of this place, opened now if it is not yet. The native runtime is loaded here and never before.
   * @param signal the caller waits no longer; the loading ends with the last one who waited
   * @throws CancelledError
   */
  async open(place: ModelPlace, signal?: AbortSignal): Promise<LoadedModel> {
    const key = keyOf(place);
    while (this.loaded?.key !== key) {
      if (this.loaded === null) this.loaded = this.begin(place);
      else await this.dispose();
    }
    return this.waitFor(this.loaded, signal);
  }

  private begin(place: ModelPlace): Loaded {
    const stop = new AbortController();
    const model = openPlace(place, { ...this.options, signal: stop.signal });
    const loaded: Loaded = { key: keyOf(place), model, stop, isOpen: false, waiting: 0 };
    model.then(
      ({ backend }) => {
        loaded.isOpen = true;
        whenEnded(backend.ended, () => this.forget(loaded));
      },
      () => this.forget(loaded),
    );
    return loaded;
  }

  private async waitFor(loaded: Loaded, signal: AbortSignal | undefined): Promise<LoadedModel> {
    loaded.waiting += 1;
    try {
      return await untilAborted(loaded.model, signal);
    } finally {
      loaded.waiting -= 1;
      if (signal?.aborted && !loaded.isOpen && loaded.waiting === 0) this.giveUp(loaded);
    }
  }

  private giveUp(loaded: Loaded): void {
    this.forget(loaded);
    loaded.stop.abort();
    loaded.model.then(
      ({ backend }) => backend.dispose(),
      () => undefined,
    );
  }

  /** Whether this model is loaded, or being loaded. */
  holds(place: ModelPlace): boolean {
    return this.loaded?.key === keyOf(place);
  }

  /** Drops a model that failed or ended, so that the next call loads it anew. */
  private forget(loaded: Loaded): void {
    if (this.loaded === loaded) this.loaded = null;
  }

  async dispose(): Promise<void> {
    const { loaded } = this;
    this.loaded = null;
    const model = await loaded?.model.catch(() => null);
    await model?.backend.dispose();
  }
}

function untilAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work;
  return new Promise((resolve, reject) => {
    const leave = (): void => reject(new CancelledError());
    if (signal.aborted) leave();
    signal.addEventListener('abort', leave, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave));
  });
}

function whenEnded(ended: AbortSignal | undefined, work: () => void): void {
  if (ended?.aborted) work();
  else ended?.addEventListener('abort', work, { once: true });
}

const keyOf = ({ model, server }: ModelPlace): string =>
  server ? canonicalJson({ model, server }) : modelFolder(model);

async function openPlace(place: ModelPlace, options: OpenOptions): Promise<LoadedModel> {
  const entry = backends.find((one) => one.opens(place));
  if (!entry) throw new Error('No backend opens this place.');
  const open = await entry.load();
  if (place.server) return open(place, options);
  const loaded = await open({ model: modelFolder(place.model) }, options);
  const id =
    modelFolder(place.model) === modelFolder('bundled') ? bundledModelId : nameOfFile(loaded.backend.model.folder);
  return id === null ? loaded : { ...loaded, backend: { ...loaded.backend, model: { ...loaded.backend.model, id } } };
}
