// Owns `counterthought models`: what is on this machine, what is good for this work, downloading, checking, removing.
import { UserError } from '../domain/failure';
import { chooseExport, filesAround } from '../hub/chooseFiles';
import { type DownloadProgress, describeModel, getModel, type HubModelInfo } from '../hub/getModel';
import { type GgufFile, ggufFiles } from '../hub/ggufFiles';
import { searchGoodModels } from '../hub/goodModels';
import { type HubModel, hubModel, hubModelText } from '../hub/hubModel';
import { hubPlace } from '../hub/hubPlace';
import { modelsInFolders } from '../hub/modelFolders';
import { cachedModels, checkCached, removeCached } from '../hub/onDisk';
import { type Command, type CommandInput, note, print, printJson, texts, UsageError } from './command';

type Action = (words: readonly string[], input: CommandInput) => Promise<0 | 1>;

const size = (bytes: number): string =>
  bytes < 2 ** 30 ? `${Math.max(1, Math.round(bytes / 2 ** 20))} MB` : `${(bytes / 2 ** 30).toFixed(1)} GB`;

/** Exactly one model. @throws UsageError */
function oneModel(words: readonly string[]): HubModel {
  const [word] = words;
  if (word === undefined || words.length > 1)
    throw new UsageError('Name one model: owner/name[@revision][:precision].');
  return hubModel(word);
}

const list: Action = async (_, { values }) => {
  const place = hubPlace();
  const found = cachedModels(place);
  const gguf = ggufFiles();
  const folders = modelsInFolders(texts(values, 'folder'));
  if (values.json === true) printJson({ folders, hub: found, gguf });
  else {
    for (const { name, kind, bytes, model } of folders) print(`${name}  ${kind}  ${size(bytes)}\n  ${model}`);
    for (const { repo, precisions, bytes, revisions, commit, isPartial } of found) {
      const which = revisions.length > 0 ? revisions.join(', ') : commit.slice(0, 12);
      const partial = isPartial ? '  (a download broke off: get it again to go on)' : '';
      print(`${repo}  ${which}  ${precisions.join(', ')}  ${size(bytes)}${partial}`);
    }
    if (found.length + folders.length === 0)
      note(`There are no ONNX models in ${place.cache}. \`counterthought models search\` lists some to begin with.`);
    printGguf(gguf);
  }
  return 0;
};

function printGguf(files: readonly GgufFile[]): void {
  for (const { name, tool, bytes, file } of files) print(`${name}  ${tool}  ${size(bytes)}\n  ${file}`);
  if (files.length > 0) note("GGUF files run with --model FILE, through llama.cpp's llama-server.");
}

const search: Action = async (words, { values }) => {
  const found = searchGoodModels(words);
  if (values.json === true) printJson(found);
  else for (const { repo, billions, kind, about } of found) print(`${repo}  ${billions}B  ${kind}: ${about}`);
  if (found.length === 0)
    note('None of the listed models fits. Any ONNX model of the hub can be named with `models get`.');
  return found.length > 0 ? 0 : 1;
};

const info: Action = async (words, { signal, values }) => {
  const model = oneModel(words);
  const found = await describeModel(hubPlace(), model, signal);
  if (values.json === true) printJson({ ...found, files: undefined });
  else printInfo(found);
  return 0;
};

function printInfo({ repo, commit, license, isGated, exports }: HubModelInfo): void {
  print(`${repo} at ${commit}`);
  print(`licence: ${license ?? 'its card says none'}${isGated ? ' (asks for consent on its page)' : ''}`);
  for (const { precision, bytes } of exports) print(`:${precision}  ${size(bytes)}`);
}

const get: Action = async (words, { signal }) => {
  const model = oneModel(words);
  const place = hubPlace();
  const found = await describeModel(place, model, signal);
  const chosen = chooseExport(found.repo, found.files, model.precision);
  const bytes = [...filesAround(found.files), ...chosen.files].reduce((sum, file) => sum + file.size, 0);
  note(
    `${found.repo} at ${found.commit}, ${chosen.precision}: ${size(bytes)}, licence: ${found.license ?? 'none stated'}`,
  );
  const folder = await getModel(place, { model, info: found, signal, onProgress: progressNotes() });
  print(folder);
  note(`Run it with --model ${hubModelText({ ...model, precision: chosen.precision })}`);
  return 0;
};

/** A line for every tenth of the download. */
function progressNotes(): (progress: DownloadProgress) => void {
  let shown = 0;
  return ({ bytes, totalBytes, file }) => {
    const tenth = Math.floor((10 * bytes) / Math.max(1, totalBytes));
    if (tenth > shown) note(`${tenth * 10} % of ${size(totalBytes)} (${file})`);
    shown = Math.max(shown, tenth);
  };
}

const check: Action = async (words, { signal }) => {
  const model = oneModel(words);
  const damaged = await checkCached(hubPlace(), model, signal);
  for (const { file, found } of damaged) print(`damaged: ${file} (its checksum is now ${found})`);
  if (damaged.length === 0) print(`${model.repo}: every file is what it was when it was downloaded.`);
  else note(`Remove it with \`counterthought models remove ${model.repo}\` and get it again.`);
  return damaged.length === 0 ? 0 : 1;
};

const remove: Action = async (words) => {
  const model = oneModel(words);
  print(`${size(removeCached(hubPlace(), model))} freed.`);
  return 0;
};

const actions: Readonly<Record<string, Action>> = { list, search, info, get, check, remove };

export const models: Command = {
  name: 'models',
  usage: 'models [list | search WORDS | info MODEL | get MODEL | check MODEL | remove MODEL] [OPTIONS]',
  about: 'Models on this machine and of the hub: lists, finds, downloads, checks and removes them.',
  options: {
    folder: {
      type: 'string',
      multiple: true,
      value: 'DIR',
      help: 'list: the models in it, too; several times: several',
    },
    json: { type: 'boolean', help: 'list, search, info: one JSON value' },
  },
  more: () =>
    [
      'MODEL is owner/name, with @revision (default main) and :precision (fp32, fp16, q4, …) behind it if you like.',
      'Models are kept in the cache that the hub’s own tools share (HF_HOME, HF_HUB_CACHE). HF_TOKEN, HF_ENDPOINT and',
      'HF_HUB_OFFLINE are respected; behind a proxy set NODE_USE_ENV_PROXY=1 and HTTPS_PROXY (Node 22.21 or 24.5 and later).',
    ].join('\n'),
  run: async (input) => {
    const [name = 'list', ...words] = input.files;
    const action = Object.hasOwn(actions, name) ? actions[name] : undefined;
    if (!action) throw new UsageError(`models has no "${name}": ${Object.keys(actions).join(', ')}.`);
    try {
      return await action(words, input);
    } catch (error) {
      if (error instanceof UserError && words.length === 0) throw new UsageError(error.message);
      throw error;
    }
  },
};
