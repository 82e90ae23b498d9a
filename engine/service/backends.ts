// Owns which model is loaded: one at a time, kept until another is asked for. Must not know runs.
import { backends, type ModelPlace, type OpenedBackend, type OpenOptions } from '../backends';
import { canonicalJson } from '../domain/ids';
import { bundledModelId, modelFolder } from './models';

export type LoadedModel = OpenedBackend;

export class Backends {
  private loaded: { readonly key: string; readonly model: Promise<LoadedModel> } | null = null;

  /** @param options where keys of servers come from; left out: environment variables */
  constructor(private readonly options: OpenOptions = {}) {}

  /** The model of this place, opened now if it is not yet. The native runtime is loaded here and never before. */
  async open(place: ModelPlace): Promise<LoadedModel> {
    const key = keyOf(place);
    if (this.loaded?.key !== key) {
      await this.dispose();
      this.loaded = { key, model: openPlace(place, this.options) };
      this.loaded.model.catch(() => this.forget(key));
    }
    return this.loaded.model;
  }

  /** Whether this model is loaded, or being loaded. */
  holds(place: ModelPlace): boolean {
    return this.loaded?.key === keyOf(place);
  }

  /** Drops a model that failed, so that the next call loads it anew. */
  private forget(key: string): void {
    if (this.loaded?.key === key) this.loaded = null;
  }

  async dispose(): Promise<void> {
    const { loaded } = this;
    this.loaded = null;
    const model = await loaded?.model.catch(() => null);
    await model?.backend.dispose();
  }
}

const keyOf = ({ model, server }: ModelPlace): string =>
  server ? canonicalJson({ model, server }) : modelFolder(model);

async function openPlace(place: ModelPlace, options: OpenOptions): Promise<LoadedModel> {
  const entry = backends.find((one) => one.opens(place));
  if (!entry) throw new Error('No backend opens this place.');
  const open = await entry.load();
  if (place.server) return open(place, options);
  const loaded = await open({ model: modelFolder(place.model) }, options);
  if (modelFolder(place.model) !== modelFolder('bundled')) return loaded;
  return { ...loaded, backend: { ...loaded.backend, model: { ...loaded.backend.model, id: bundledModelId } } };
}
