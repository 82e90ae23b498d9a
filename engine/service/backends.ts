// Owns which model is loaded: one at a time, kept until another is asked for. Must not know runs.
import { backends, type ModelPlace, type OpenedBackend, type OpenOptions } from '../backends';
import { canonicalJson } from '../domain/ids';
import { bundledModelId, modelFolder, nameOfFile } from './models';

export type LoadedModel = OpenedBackend;

type Loaded = { readonly key: string; readonly model: Promise<LoadedModel> };

export class Backends {
  private loaded: Loaded | null = null;

  /** @param options where keys of servers come from; left out: environment variables */
  constructor(private readonly options: OpenOptions = {}) {}

  /** The model of this place, opened now if it is not yet. The native runtime is loaded here and never before. */
  async open(place: ModelPlace): Promise<LoadedModel> {
    const key = keyOf(place);
    if (this.loaded?.key !== key) {
      await this.dispose();
      const loaded = { key, model: openPlace(place, this.options) };
      this.loaded = loaded;
      loaded.model.then(
        ({ backend }) => whenEnded(backend.ended, () => this.forget(loaded)),
        () => this.forget(loaded),
      );
    }
    return this.loaded.model;
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
