// Owns `counterthought server`: what a server is, what it serves, and what it does when it is tried.
import { isServerAddress, parseEndpoint, trialOf } from '../service/servers';
import { type Command, note, print, printJson, text, UsageError } from './command';
import { reachOptions, serverSpecOf } from './serverOptions';

export const server: Command = {
  name: 'server',
  usage: 'server URL [OPTIONS]',
  about: 'Tries a server with a dozen tiny requests and says what it can do.',
  options: {
    'served-model': { type: 'string', value: 'NAME', help: 'its name there (default: the only one that is served)' },
    ...reachOptions,
    json: { type: 'boolean', help: 'one JSON object' },
  },
  run: async ({ files, values, signal }) => {
    const [address] = files;
    if (address === undefined || files.length > 1 || !isServerAddress(address)) {
      throw new UsageError('server takes one address, for example http://localhost:8000/v1.');
    }
    const { url, model } = parseEndpoint(address);
    const trial = await trialOf(serverSpecOf(values, [url]), text(values, 'served-model') ?? model, { signal });
    if (values.json === true) {
      printJson(trial);
      return 0;
    }
    const { server: record } = trial.model;
    for (const { engine, root, probed } of record?.endpoints ?? []) {
      print(`${url}: ${engine}, spoken to as ${record?.dialect}`);
      print(`  model         ${trial.model.id} (${root})`);
      print(`  context       ${trial.contextTokens === null ? 'not told' : `${trial.contextTokens} tokens`}`);
      for (const [name, found] of Object.entries(probed)) print(`  ${words[name] ?? name}  ${shown(found)}`);
    }
    if (!trial.forced) note('It can neither score options nor choose among them: use conditions with /continued.');
    return 0;
  },
};

/** What was tried, in words of equal width. */
const words: Readonly<Record<string, string>> = {
  promptTokens: 'prompt      ',
  addsFirst: 'adds BOS    ',
  tokenIds: 'tells ids   ',
  topLogProbs: 'top tokens  ',
  wantedIds: 'scores any  ',
  forcedToken: 'forces one  ',
  choices: 'choices     ',
  seeds: 'seeds       ',
  samples: 'samples     ',
  greedyRepeats: 'greedy same ',
  refusesWrongModel: 'checks name ',
  repeatsPrefix: 'repeats     ',
};

const shown = (value: string | number | boolean): string =>
  typeof value === 'boolean' ? (value ? 'yes' : 'no') : String(value);
