// Owns the answers to everything that a page may ask. What arrives is decoded before anything acts on it.
import type { RunHeader } from '../../engine/service/contract';
import type { Client } from '../../engine/wire/contract';
import { connect, serve } from '../../engine/wire/peer';
import type { Port } from '../../engine/wire/port';
import type { DiffData, PageContract, RunListEntry, ViewContract, ViewState } from '../../webview/protocol';
import type { Host } from '../host/host';
import {
  compareSchema,
  decode,
  followSchema,
  groupsSchema,
  intentSchema,
  pairSchema,
  rowsSchema,
  runSchema,
} from '../host/pageSchemas';
import { rootOfRun } from '../host/runLibrary';
import { setting } from '../host/settings';
import { pageTexts } from '../host/webviews';
import { annotator } from './annotate';
import { runTitle } from './runTitle';

/** Serves a page until its port closes; the answer is how the host speaks to the page. */
export function servePage(host: Host, port: Port, state: () => ViewState): Client<PageContract> {
  serve<ViewContract>(port, {
    hello: () => ({ state: state(), labels: labels(), texts: pageTexts() }),
    runs: async () => (await host.runs.list()).map(listEntry),
    open: async (params) => host.reader.ask('open', { dir: await host.runs.dirOf(decode(runSchema, params).run) }),
    rows: async (params) => {
      const { run, ...query } = decode(rowsSchema, params);
      return host.reader.ask('rows', { dir: await host.runs.dirOf(run), ...query });
    },
    groups: async (params) => {
      const { run, by } = decode(groupsSchema, params);
      return host.reader.ask('groups', { dir: await host.runs.dirOf(run), by });
    },
    compare: async (params) => {
      const { first, second } = decode(compareSchema, params);
      const [firstDir, secondDir] = [await host.runs.dirOf(first), await host.runs.dirOf(second)];
      return host.reader.ask('compare', { first: firstDir, second: secondDir });
    },
    follow: async (params, { signal, emit }) => {
      const { run, from } = decode(followSchema, params);
      return host.reader.ask('follow', { dir: await host.runs.dirOf(run), from }, { signal, onEvent: emit });
    },
    diff: async (params) => readDiff(host, decode(pairSchema, params)),
    perform: async (params) => {
      await host.perform(decode(intentSchema, params));
      return null;
    },
  });
  return connect<PageContract>(port);
}

async function readDiff(host: Host, params: ReturnType<typeof decode<typeof pairSchema>>): Promise<DiffData> {
  const { run, ...asked } = params;
  const { example, condition } = asked;
  const dir = await host.runs.dirOf(run);
  const [{ controlProbabilities, editedMessages, ...comparison }, manifest, annotations] = await Promise.all([
    host.reader.ask('comparison', { dir, ...asked }),
    host.reader.ask('manifest', { dir }),
    host.reader.ask('annotations', { root: rootOfRun(dir) }),
  ]);
  const own = manifest.conditions.find(({ id }) => id === condition);
  if (!own) throw new Error(`The run ${run} has no condition ${condition}.`);
  return {
    ...comparison,
    controlProbabilities,
    alias: own.alias,
    traceEdit: own.traceEdit,
    swapped: own.promptEdit.id !== 'none',
    options: manifest.options,
    author: annotator(),
    annotations: annotations.filter(({ target }) => target.example === example),
  };
}

function labels(): readonly { readonly id: string; readonly title: string; readonly key: string }[] {
  return setting('counterthought.labels')
    .slice(0, 9)
    .map((label, index) => ({ id: label, title: label, key: String(index + 1) }));
}

const listEntry = (header: RunHeader): RunListEntry => ({
  run: header.run,
  title: [runTitle(header), ...header.tags.map((tag) => `#${tag}`)].join(' '),
  status: header.status,
});
