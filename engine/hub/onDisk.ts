// Owns the models of the shared cache: finding one, listing, checking and removing them. Must not speak to the hub.
import fs from 'node:fs';
import path from 'node:path';
import { UserError } from '../domain/failure';
import { chooseExport, exportsOf, type HubFile } from './chooseFiles';
import { sumOf } from './fetchFile';
import { type HubModel, hubModelText } from './hubModel';
import { type HubPlace, repoFolder } from './hubPlace';

export type CachedModel = {
  readonly repo: string;
  readonly commit: string;
  /** Branches and tags that lead to it. */
  readonly revisions: readonly string[];
  readonly folder: string;
  readonly precisions: readonly string[];
  /** Of its files, shared ones counted in each. */
  readonly bytes: number;
  /** Downloads of this repository that broke off. */
  readonly isPartial: boolean;
};

const commitForm = /^[0-9a-f]{40}$/;

/** The folders of the cache that hold an ONNX language model, by name. */
export function cachedModels(place: HubPlace): readonly CachedModel[] {
  if (!fs.existsSync(place.cache)) return [];
  return fs
    .readdirSync(place.cache)
    .filter((name) => name.startsWith('models--'))
    .sort()
    .flatMap((name) => modelsOf(place, name.slice('models--'.length).replace('--', '/')));
}

function modelsOf(place: HubPlace, repo: string): readonly CachedModel[] {
  const folder = repoFolder(place, repo);
  const isPartial = namesIn(path.join(folder, 'blobs')).some((name) => name.endsWith('.incomplete'));
  return namesIn(path.join(folder, 'snapshots')).flatMap((commit) => {
    const snapshot = path.join(folder, 'snapshots', commit);
    const files = filesIn(snapshot);
    const precisions = exportsOf(files).map((one) => one.precision);
    if (precisions.length === 0) return [];
    const bytes = files.reduce((sum, file) => sum + file.size, 0);
    return [{ repo, commit, revisions: refsTo(folder, commit), folder: snapshot, precisions, bytes, isPartial }];
  });
}

const namesIn = (folder: string): readonly string[] => (fs.existsSync(folder) ? fs.readdirSync(folder) : []);

/** Links whose content has gone are not there. */
function filesIn(folder: string): readonly HubFile[] {
  const names = fs.existsSync(folder) ? (fs.readdirSync(folder, { recursive: true }) as string[]) : [];
  return names.flatMap((name) => {
    const stat = fs.statSync(path.join(folder, name), { throwIfNoEntry: false });
    const blob = stat?.isFile() ? path.basename(fs.realpathSync(path.join(folder, name))) : '';
    const kind = blob.length === 64 ? 'sha256' : 'git';
    return stat?.isFile()
      ? [{ path: name.split(path.sep).join('/'), size: stat.size, sum: { kind, hex: blob } as const }]
      : [];
  });
}

function refsTo(folder: string, commit: string): readonly string[] {
  const refs = path.join(folder, 'refs');
  const names = fs.existsSync(refs) ? (fs.readdirSync(refs, { recursive: true }) as string[]) : [];
  return names.filter((name) => {
    const file = path.join(refs, name);
    return fs.statSync(file).isFile() && fs.readFileSync(file, 'utf8').trim() === commit;
  });
}

/**
 * The ONNX file of a model that was downloaded, by Python's tools or by ours.
 * @returns `null` when it is not on this machine.
 * @throws UserError when it is, but not in this precision.
 */
export function findCached(place: HubPlace, model: HubModel): string | null {
  const folder = repoFolder(place, model.repo);
  const ref = path.join(folder, 'refs', model.revision);
  const commit = commitForm.test(model.revision)
    ? model.revision
    : fs.existsSync(ref)
      ? fs.readFileSync(ref, 'utf8').trim()
      : '';
  const snapshot = path.join(folder, 'snapshots', commit);
  const files = commit === '' ? [] : filesIn(snapshot);
  if (exportsOf(files).length === 0) return null;
  const [onnx] = chooseExport(model.repo, files, model.precision).files;
  return path.join(snapshot, onnx?.path ?? '');
}

/** A file whose content is not what its name in the cache says. */
export type Damage = { readonly file: string; readonly found: string };

/** Compares every file of a downloaded model with the checksum that it is stored under. @throws UserError when it is not here */
export async function checkCached(place: HubPlace, model: HubModel, signal: AbortSignal): Promise<readonly Damage[]> {
  const damaged: Damage[] = [];
  for (const { folder } of ofRepo(place, model)) {
    for (const { path: file, sum } of filesIn(folder)) {
      // A copy that is no link to its content has no name to compare with.
      if (!/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(sum.hex)) continue;
      const found = await sumOf(path.join(folder, file), sum.kind, signal);
      if (found !== sum.hex) damaged.push({ file: path.join(folder, file), found });
    }
  }
  return damaged;
}

/** Removes all revisions of a repository, those that Python's tools have put there included. @returns bytes freed */
export function removeCached(place: HubPlace, model: HubModel): number {
  ofRepo(place, model);
  const folder = repoFolder(place, model.repo);
  const bytes = namesIn(path.join(folder, 'blobs')).reduce(
    (sum, name) => sum + fs.statSync(path.join(folder, 'blobs', name)).size,
    0,
  );
  fs.rmSync(folder, { recursive: true });
  return bytes;
}

function ofRepo(place: HubPlace, model: HubModel): readonly CachedModel[] {
  const found = modelsOf(place, model.repo);
  if (found.length > 0) return found;
  throw new UserError(
    `${hubModelText(model)} is not in ${place.cache}. \`counterthought models\` lists what is; \`counterthought models get ${hubModelText(model)}\` downloads it.`,
  );
}
