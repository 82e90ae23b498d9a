// Owns what a host asks about models and servers: which are here, what one of the hub is, downloading it, what a server can do, and the
// keys that servers are given, which live in this process's memory alone.

import { findLlamaServer } from '../backends/gguf/llamaServer';
import type { RunSpec } from '../domain/run';
import { chooseExport, filesAround } from '../hub/chooseFiles';
import { type DownloadProgress, describeModel, getModel } from '../hub/getModel';
import { ggufFiles } from '../hub/ggufFiles';
import { goodModels } from '../hub/goodModels';
import { hubModel, hubModelText } from '../hub/hubModel';
import { hubPlace } from '../hub/hubPlace';
import { modelsInFolders } from '../hub/modelFolders';
import { cachedModels, removeCached } from '../hub/onDisk';
import type { Handlers } from '../wire/contract';
import type { EngineContract, HubDescription, KnownModel } from './contract';
import { type SentExample, sentExample } from './sentExample';
import { agreeToEndpoints, endpointsToAsk, remoteEndpoints, servedModels, whatIsSent } from './servers';

/** What this process was told for opening models: keys of servers by the name that a spec gives them, and where a program is. */
export class Told {
  /** Empty: on PATH. */
  llamaServer = '';
  private readonly given = new Map<string, string>();

  give(name: string, value: string): void {
    this.given.set(name, value);
  }

  readonly of = (name: string): string | undefined => this.given.get(name) ?? process.env[name];
}

/** The models of the shared cache, each precision by itself, and those of the list that are not here. */
function knownModels(): readonly KnownModel[] {
  const here = cachedModels(hubPlace()).flatMap(({ repo, precisions, revisions, bytes }) =>
    precisions.map((precision) => {
      const revision = revisions.includes('main') ? 'main' : (revisions[0] ?? 'main');
      return { model: hubModelText({ repo, revision, precision }), isHere: true, about: precision, bytes };
    }),
  );
  const others = goodModels
    .filter(({ repo }) => !here.some(({ model }) => model.startsWith(repo)))
    .map(({ repo, billions, kind, about }) => ({
      model: repo,
      isHere: false,
      about: `${billions}B, ${kind}: ${about}`,
      bytes: null,
    }));
  return [...here, ...others];
}

/** @param token the hub's; left out: the environment's */
async function describeHubModel(name: string, token: string | undefined, signal: AbortSignal): Promise<HubDescription> {
  const info = await describeModel(hubPlace(process.env, token), hubModel(name), signal);
  const { repo, commit, license, isGated, exports, files } = info;
  // Refuses what cannot be run before anybody is asked about it.
  const chosen = chooseExport(repo, files, hubModel(name).precision);
  const around = filesAround(files).reduce((sum, file) => sum + file.size, 0);
  return {
    repo,
    commit,
    license,
    isGated,
    precision: chosen.precision,
    exports: exports.map(({ precision, bytes }) => ({ precision, bytes: bytes + around })),
  };
}

type DownloadContext = { readonly signal: AbortSignal; readonly emit: (progress: DownloadProgress) => void };

/** @returns the name by which the model is run. */
async function downloadHubModel(
  name: string,
  token: string | undefined,
  { signal, emit }: DownloadContext,
): Promise<string> {
  const place = hubPlace(process.env, token);
  const model = hubModel(name);
  const info = await describeModel(place, model, signal);
  let shown = 0;
  const onProgress = (progress: DownloadProgress): void => {
    const share = Math.floor((200 * progress.bytes) / Math.max(1, progress.totalBytes));
    if (share > shown) emit(progress);
    shown = Math.max(share, shown);
  };
  await getModel(place, { model, info, signal, onProgress });
  return hubModelText({ ...model, precision: chooseExport(info.repo, info.files, model.precision).precision });
}

/** What has to be agreed to before a spec may run in a workspace; `null`: nothing. */
async function consentNeeded(
  spec: RunSpec,
  root: string,
  signal: AbortSignal,
): Promise<({ readonly urls: readonly string[]; readonly says: string } & SentExample) | null> {
  const urls = endpointsToAsk(spec.server ? { server: spec.server } : {}, root);
  return urls.length === 0 ? null : { urls, says: whatIsSent(spec), ...(await sentExample(spec, signal)) };
}

type Answered =
  | 'models'
  | 'folderModels'
  | 'removeModel'
  | 'ggufModels'
  | 'useLlamaServer'
  | 'describeModel'
  | 'downloadModel'
  | 'servedModels'
  | 'giveKey'
  | 'consent'
  | 'remoteEndpoints'
  | 'agree';

export function modelHandlers(told: Told): Pick<Handlers<EngineContract>, Answered> {
  return {
    models: knownModels,
    folderModels: ({ folders }) => modelsInFolders(folders),
    removeModel: ({ model }) => ({ freedBytes: removeCached(hubPlace(), hubModel(model)) }),
    ggufModels: ({ program }) => ({ program: findLlamaServer(program), files: ggufFiles() }),
    useLlamaServer: ({ program }) => {
      told.llamaServer = program;
      return null;
    },
    describeModel: ({ model, token }, { signal }) => describeHubModel(model, token, signal),
    downloadModel: ({ model, token }, context) => downloadHubModel(model, token, context),
    servedModels: ({ server }, { signal }) => servedModels(server, { secretOf: told.of, signal }),
    giveKey: ({ name, key }) => {
      told.give(name, key);
      return null;
    },
    consent: ({ spec, root }, { signal }) => consentNeeded(spec, root, signal),
    remoteEndpoints: ({ server }) => remoteEndpoints({ server }),
    agree: ({ urls, root }) => {
      agreeToEndpoints(urls, root);
      return null;
    },
  };
}
