// Owns what a server dialect is: one request and one streamed reply in our words, and how a server of that kind is recognized.
// A dialect claims nothing that matters: what a server really does is found by trying (`probe`). Must not know jobs.
import type { Message } from '../../domain/example';
import type { SamplingSpec } from '../../domain/run';
import type { Framing } from './streamEvents';

/** The same prompt in the forms that servers take. */
export type Prompt = {
  readonly ids: readonly number[];
  /** Decoded when it is needed. */
  readonly text: () => string;
  /** The conversation and the beginning of the turn; for servers that take nothing else. */
  readonly chat: { readonly messages: readonly Message[]; readonly prefix: string } | null;
};

/** A regular expression that fits these texts and nothing else. */
export const anyOf = (texts: readonly string[]): string =>
  texts.map((text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|');

/** What may be written: one token and no other, or one of these texts. */
export type Constraint =
  | { readonly kind: 'token'; readonly id: number }
  | { readonly kind: 'texts'; readonly texts: readonly string[] };

export type CompletionRequest = {
  readonly model: string;
  readonly prompt: Prompt;
  readonly maxTokens: number;
  readonly sampling: SamplingSpec;
  /** `null` where nothing is drawn. */
  readonly seed: number | null;
  readonly n: number;
  readonly stop: readonly string[];
  /** Ids that end a turn. */
  readonly endIds: readonly number[];
  /** Most likely tokens to tell with their log-probabilities; 0: none. */
  readonly topLogProbs: number;
  /** Ids whose log-probabilities at the first position are wanted, likely or not. */
  readonly wantedIds: readonly number[];
  readonly only: Constraint | null;
  /** For servers that keep what they have read once a slot; `null`: any. */
  readonly slot: number | null;
};

/** Natural logarithms, over the whole vocabulary, before any filter. `id` is `null` where the server tells texts alone. */
export type TokenLogProb = { readonly id: number | null; readonly text: string; readonly logProb: number };

export type WrittenToken = TokenLogProb & { readonly top: readonly TokenLogProb[] };

/** `stopText`: the stop string that ended it and was taken off the text. */
export type Finish = {
  readonly reason: 'stop' | 'length' | 'other';
  readonly word: string;
  readonly stopText: string | null;
};

export type Usage = {
  readonly promptTokens: number;
  /** `null`: not told. */
  readonly cachedTokens: number | null;
  readonly completionTokens: number;
};

export type Delta =
  | {
      readonly kind: 'piece';
      readonly choice: number;
      readonly text: string;
      /** Ids of this piece; `null` where the server tells none. */
      readonly ids: readonly number[] | null;
      readonly tokens: readonly WrittenToken[];
      /** The server repeats all text so far in each event. */
      readonly isWhole?: boolean;
      readonly finish: Finish | null;
    }
  | { readonly kind: 'usage'; readonly usage: Usage }
  | { readonly kind: 'fault'; readonly message: string };

/** What a server answered to plain questions; `null`: nothing. */
export type ServerFacts = Readonly<Record<FactName, unknown>>;

/** Asked with GET, relative to the server's root; `models` relative to the base address. */
export const factPaths = {
  models: 'models',
  version: '/version',
  props: '/props',
  modelInfo: '/get_model_info',
  serverInfo: '/get_server_info',
  info: '/info',
  ollamaVersion: '/api/version',
} as const;

export type FactName = keyof typeof factPaths;

export type Dialect = {
  readonly id: string;
  readonly title: string;
  readonly framing: Framing;
  /** What a prompt is sent as. */
  readonly prompts: 'ids' | 'text' | 'chat';
  /** Whether a server that said this is of this kind. */
  readonly recognizes: (facts: ServerFacts) => boolean;
  /** Engine and version in the server's own words. */
  readonly engine: (facts: ServerFacts) => string;
  /** Longest sequence in tokens; `null`: not told. */
  readonly contextTokens: (facts: ServerFacts, model: string) => number | null;
  /** Left out: what one request has read is found by all. Else how many slots there are, each with a cache of its own; `null`: not told. */
  readonly slots?: (facts: ServerFacts) => number | null;
  /** Relative to the root where it begins with `/`, else to the base address. */
  readonly path: string;
  readonly body: (request: CompletionRequest) => Readonly<Record<string, unknown>>;
  readonly read: (event: unknown) => readonly Delta[];
  /** The server's own tokenizer, where it can be asked. */
  readonly tokenizer?: ServerTokenizer;
};

export type TokenizedText = { readonly ids: readonly number[]; readonly pieces: readonly Uint8Array[] };

/** Requests to the server's own tokenizer and template, and how their replies are read. */
export type ServerTokenizer = {
  readonly tokenize: {
    readonly path: string;
    readonly body: (text: string, model: string) => unknown;
    /** Ids and the exact bytes of each. */
    readonly read: (reply: unknown, text: string) => TokenizedText;
  };
  /** The template's source, if the server tells it. */
  readonly template: (facts: ServerFacts) => string | null;
  /** Renders messages with the generation prompt, for servers that do not tell their template. */
  readonly render?: (ask: AskServer, messages: readonly Message[], model: string) => Promise<string>;
};

/** Posts a body to a path and gives back the JSON of the reply. */
export type AskServer = (path: string, body: unknown) => Promise<unknown>;
