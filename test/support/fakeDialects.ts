// How each kind of server would say what the fake model writes: replies in the shapes of its documentation. Knows nothing of how they are read.
import type { ModelText } from '../../engine/text/modelText';
import type { CompletionBody, FakeChoice, FakeEvent, FakeUsage, FakeWire } from './fakeServer';

type Said = Readonly<Record<string, unknown>>;
const said = (value: unknown): Said => (value ?? {}) as Said;

const events = (values: readonly unknown[]): string =>
  [...values.map((value) => JSON.stringify(value)), '[DONE]'].map((data) => `data: ${data}\n\n`).join('');

const idOf = (name: string): number => Number(name.replace('token_id:', ''));

const usageOf = (all: readonly FakeEvent[]): FakeUsage =>
  all.find(({ usage }) => usage)?.usage ?? {
    prompt_tokens: 0,
    completion_tokens: 0,
    prompt_tokens_details: { cached_tokens: 0 },
  };

/** The tokens of one choice, with what stood beside each. */
function tokensOf(all: readonly FakeEvent[], index: number): readonly FakeChoice[] {
  return all.flatMap(({ choices }) => choices).filter((choice) => choice.index === index);
}

const topOf = ({ logprobs }: FakeChoice): readonly (readonly [id: number, logProb: number])[] =>
  Object.entries(logprobs?.top_logprobs[0] ?? {}).map(([name, logProb]) => [idOf(name), logProb]);

const ownOf = ({ logprobs, token_ids: ids }: FakeChoice): readonly [id: number, logProb: number] => [
  ids[0] ?? 0,
  logprobs?.token_logprobs[0] ?? 0,
];

/** Only so many of the most likely: servers that take no wishes. */
const ranked = (choice: FakeChoice, most: number) => [...topOf(choice)].sort(([, a], [, b]) => b - a).slice(0, most);

const models = (owner: string): Said => ({ data: [{ id: 'fake', owned_by: owner, max_model_len: 4096 }] });

const textsOf = (pattern: unknown): Pick<CompletionBody, 'structured_outputs'> =>
  typeof pattern === 'string' ? { structured_outputs: { choice: pattern.split('|') } } : {};

const llamaCpp: FakeWire = {
  facts: {
    '/v1/models': models('llamacpp'),
    '/props': { build_info: 'b1-fake', total_slots: 4, default_generation_settings: { n_ctx: 4096 } },
  },
  path: '/completion',
  bodyOf: (value) => {
    const {
      prompt,
      n_predict,
      n_cmpl,
      temperature,
      seed,
      n_probs,
      logit_bias: bias,
      grammar,
      id_slot: slot,
    } = said(value);
    const choice = typeof grammar === 'string' ? [...grammar.matchAll(/"([^"]*)"/g)].map(([, one]) => one ?? '') : null;
    return {
      model: 'fake',
      prompt: prompt as number[],
      max_tokens: Number(n_predict),
      n: Number(n_cmpl),
      temperature: Number(temperature),
      ...(seed === undefined ? {} : { seed: Number(seed) }),
      ...(Number(n_probs) > 0 ? { logprobs: Number(n_probs) } : {}),
      ...(Array.isArray(bias) ? { allowed_token_ids: bias.map(([id]) => Number(id)) } : {}),
      ...(choice ? { structured_outputs: { choice } } : {}),
      ...(slot === undefined ? {} : { slot: Number(slot) }),
    };
  },
  reply: (all, { n = 1, logprobs = 0 }, text) => {
    const usage = usageOf(all);
    const lines: unknown[] = [];
    for (let index = 0; index < n; index += 1) {
      const written = tokensOf(all, index);
      for (const one of written) {
        const listed = ([id, logprob]: readonly [number, number]) => ({ id, token: text.decode([id]), logprob });
        const top_logprobs = ranked(one, logprobs).map(listed);
        const completion_probabilities = logprobs > 0 ? [{ ...listed(ownOf(one)), top_logprobs }] : undefined;
        lines.push({ index, content: one.text, tokens: one.token_ids, stop: false, completion_probabilities });
      }
      const isLimit = written.at(-1)?.finish_reason === 'length';
      lines.push({
        index,
        content: '',
        tokens: [],
        stop: true,
        stop_type: isLimit ? 'limit' : 'eos',
        tokens_evaluated: usage.prompt_tokens,
        tokens_predicted: written.length,
        timings: { cache_n: usage.prompt_tokens_details.cached_tokens },
      });
    }
    return events(lines);
  },
};

const sglang: FakeWire = {
  facts: { '/v1/models': models('sglang'), '/get_server_info': { version: '0-fake', context_length: 4096 } },
  path: '/generate',
  bodyOf: (value) => {
    const { input_ids, sampling_params, top_logprobs_num: top, token_ids_logprob: wanted } = said(value);
    const { max_new_tokens, n, temperature, sampling_seed: seed, regex } = said(sampling_params);
    return {
      model: 'fake',
      prompt: input_ids as number[],
      max_tokens: Number(max_new_tokens),
      n: Number(n),
      temperature: Number(temperature),
      ...(seed === undefined ? {} : { seed: Number(seed) }),
      ...(top === undefined ? {} : { logprobs: Number(top) }),
      ...(Array.isArray(wanted) ? { logprob_token_ids: wanted } : {}),
      ...textsOf(regex),
    };
  },
  reply: (all, { n = 1 }, text) => {
    const usage = usageOf(all);
    const lines: unknown[] = [];
    for (let index = 0; index < n; index += 1) {
      const written = tokensOf(all, index);
      const entry = ([id, logProb]: readonly [number, number]) => [logProb, id, text.decode([id])];
      written.forEach((one, at) => {
        const upTo = written.slice(0, at + 1);
        const meta_info = {
          finish_reason: one.finish_reason === null ? null : { type: one.finish_reason },
          prompt_tokens: usage.prompt_tokens,
          completion_tokens: upTo.length,
          cached_tokens: usage.prompt_tokens_details.cached_tokens,
          output_token_logprobs: one.logprobs ? upTo.map((each) => entry(ownOf(each))) : undefined,
          output_top_logprobs: one.logprobs ? upTo.map((each) => topOf(each).map(entry)) : undefined,
        };
        const output_ids = upTo.flatMap((each) => each.token_ids);
        lines.push({ index, text: upTo.map((each) => each.text).join(''), output_ids, meta_info });
      });
    }
    return events(lines);
  },
};

const tgi: FakeWire = {
  facts: { '/info': { model_id: 'fake', max_total_tokens: 4096, version: '0-fake' } },
  path: '/generate_stream',
  bodyOf: (value, text) => {
    const { inputs, parameters } = said(value);
    const { max_new_tokens, temperature = 0, seed, top_n_tokens: top, grammar } = said(parameters);
    return {
      model: 'fake',
      prompt: text.encode(String(inputs)).ids,
      max_tokens: Number(max_new_tokens),
      temperature: Number(temperature),
      ...(seed === undefined ? {} : { seed: Number(seed) }),
      ...(top === null ? {} : { logprobs: Number(top) }),
      ...textsOf(said(grammar).value),
    };
  },
  reply: (all, { logprobs = 0 }, text) => {
    const usage = usageOf(all);
    const written = tokensOf(all, 0);
    const listed = ([id, logprob]: readonly [number, number]) => ({ id, text: text.decode([id]), logprob });
    const lines: unknown[] = written.map((one, at) => {
      const isCut = one.finish_reason === 'length';
      const details = { finish_reason: 'length', generated_tokens: at + 1, input_length: usage.prompt_tokens };
      return {
        index: at + 1,
        token: listed(ownOf(one)),
        top_tokens: ranked(one, logprobs).map(listed),
        details: isCut ? details : null,
      };
    });
    if (written.at(-1)?.finish_reason !== 'length') {
      const token = { id: text.endIds[0] ?? 0, text: '<end>', logprob: 0, special: true };
      const details = {
        finish_reason: 'eos_token',
        generated_tokens: written.length + 1,
        input_length: usage.prompt_tokens,
      };
      lines.push({ index: written.length + 1, token, details });
    }
    return lines.map((line) => `data:${JSON.stringify(line)}\n\n`).join('');
  },
};

const ollama: FakeWire = {
  facts: { '/api/version': { version: '0-fake' } },
  path: '/api/generate',
  bodyOf: (value, text) => {
    const { prompt, options, top_logprobs: top } = said(value);
    const { num_predict, temperature, seed } = said(options);
    return {
      model: 'fake',
      prompt: text.encode(String(prompt)).ids,
      max_tokens: Number(num_predict),
      temperature: Number(temperature),
      ...(seed === undefined ? {} : { seed: Number(seed) }),
      ...(top === undefined ? {} : { logprobs: Number(top) }),
    };
  },
  reply: (all, { logprobs = 0 }, text) => {
    const usage = usageOf(all);
    const written = tokensOf(all, 0);
    const listed = ([id, logprob]: readonly [number, number]) => ({ token: text.decode([id]), logprob });
    const lines: unknown[] = written.map((one) => {
      const top_logprobs = ranked(one, logprobs).map(listed);
      return {
        response: one.text,
        done: false,
        ...(logprobs > 0 ? { logprobs: [{ ...listed(ownOf(one)), top_logprobs }] } : {}),
      };
    });
    const done_reason = written.at(-1)?.finish_reason;
    lines.push({
      response: '',
      done: true,
      done_reason,
      prompt_eval_count: usage.prompt_tokens,
      eval_count: written.length,
    });
    return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
  },
};

function openAiBody(value: unknown, prompt: readonly number[]): CompletionBody {
  const { max_tokens, n, temperature, seed, logprobs, top_logprobs: top } = said(value);
  const told = typeof logprobs === 'number' ? logprobs : top;
  return {
    model: 'fake',
    prompt,
    max_tokens: Number(max_tokens),
    n: Number(n ?? 1),
    temperature: Number(temperature),
    ...(seed === undefined ? {} : { seed: Number(seed) }),
    ...(told === undefined ? {} : { logprobs: Number(told) }),
  };
}

const generic: FakeWire = {
  facts: { '/v1/models': models('somebody') },
  path: '/v1/completions',
  bodyOf: (value, text) => openAiBody(value, text.encode(String(said(value).prompt)).ids),
  reply: (all, { logprobs = 0 }, text) =>
    events(
      all.map(({ choices, ...rest }) => ({
        ...rest,
        choices: choices.map((one) => {
          const { token_ids: ids, logprobs: _, ...choice } = one;
          const named = Object.fromEntries(ranked(one, logprobs).map(([id, logProb]) => [text.decode([id]), logProb]));
          const told = { tokens: [text.decode(ids)], token_logprobs: [ownOf(one)[1]], top_logprobs: [named] };
          return { ...choice, logprobs: logprobs > 0 ? told : null };
        }),
      })),
    ),
};

const chat: FakeWire = {
  facts: { '/v1/models': models('somebody') },
  path: '/v1/chat/completions',
  bodyOf: (value, text) => {
    const messages = said(value).messages as readonly { readonly role: string; readonly content: string }[];
    const last = messages.at(-1);
    const prefix = last?.role === 'assistant' ? last.content : '';
    const asked = prefix === '' ? messages : messages.slice(0, -1);
    return openAiBody(value, text.encode(text.render(asked) + prefix).ids);
  },
  reply: (all, { logprobs = 0 }, text) =>
    events(
      all.map(({ choices, ...rest }) => ({
        ...rest,
        choices: choices.map((one) => {
          const listed = ([id, logprob]: readonly [number, number]) => ({ token: text.decode([id]), logprob });
          const content = [{ ...listed(ownOf(one)), top_logprobs: ranked(one, logprobs).map(listed) }];
          const { index, finish_reason } = one;
          return { index, finish_reason, delta: { content: one.text }, logprobs: logprobs > 0 ? { content } : null };
        }),
      })),
    ),
};

/** By dialect; `null`: what the fake server speaks by itself. */
export const fakeDialects: Readonly<Record<string, FakeWire | null>> = {
  vllm: null,
  'llama.cpp': llamaCpp,
  sglang,
  tgi,
  ollama,
  generic,
  chat,
};

/** Ids of texts, for whoever compares. */
export const idsOfTexts = (text: ModelText, texts: readonly string[]): readonly (readonly number[])[] =>
  texts.map((one) => text.encode(one).ids);
