// Owns finding out by trying what a server really does: unknown fields are ignored without a word by real servers, so that a status proves
// nothing. About a dozen tiny requests, once an endpoint; what came of them is recorded. Must not know jobs.

import { UserError } from '../../domain/failure';
import { greedy } from '../../domain/run';
import type { ModelText } from '../../text/modelText';
import type { CompletionRequest, Prompt } from './dialect';
import type { Answer, Endpoint } from './endpoint';
import type { ScoringAbility } from './forcedReadout';
import { idPrompt, plainRequest, type Served, type Settle } from './requests';
import { ServerError } from './serverError';

export type Probed = ScoringAbility & {
  /** The prompt arrived as it was sent, as far as the server's own count tells. */
  readonly promptTokens: 'as sent' | 'not told';
  /** It puts BOS in front of texts itself. */
  readonly addsFirst: boolean;
  readonly tokenIds: boolean;
  /** The same seed gave the same text, another seed another. */
  readonly seeds: boolean;
  /** Samples that one request may ask for. */
  readonly samples: number;
  readonly greedyRepeats: boolean;
  readonly refusesWrongModel: boolean;
  /** For chat: the reply repeats the beginning of the turn, which is taken off. */
  readonly repeatsPrefix: boolean;
};

export type ProbeContext = {
  readonly endpoint: Endpoint;
  readonly model: string;
  readonly text: ModelText;
  readonly settle: Settle;
  readonly signal: AbortSignal;
};

/** @throws UserError when the server reads another prompt than was sent, or does not continue a turn. */
export async function probe(context: ProbeContext): Promise<Probed> {
  const prober = new Prober(context);
  const basic = await prober.basic();
  const topLogProbs = await prober.topLogProbs();
  return { ...basic, topLogProbs, ...(await prober.scoring(topLogProbs)), ...(await prober.drawing()) };
}

const question = 'Write one short sentence about the sea.';
const mostTop = 20;
const mostSamples = 8;
const seeded = { ...greedy, temperature: 1.5 };

class Prober {
  private served: Served;

  constructor(private readonly context: ProbeContext) {
    this.served = { ...context, addsFirst: false };
  }

  private get isChat(): boolean {
    return this.context.endpoint.settings.dialect.prompts === 'chat';
  }

  private async prompt(prefix = ''): Promise<Prompt> {
    const { text, settle } = this.context;
    const messages = [{ role: 'user', content: question }];
    const { ids } = await settle(() => text.encode(text.render(messages) + prefix));
    return { ...idPrompt(ids, this.served), chat: this.isChat ? { messages, prefix } : null };
  }

  private async ask(request: Partial<CompletionRequest>): Promise<Answer> {
    const { endpoint, text, signal } = this.context;
    const prompt = request.prompt ?? (await this.prompt());
    const whole = { ...plainRequest, model: this.served.model, endIds: text.endIds, prompt, ...request };
    return endpoint.send(whole, { signal });
  }

  /** `null` where the server refuses, or breaks: a request that it cannot serve shows in both ways. */
  private async tryTo(request: Partial<CompletionRequest>): Promise<Answer | null> {
    try {
      return await this.ask(request);
    } catch (error) {
      const isAnswer = error instanceof ServerError && (error.trouble === 'refused' || error.trouble === 'broken');
      if (isAnswer) return null;
      throw error;
    }
  }

  async basic(): Promise<
    Pick<Probed, 'promptTokens' | 'addsFirst' | 'tokenIds' | 'greedyRepeats' | 'refusesWrongModel' | 'repeatsPrefix'>
  > {
    const repeatsPrefix = this.isChat ? await this.continuesTurn() : false;
    const promptTokens = this.isChat ? 'not told' : await this.checkPrompt();
    const first = await this.ask({ maxTokens: 8 });
    const again = await this.ask({ maxTokens: 8 });
    const [one, two] = [first.choices[0], again.choices[0]];
    const told = one?.ids ?? null;
    const wrong = await this.tryTo({ model: `${this.served.model}-that-is-not-served` });
    return {
      promptTokens,
      addsFirst: this.served.addsFirst,
      tokenIds: told !== null && told.length > 0,
      greedyRepeats: one?.text === two?.text,
      refusesWrongModel: wrong === null,
      repeatsPrefix,
    };
  }

  /** Compares the server's count of prompt tokens with ours. */
  private async checkPrompt(): Promise<Probed['promptTokens']> {
    const { dialect, url } = this.context.endpoint.settings;
    const sent = (await this.prompt()).ids.length;
    const counted = (await this.ask({})).usage?.promptTokens ?? null;
    if (counted === null) return 'not told';
    if (counted === sent + 1 && dialect.prompts === 'text') {
      this.served = { ...this.served, addsFirst: true };
      if ((await this.ask({})).usage?.promptTokens === sent) return 'as sent';
    } else if (counted === sent) return 'as sent';
    throw new UserError(
      `${url} read ${counted} tokens where ${sent} were sent: its tokenizer or template handling is another one. Give the tokenizer of the served model with --tokenizer DIR.`,
    );
  }

  /** @returns whether the reply repeats the prefix. @throws UserError when a new turn is begun, or reasoning is taken out of the prefix. */
  private async continuesTurn(): Promise<boolean> {
    const { url } = this.context.endpoint;
    const counting = '1, 2, 3, 4, 5, 6,';
    const { choices } = await this.ask({ prompt: await this.prompt(counting), maxTokens: 12 });
    const said = choices[0]?.text ?? '';
    const repeats = said.startsWith(counting);
    const continued = (repeats ? said.slice(counting.length) : said).trimStart();
    if (!continued.startsWith('7')) {
      throw new UserError(
        `${url} began a new turn instead of going on with the one that was sent (it wrote "${said.slice(0, 40)}"), so a recorded reasoning cannot be continued there. Use a server that takes raw prompts.`,
      );
    }
    await this.keepsReasoning(counting);
    return repeats;
  }

  /** Some templates take reasoning out of messages: then the prompt is no longer for it. */
  private async keepsReasoning(counting: string): Promise<void> {
    const { text, endpoint } = this.context;
    const { open, close } = text.reasoningTags;
    const reasoning = `${open}${'The sea is wide and deep. '.repeat(8)}${close}`;
    const countOf = async (prefix: string): Promise<number | null> =>
      (await this.ask({ prompt: await this.prompt(prefix) })).usage?.promptTokens ?? null;
    const [without, with_] = [await countOf(counting), await countOf(reasoning + counting)];
    if (without === null || with_ === null) return;
    const expected = (await this.context.settle(() => text.encode(reasoning))).ids.length;
    if (with_ - without < expected * 0.8) {
      throw new UserError(
        `${endpoint.url} takes the reasoning out of the turn that it is to continue. Use a server that takes raw prompts.`,
      );
    }
  }

  async topLogProbs(): Promise<number> {
    for (const wanted of [mostTop, 5, 1]) {
      const answer = await this.tryTo({ topLogProbs: wanted });
      const told = answer?.choices[0]?.tokens[0]?.top.length ?? 0;
      if (told > 0) return Math.min(told, wanted);
    }
    return 0;
  }

  async scoring(topLogProbs: number): Promise<Pick<Probed, 'wantedIds' | 'forcedToken' | 'choices'>> {
    const { text, settle } = this.context;
    const id = (await settle(() => text.encode(' xylophone'))).ids[0] ?? 0;
    const wanted = topLogProbs > 0 ? await this.tryTo({ topLogProbs: 1, wantedIds: [id] }) : null;
    const told = wanted?.choices[0]?.tokens[0]?.top.find((one) => one.id === id)?.logProb;
    const forced = topLogProbs > 0 ? await this.tryTo({ topLogProbs: 1, only: { kind: 'token', id } }) : null;
    const token = forced?.choices[0]?.tokens[0];
    const texts = ['alpha', 'omega'];
    const chosen = await this.tryTo({ maxTokens: 6, only: { kind: 'texts', texts } });
    return {
      wantedIds: told !== undefined && Number.isFinite(told),
      forcedToken: token?.id === id && isUnlikely(token.logProb),
      choices: texts.includes(chosen?.choices[0]?.text.trim() ?? ''),
    };
  }

  async drawing(): Promise<Pick<Probed, 'seeds' | 'samples'>> {
    const draw = async (seed: number): Promise<string> =>
      (await this.ask({ maxTokens: 12, sampling: seeded, seed })).choices[0]?.text ?? '';
    const [one, same, other] = [await draw(11), await draw(11), await draw(12)];
    return { seeds: one === same && one !== other, samples: await this.samples() };
  }

  /** Servers that begin every sample of a request with the same seed send one sample many times: there each gets its own request. */
  private async samples(): Promise<number> {
    for (const n of [mostSamples, 4, 2]) {
      // Sentences may begin alike: then more of them is looked at.
      for (const maxTokens of [1, 12]) {
        const answer = await this.tryTo({ n, maxTokens, sampling: seeded, seed: 13 });
        if (answer === null) break;
        if (new Set(answer.choices.map(({ text }) => text)).size > 1) return n;
      }
    }
    return 1;
  }
}

/** The word was chosen so that no model begins its sentence with it: a probability near 1 is one after all others were forbidden. */
const isUnlikely = (logProb: number): boolean => Number.isFinite(logProb) && logProb < Math.log(0.5);
