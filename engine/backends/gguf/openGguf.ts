// Owns running a GGUF file: a llama.cpp server that is started for it and ends with it, and the completions backend on that server.
import fs from 'node:fs';
import path from 'node:path';
import { UserError } from '../../domain/failure';
import type { Job, LeafEvent } from '../../domain/job';
import type { ServerSpec } from '../../domain/run';
import { hashFiles } from '../../lm/modelFolder';
import type { Backend } from '../backend';
import { modelNames } from '../completions/findServer';
import { findServers, type OpenedServer, openServed } from '../completions/openServed';
import type { OpenOptions } from '../index';
import { nameOfGguf, startsAsGguf } from './ggufFile';
import { findLlamaServer, type LlamaServer, startLlamaServer } from './llamaServer';

/** @throws UserError that names the file or the program, and the way out. */
export async function openGguf(model: string, options: OpenOptions = {}): Promise<OpenedServer> {
  const file = path.resolve(model);
  if (!fs.existsSync(file)) throw new UserError(`There is no file ${file}.`);
  if (!startsAsGguf(file)) throw new UserError(`${file} is damaged or no GGUF file. Download it again.`);
  const program = findLlamaServer(options.llamaServer);
  if (program === null) throw missingProgram(options.llamaServer);
  const { onLog, signal } = options;
  const [server, sha256] = await Promise.all([
    startLlamaServer({ program, file, ...(onLog ? { onLog } : {}), ...(signal ? { signal } : {}) }),
    hashFiles([file]),
  ]);
  try {
    return await openOn(server, { file, sha256 });
  } catch (error) {
    await server.stop();
    throw error;
  }
}

export const howToGetProgram =
  'Get it with `brew install llama.cpp` or `winget install llama.cpp`, or from the releases of ggml-org/llama.cpp on GitHub';

function missingProgram(named: string | undefined): UserError {
  const where = named ? `${path.resolve(named)} is no program` : 'llama-server is not on PATH';
  return new UserError(
    `A GGUF file is run by llama.cpp's server, and ${where}. ${howToGetProgram}, or name it: --llama-server PATH, in the editor the setting counterthought.llamaServer.`,
  );
}

/** The name by which the key of our own server goes; it is of no spec. */
const keyEnv = 'COUNTERTHOUGHT_LLAMA_KEY';

async function openOn(
  server: LlamaServer,
  { file, sha256 }: { readonly file: string; readonly sha256: string },
): Promise<OpenedServer> {
  const spec: ServerSpec = {
    endpoints: [server.url],
    tokenizer: 'server',
    dialect: 'llama.cpp',
    keyEnv,
    maxInFlight: 1,
  };
  const options = { secretOf: () => server.key, signal: server.ended };
  const [found] = await findServers(spec, options);
  const served = (found && modelNames(found)[0]) ?? path.basename(file);
  const opened = await openServed(served, spec, options);
  const { name, stored } = nameOfGguf(file);
  const record = { ...opened.backend.model, id: name, folder: file, sha256, precision: stored ?? 'as in the file' };
  return { ...opened, backend: owning(server, { ...opened.backend, model: record }) };
}

/** The backend whose server ends with it, and whose jobs end with the server, at once and with its last words. */
function owning(server: LlamaServer, backend: Backend): Backend {
  async function* run(job: Job, signal: AbortSignal): AsyncGenerator<LeafEvent> {
    try {
      yield* backend.run(job, AbortSignal.any([signal, server.ended]));
    } catch (error) {
      if (signal.aborted || !server.ended.aborted) throw error;
      throw new UserError(
        `The llama.cpp server of ${backend.model.id} has ended: ${server.lastWords() || 'it said nothing'}. Resume the run to go on.`,
      );
    }
  }
  return {
    ...backend,
    run,
    ended: server.ended,
    dispose: async () => {
      await backend.dispose();
      await server.stop();
    },
  };
}
