// Owns downloading a model: what it is and what it weighs first, then its files into the shared cache as the hub's own tools lay it out.
import fs from 'node:fs';
import path from 'node:path';
import { HUB_URL, listFiles, modelInfo } from '@huggingface/hub';
import { throwIfCancelled, UserError } from '../domain/failure';
import { chooseExport, type Export, exportsOf, filesAround, type HubFile } from './chooseFiles';
import { fetchFile } from './fetchFile';
import { hubFailure, outOfReach, PassingFailure } from './hubFailure';
import type { HubModel } from './hubModel';
import { type HubPlace, repoFolder } from './hubPlace';

export type HubModelInfo = {
  readonly repo: string;
  /** The revision's commit: what is pinned. */
  readonly commit: string;
  /** As the model's card says; `null`: it says nothing. */
  readonly license: string | null;
  readonly isGated: boolean;
  readonly exports: readonly Export[];
  readonly files: readonly HubFile[];
};

/** Asks the hub what a model is, downloading nothing. @throws UserError with the way out. */
export async function describeModel(place: HubPlace, model: HubModel, signal: AbortSignal): Promise<HubModelInfo> {
  if (place.offline)
    throw new UserError(
      'HF_HUB_OFFLINE is set, so the hub is not asked. Unset it, or name a model that is on this machine.',
    );
  const common = {
    ...(place.endpoint ? { hubUrl: place.endpoint } : {}),
    ...(place.token ? { accessToken: place.token } : {}),
    fetch: ((input, init) => fetch(input, { ...init, signal })) as typeof fetch,
  };
  try {
    const { repo, revision } = model;
    const additionalFields = ['sha', 'cardData'] as const;
    const found = await modelInfo({ ...common, name: repo, revision, additionalFields: [...additionalFields] });
    checkName('the commit', found.sha, commitForm);
    const files: HubFile[] = [];
    for await (const entry of listFiles({ ...common, repo, revision: found.sha, recursive: true })) {
      if (entry.type !== 'file' || !isInside(entry.path)) continue;
      const file = hubFile(entry);
      checkName(`the checksum of ${file.path}`, file.sum.hex, file.sum.kind === 'git' ? commitForm : sha256Form);
      files.push(file);
    }
    const license = (found.cardData as { readonly license?: unknown } | undefined)?.license;
    return {
      repo,
      commit: found.sha,
      license: typeof license === 'string' ? license : null,
      isGated: found.gated !== false,
      exports: exportsOf(files),
      files,
    };
  } catch (error) {
    throwIfCancelled(signal);
    const failure = hubFailure(error, model.repo);
    throw failure instanceof PassingFailure ? outOfReach(model.repo, failure.message) : failure;
  }
}

/** A path of the repository becomes one on this disk: it must stay below its folder. */
const isInside = (file: string): boolean =>
  !path.isAbsolute(file) && !file.split(/[\\/]/).includes('..') && !file.includes('\0');

const commitForm = /^[0-9a-f]{40}$/;
const sha256Form = /^[0-9a-f]{64}$/;

/** Commits and checksums become names in the cache, too. @throws UserError when one is no hexadecimal number of its length */
function checkName(what: string, name: string, form: RegExp): void {
  if (!form.test(name))
    throw new UserError(`The hub tells ${what} as "${name.slice(0, 80)}", which is none, so nothing was downloaded.`);
}

type Entry = {
  readonly path: string;
  readonly size: number;
  readonly oid?: string;
  readonly lfs?: { readonly oid: string; readonly size: number };
};

const hubFile = ({ path: file, size, oid = '', lfs }: Entry): HubFile => ({
  path: file,
  size: lfs?.size ?? size,
  sum: lfs ? { kind: 'sha256', hex: lfs.oid } : { kind: 'git', hex: oid },
});

export type DownloadProgress = { readonly file: string; readonly bytes: number; readonly totalBytes: number };

export type Download = {
  readonly model: HubModel;
  readonly info: HubModelInfo;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: DownloadProgress) => void;
};

/**
 * Downloads what is not here yet, going on where a download broke off.
 * @returns the model's folder in the cache. @throws UserError, CancelledError
 */
export async function getModel(place: HubPlace, { model, info, signal, onProgress }: Download): Promise<string> {
  const chosen = chooseExport(info.repo, info.files, model.precision);
  const files = [...filesAround(info.files), ...chosen.files];
  const totalBytes = files.reduce((sum, file) => sum + file.size, 0);
  const folder = repoFolder(place, info.repo);
  checkRoom(folder, totalBytes);
  const snapshot = path.join(folder, 'snapshots', info.commit);
  let finished = 0;
  for (const file of files) {
    const blob = path.join(folder, 'blobs', file.sum.hex);
    const url = `${place.endpoint ?? HUB_URL}/${info.repo}/resolve/${info.commit}/${file.path.split('/').map(encodeURIComponent).join('/')}`;
    const onBytes = (bytes: number): void => onProgress({ file: file.path, bytes: finished + bytes, totalBytes });
    await fetchFile({
      url,
      repo: info.repo,
      file,
      target: blob,
      signal,
      onBytes,
      ...(place.token ? { token: place.token } : {}),
    });
    point(path.join(snapshot, file.path), blob);
    finished += file.size;
  }
  if (model.revision !== info.commit) {
    const ref = path.join(folder, 'refs', model.revision);
    fs.mkdirSync(path.dirname(ref), { recursive: true });
    fs.writeFileSync(ref, info.commit);
  }
  return snapshot;
}

/** Room for the file system's own needs. */
const spareBytes = 64 * 2 ** 20;

function checkRoom(folder: string, bytes: number): void {
  fs.mkdirSync(folder, { recursive: true });
  const { bavail, bsize } = fs.statfsSync(folder);
  const blobs = path.join(folder, 'blobs');
  const here = fs.existsSync(blobs)
    ? fs.readdirSync(blobs).reduce((sum, name) => sum + fs.statSync(path.join(blobs, name)).size, 0)
    : 0;
  if (bavail * bsize + here > bytes + spareBytes) return;
  const gigabytes = (count: number): string => `${(count / 2 ** 30).toFixed(1)} GB`;
  throw new UserError(
    `The download needs ${gigabytes(bytes - here)} and ${folder} has room for ${gigabytes(bavail * bsize)}. Free some, or set HF_HOME to a larger disk.`,
  );
}

/** The snapshot names the content; where links are not allowed, a second name of the same bytes. */
function point(name: string, blob: string): void {
  fs.mkdirSync(path.dirname(name), { recursive: true });
  fs.rmSync(name, { force: true });
  try {
    fs.symlinkSync(path.relative(path.dirname(name), blob), name);
  } catch {
    fs.linkSync(blob, name);
  }
}
