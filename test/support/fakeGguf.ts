// A GGUF file that holds nothing, and a llama-server that runs it by handing everything to the fake server. Knows nothing of what is tested.
import fs from 'node:fs';
import path from 'node:path';
import { loadModelText } from '../../engine/text/loadModelText';
import type { ModelText } from '../../engine/text/modelText';
import { fakeDialects } from './fakeDialects';
import { type FakeServer, startFakeServer } from './fakeServer';
import { bundledModel } from './localModel';
import { projectRoot } from './paths';

export const fakeProgram = path.join(projectRoot, 'test/support/fakeLlamaServer.mjs');

export type FakeGguf = {
  readonly file: string;
  readonly server: FakeServer;
  /** While it is kept, no answer comes. */
  readonly silence: { isKept: boolean };
  /** What the program was started with, and its process id, for each start. */
  readonly starts: () => readonly { readonly pid: number; readonly args: readonly string[] }[];
  readonly close: () => Promise<void>;
};

type Asked = { readonly content: string };

/** As llama.cpp tells them: a string, or bytes where a token is a part of a character. The model's vocabulary has single bytes for those. */
function tokensOf(said: unknown, text: ModelText): unknown {
  const { content } = said as Asked;
  const { ids, starts, ends, complete } = text.encode(content);
  let first = 0;
  const tokens = ids.map((id, at) => {
    const last = complete.indexOf(true, at);
    const bytes = Buffer.from(content.slice(starts[first], ends[last]));
    const piece = first === last ? bytes.toString() : [...bytes.subarray(at - first, at - first + 1)];
    if (complete[at]) first = at + 1;
    return { id, piece };
  });
  return { tokens };
}

/** Sets the variables by which the program finds its target, until it is closed. */
export async function startFakeGguf(folder: string): Promise<FakeGguf> {
  const wire = fakeDialects['llama.cpp']!;
  const props = {
    build_info: 'b1-fake',
    eos_token: '<|im_end|>',
    default_generation_settings: { n_ctx: 4096 },
    chat_template: JSON.parse(fs.readFileSync(path.join(bundledModel, 'tokenizer_config.json'), 'utf8')).chat_template,
    model_path: path.join(folder, 'Tiny-Model-Q4_K_M.gguf'),
  };
  const silence = { isKept: false };
  const facts = { ...wire.facts, '/props': props, '/tokenize': tokensOf };
  const server = await startFakeServer({
    text: await loadModelText(bundledModel),
    wire: { ...wire, facts },
    fault: () => silence.isKept,
  });
  const record = path.join(folder, 'starts.jsonl');
  fs.writeFileSync(record, '');
  fs.writeFileSync(props.model_path, 'GGUF');
  Object.assign(process.env, { FAKE_TARGET: server.url, FAKE_RECORD: record });
  return {
    file: props.model_path,
    server,
    silence,
    starts: () =>
      fs
        .readFileSync(record, 'utf8')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line)),
    close: async () => {
      for (const name of ['FAKE_TARGET', 'FAKE_RECORD', 'FAKE_TROUBLE', 'FAKE_LOAD_MS']) delete process.env[name];
      await server.close();
    },
  };
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** @throws Error when it is still there after some seconds */
export async function untilGone(pid: number): Promise<void> {
  for (let tries = 0; isAlive(pid); tries += 1) {
    if (tries === 200) throw new Error(`process ${pid} is still there`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
