// Owns writing items as an Inspect log (JSON): each sample of a run is a sample of the log, its reasoning a block of its own.
import type { ExportFormat, ExportItem } from './export';
import { writeTextFile } from './textFile';

type Facts = { readonly task: string; readonly model: string; readonly at: string };

export const inspectExport: ExportFormat = {
  id: 'inspect',
  title: 'Inspect log',
  about: "Opens in Inspect's viewer; the score of a sample is whether its answer is the recorded one.",
  extension: '.json',
  async write({ items, out, name }) {
    let count = 0;
    const at = new Date().toISOString();
    const scored = new Set<string>();
    async function* pieces(): AsyncGenerator<string> {
      for await (const item of items) {
        if (count === 0) yield opening({ task: name, model: item.outcome?.model ?? item.model ?? 'none/unknown', at });
        yield `${count === 0 ? '\n' : ',\n'}${JSON.stringify(sampleOf(item))}`;
        scored.add(scoreName(item));
        count += 1;
      }
      if (count === 0) yield opening({ task: name, model: 'none/unknown', at });
      // Its viewer shows the scores that are named here.
      const scores = [...scored].map((score) => ({ name: score, scorer: score, params: {}, metrics: {} }));
      yield `\n],\n"results": ${JSON.stringify({ total_samples: count, completed_samples: count, scores })}\n}\n`;
    }
    await writeTextFile(out, pieces());
    return count;
  },
};

/** Everything of the log before its samples. */
function opening({ task, model, at }: Facts): string {
  const log = {
    version: 2,
    status: 'success',
    eval: {
      created: at,
      task,
      dataset: { name: task },
      model,
      config: {},
    },
    plan: { name: 'plan', steps: [], config: {} },
    stats: { started_at: at, completed_at: at, model_usage: {} },
  };
  return `${JSON.stringify(log).slice(0, -1)},\n"samples": [`;
}

function sampleOf(item: ExportItem): unknown {
  const { example, messages, trace, answer, model, outcome } = item;
  const prompt = messages.map(({ role, content }) => asMessage(role, content));
  const reply = {
    role: 'assistant',
    content: [
      { type: 'reasoning', reasoning: trace.reasoning },
      { type: 'text', text: trace.answerText },
    ],
    source: 'generate',
    ...(model === null ? {} : { model }),
  };
  const stopped = outcome?.result.finish === 'length' ? 'max_tokens' : 'stop';
  return {
    id: outcome ? `${example.id.slice(0, 16)} ${outcome.condition.alias}` : example.id,
    epoch: (outcome?.result.sample ?? 0) + 1,
    input: prompt,
    target: outcome?.recorded ?? example.answer?.option ?? '',
    messages: [...prompt, reply],
    output: { model: model ?? '', choices: [{ message: reply, stop_reason: stopped }] },
    scores: { [scoreName(item)]: scoreOf(item, answer) },
    metadata: metadataOf(item),
  };
}

/** Inspect knows four roles; a tool's words need the call that they answer, which a trace file does not always have. */
function asMessage(role: string, content: string): unknown {
  return { role: role === 'system' || role === 'assistant' ? role : role === 'developer' ? 'system' : 'user', content };
}

const scoreName = ({ outcome }: ExportItem): string => (outcome ? 'kept' : 'recorded');

/** C and I as Inspect's own scorers write them, N where nothing could be read. */
function scoreOf({ outcome }: ExportItem, answer: string | null): unknown {
  if (answer === null) return { value: 'N', answer: '' };
  const recorded = outcome?.recorded ?? answer;
  return { value: answer === recorded ? 'C' : 'I', answer };
}

function metadataOf({ example, outcome }: ExportItem): unknown {
  const { fields, sampling, source, turn, model: producer } = example;
  const own = { example: example.id, source, turn, sampling, producer, fields };
  if (!outcome) return own;
  const { run, manifestSha256, condition, cut, caveats, kept, options, result } = outcome;
  const { probabilities, tokens, wentOn, minMargin, text } = result;
  const said = { text, tokens, wentOn, minMargin, probabilities: probabilities && { options, probabilities } };
  return { ...own, run, manifestSha256, condition, cut, caveats, kept, ...said };
}
