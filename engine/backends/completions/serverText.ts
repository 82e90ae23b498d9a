// Owns the text side of a model whose tokenizer lies with its server. Planning is done without waiting, so what is not known yet is
// asked for and the planning done again: `settle`. Must not know plans.
import { createHash } from 'node:crypto';
import type { Message } from '../../domain/example';
import { UserError } from '../../domain/failure';
import { followPieces, unitsOf } from '../../text/alignment';
import { chatTemplate } from '../../text/chatTemplate';
import type { Encoding, ModelText } from '../../text/modelText';
import { guessReasoningTags } from '../../text/reasoningTags';
import { utf8 } from '../../text/tokenPieces';
import { askPatiently } from './askPatiently';
import type { AskServer, ServerFacts, ServerTokenizer, TokenizedText } from './dialect';
import type { Endpoint } from './endpoint';
import type { Patience } from './endpointPool';
import { fieldsOf, textOf } from './replyFields';

export type ServerText = {
  readonly text: ModelText;
  /** Does the work, again and again until the server was asked for everything that it needs. */
  readonly settle: <T>(work: () => T | Promise<T>) => Promise<T>;
};

/** Thrown by the text side for what the server must be asked first; never seen outside `settle`. */
class NotAskedYet extends Error {
  override readonly name = 'NotAskedYet';
  constructor(readonly ask: () => Promise<void>) {
    super('the server was not asked yet');
  }
}

/** Texts whose ids are kept: closings and options recur in every example. */
const mostKept = 4_000;

type Asked = {
  readonly endpoint: Endpoint;
  readonly model: string;
  readonly signal: AbortSignal;
  readonly patience: Patience;
};

/** @throws UserError when the server tells neither ids nor a template. */
export async function serverText(asked: Asked, tokenizer: ServerTokenizer, facts: ServerFacts): Promise<ServerText> {
  const source = new TokenSource(asked, tokenizer);
  const template = tokenizer.template(facts);
  const special = specialTokens(facts);
  const renderTemplate = template === null ? null : chatTemplate(template, special);
  const render = (messages: readonly Message[]): string =>
    renderTemplate
      ? renderTemplate(
          messages.map(({ role, content }) => ({ role, content })),
          true,
        )
      : source.render(messages);
  const question = [{ role: 'user', content: 'QUESTION' }];
  const reasoningTags = await source.settle(() =>
    guessReasoningTags({
      template: template ?? '',
      hasToken: (token) => source.encode(token).ids.length === 1,
      prompt: render(question),
      turnWith: (reasoning, content) => {
        const turn = { role: 'assistant', content, reasoning_content: reasoning, reasoning, thinking: reasoning };
        return renderTemplate?.([{ role: 'user', content: 'QUESTION' }, turn], false) ?? null;
      },
    }),
  );
  const text: ModelText = {
    tokenizerSha256: 'served',
    templateSha256: template === null ? 'served' : createHash('sha256').update(template).digest('hex'),
    vocabSize: 0,
    endIds: await source.settle(() => oneToken(source.encode(special.eos_token ?? ''))),
    reasoningTags,
    encode: (whole) => source.encode(whole),
    // The server knows no way to encode a text as it follows another, so the seam is found in the whole: exact for byte-level vocabularies.
    encodeAfter: (_before, after) => source.encode(after),
    decode: (ids) => source.decode(ids),
    stream: () => {
      throw new Error('A served model writes its own text.');
    },
    render,
  };
  return { text, settle: source.settle };
}

/** Stands for a token whose bytes are not known. */
const neverMet = utf8('\ufffd');

class TokenSource {
  private readonly encodings = new Map<string, Encoding>();
  private readonly rendered = new Map<string, string>();
  /** Bytes of ids that were seen. */
  private readonly pieces = new Map<number, Uint8Array>();

  constructor(
    private readonly asked: Asked,
    private readonly tokenizer: ServerTokenizer,
  ) {}

  readonly settle = async <T>(work: () => T | Promise<T>): Promise<T> => {
    for (;;) {
      try {
        return await work();
      } catch (error) {
        if (!(error instanceof NotAskedYet)) throw error;
        await error.ask();
      }
    }
  };

  encode(text: string): Encoding {
    if (text === '') return { ids: [], starts: [], ends: [], complete: [] };
    const known = this.encodings.get(text);
    if (known) return known;
    throw new NotAskedYet(() => this.learn(text));
  }

  decode(ids: readonly number[]): string {
    return Buffer.concat(ids.map((id) => this.pieces.get(id) ?? neverMet)).toString('utf8');
  }

  render(messages: readonly Message[]): string {
    const key = JSON.stringify(messages);
    const known = this.rendered.get(key);
    if (known !== undefined) return known;
    throw new NotAskedYet(() => this.learnRendered(messages, key));
  }

  private readonly ask: AskServer = (path, body) => {
    const { endpoint, signal, patience } = this.asked;
    return askPatiently(endpoint, { path, body, signal }, patience);
  };

  private async learn(text: string): Promise<void> {
    const { path, body, read } = this.tokenizer.tokenize;
    const tokenized = read(await this.ask(path, body(text, this.asked.model)), text);
    tokenized.ids.forEach((id, at) => {
      const piece = tokenized.pieces[at];
      if (piece) this.pieces.set(id, piece);
    });
    keep(this.encodings, text, this.encodingOf(text, tokenized));
  }

  private encodingOf(text: string, { ids, pieces }: TokenizedText): Encoding {
    const units = unitsOf(text, { normalize: null, spaceMark: null });
    const followed = units && pieces.length === ids.length ? followPieces(units, pieces, new Uint8Array()) : null;
    if (!followed) {
      throw new UserError(
        `${this.asked.endpoint.url} does not tell which characters each token covers, so traces cannot be cut exactly. Give the model's tokenizer with --tokenizer DIR.`,
      );
    }
    return { ids, starts: [0, ...followed.ends.slice(0, -1)], ...followed };
  }

  private async learnRendered(messages: readonly Message[], key: string): Promise<void> {
    const { endpoint, model } = this.asked;
    const { render } = this.tokenizer;
    if (!render) {
      throw new UserError(
        `${endpoint.url} tells no chat template. Give the model's tokenizer and template with --tokenizer DIR.`,
      );
    }
    keep(this.rendered, key, await render(this.ask, messages, model));
  }
}

const oneToken = ({ ids }: Encoding): readonly number[] => (ids.length === 1 ? ids : []);

/** What a template may want to write. */
function specialTokens({ props }: ServerFacts): Readonly<Record<string, string>> {
  const { bos_token: bos, eos_token: eos } = fieldsOf(props);
  return { bos_token: textOf(bos), eos_token: textOf(eos) };
}

/** The oldest goes when there are too many. */
function keep<Value>(map: Map<string, Value>, key: string, value: Value): void {
  const [oldest] = map.keys();
  if (map.size >= mostKept && oldest !== undefined) map.delete(oldest);
  map.set(key, value);
}
