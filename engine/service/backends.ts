// Owns which models are loaded: one at a time, kept until another is asked for. Must not know runs.
import { backends } from '../backends';
import type { Backend } from '../backends/backend';
import type { ModelText } from '../text/modelText';
import { bundledModelId, modelFolder } from './models';

export type LoadedModel = { readonly backend: Backend; readonly text: ModelText };

export class Backends {
  private loaded: { readonly folder: string; readonly model: Promise<LoadedModel> } | null = null;

  /** The model of this name, loaded now if it is not yet. The native runtime is loaded here and never before. */
  async open(model: string): Promise<LoadedModel> {
    const folder = modelFolder(model);
    if (this.loaded?.folder !== folder) {
      await this.dispose();
      this.loaded = { folder, model: openLocal(folder) };
      this.loaded.model.catch(() => this.forget(folder));
    }
    return this.loaded.model;
  }

  /** Whether this model is loaded, or being loaded. */
  holds(model: string): boolean {
    return this.loaded?.folder === modelFolder(model);
  }

  /** Drops a model that failed, so that the next call loads it anew. */
  forget(folder: string): void {
    if (this.loaded?.folder === folder) this.loaded = null;
  }

  async dispose(): Promise<void> {
    const { loaded } = this;
    this.loaded = null;
    const model = await loaded?.model.catch(() => null);
    await model?.backend.dispose();
  }
}

async function openLocal(folder: string): Promise<LoadedModel> {
  const entry = backends.find((one) => one.id === 'local');
  if (!entry) throw new Error('The table of backends has no local one.');
  const loaded = await (await entry.load())(folder);
  if (folder !== modelFolder('bundled')) return loaded;
  return { ...loaded, backend: { ...loaded.backend, model: { ...loaded.backend.model, id: bundledModelId } } };
}
