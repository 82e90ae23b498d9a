// Owns the fallback where a server offers chat alone: the beginning of the turn is sent as an unfinished message of the assistant, in the
// ways that servers know, and the reply is read wherever it may stand. Whether the turn was really continued is tried before a run (`probe`).
import type { CompletionRequest, Dialect } from '../dialect';
import { readOpenAi } from '../openAiReply';
import { type Fields, fieldsOf, numberOf, servedModels, textOf } from '../replyFields';

export const chat: Dialect = {
  id: 'chat',
  title: 'Chat with an unfinished assistant message',
  framing: 'events',
  prompts: 'chat',
  recognizes: () => false,
  engine: () => 'unknown engine',
  contextTokens: ({ models }, model) =>
    numberOf(servedModels(models).find((one) => one.id === model)?.fields.max_model_len),
  path: 'chat/completions',
  body: (request) => ({
    model: request.model,
    messages: messagesOf(request),
    // vLLM, SGLang and TGI know these two; others ignore them, and DeepSeek's `prefix` is theirs to ignore.
    continue_final_message: hasBegun(request),
    add_generation_prompt: !hasBegun(request),
    max_tokens: request.maxTokens,
    ...(request.n > 1 ? { n: request.n } : {}),
    temperature: request.sampling.temperature,
    ...(request.sampling.topP < 1 ? { top_p: request.sampling.topP } : {}),
    ...(request.seed === null ? {} : { seed: request.seed }),
    ...(request.stop.length > 0 ? { stop: request.stop } : {}),
    ...(request.topLogProbs > 0 ? { logprobs: true, top_logprobs: request.topLogProbs } : {}),
    stream: true,
    stream_options: { include_usage: true },
  }),
  read: (event) => readOpenAi(event, deltaText),
};

const hasBegun = ({ prompt }: CompletionRequest): boolean => (prompt.chat?.prefix ?? '') !== '';

function messagesOf({ prompt }: CompletionRequest): readonly Fields[] {
  const { messages, prefix } = prompt.chat ?? { messages: [], prefix: '' };
  const asked = messages.map(({ role, content }) => ({ role, content }));
  return prefix === '' ? asked : [...asked, { role: 'assistant', content: prefix, prefix: true }];
}

/** Some servers file continued text as reasoning, because they look for a tag that stands in the prefix. */
function deltaText(choice: Fields): string {
  const { reasoning_content: filed, reasoning, content } = fieldsOf(choice.delta);
  return (textOf(filed) || textOf(reasoning)) + textOf(content);
}
