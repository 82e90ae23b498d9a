import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Backend, Job } from '../../../engine/backends/backend';
import type { Example } from '../../../engine/domain/example';
import type { HelperTask } from '../../../engine/domain/material';
import type { LoadedModel } from '../../../engine/service/backends';
import { requireHelper, SentenceHelper } from '../../../engine/service/sentenceHelper';
import type { ModelText } from '../../../engine/text/modelText';

const example = { trace: { reasoning: '\nIncome is low. Debt is none.\n' } } as Example;

/** A helper model that always writes this text, and the prompt that it was given. */
function helperThatWrites(text: string, contextTokens = 4096) {
  const asked: string[] = [];
  const jobs: Job[] = [];
  const idsOf = (words: string): readonly number[] => [...words].map((character) => character.codePointAt(0) ?? 0);
  const modelText = {
    reasoningTags: { open: '<think>\n', close: '\n</think>\n' },
    encode: (words: string) => ({ ids: idsOf(words) }),
    render: (messages: readonly { content: string }[]) => {
      asked.push(messages.map(({ content }) => content).join('\n'));
      return asked.at(-1);
    },
  } as unknown as ModelText;
  const backend = {
    model: { id: 'helper-7b' },
    capabilities: { forced: true, contextTokens, exact: true },
    async *run(job: Job) {
      jobs.push(job);
      yield { type: 'continued', leaf: 'x', sample: 0, ids: [], text, finish: 'stop', minMargin: 1 } as const;
      yield { type: 'spent', tokensEvaluated: 3, tokensAsked: 5 } as const;
    },
  } as unknown as Backend;
  const loaded: LoadedModel = { backend, text: modelText };
  return { helper: new SentenceHelper(async () => loaded), asked, jobs };
}

async function rewritten(text: string, task: HelperTask = 'mistake') {
  const { helper } = helperThatWrites(text);
  const { material } = await helper.rewrite(example, { kind: 'helper', task, step: 2 }, new AbortController().signal);
  return material;
}

describe('a sentence that a helper rewrites', () => {
  it('is asked for with the sentences before it, and costs what it cost', async () => {
    const { helper, asked, jobs } = helperThatWrites('Debt is huge.');
    const spec = { kind: 'helper', task: 'mistake', step: 2 } as const;
    const { material, spent } = await helper.rewrite(example, spec, new AbortController().signal);
    assert.deepEqual(material, { text: 'Debt is huge.', origin: 'helper-7b' });
    assert.deepEqual(spent, { tokensEvaluated: 3, tokensAsked: 5 });
    assert.match(asked[0] ?? '', /behind these, which stay as they are: Income is low\.\nSentence: Debt is none\.$/);
    assert.equal((jobs[0]?.prompt.length ?? 0) + (jobs[0]?.leaves[0]?.ids.length ?? 0), asked[0]?.length);
  });

  it('is the line that the helper wrote, without its own reasoning, label and quotation marks', async () => {
    const text = 'Let me think. "No."\n</think>\nHere it is:\nRewritten: “Debt is huge.”\n\nI hope that helps.';
    assert.equal((await rewritten(text)).text, 'Debt is huge.');
  });

  it('is none when the helper gives it back, writes nothing, refuses or rambles', async () => {
    for (const [text, words] of [
      ['debt is none', /gave the sentence back instead of a mistake/],
      ['  \n', /wrote no mistake/],
      ['Here is the sentence with a mistake:', /wrote no mistake/],
      ['5! equals 100.', /copied an example/],
      ["I can't help with that.", /refused to write a mistake/],
      ['word '.repeat(100), /wrote far more/],
    ] as const) {
      const { text: found, reason } = await rewritten(text);
      assert.equal(found, null);
      assert.match(reason ?? '', words);
    }
    assert.match((await rewritten('Debt is none.', 'paraphrase')).reason ?? '', /instead of a paraphrase/);
  });

  it('of a prompt is asked for as a question’s, and must keep its numbers and names', async () => {
    const asking = {
      messages: [{ role: 'user', content: 'Hello you all. She is 34 and from Ohio.' }],
    } as unknown as Example;
    const spec = { kind: 'helper', task: 'paraphrase', step: 2, message: 0 } as const;
    const made = async (text: string) => {
      const { helper, asked } = helperThatWrites(text);
      const { material } = await helper.rewrite(asking, spec, new AbortController().signal);
      assert.match(asked[0] ?? '', /sentence of a question.*Sentence: She is 34 and from Ohio\.$/s);
      return material;
    };
    assert.equal((await made('A woman from Ohio, she is 34.')).text, 'A woman from Ohio, she is 34.');
    assert.match((await made('She is 43 and from Ohio.')).reason ?? '', /paraphrase leaves out "34"/);
  });

  it('is none where the helper’s context is too short for it', async () => {
    const { helper } = helperThatWrites('x', 10);
    const spec = { kind: 'helper', task: 'mistake', step: 1 } as const;
    const { material } = await helper.rewrite(example, spec, new AbortController().signal);
    assert.match(material.reason ?? '', /does not fit/);
  });
});

describe('the bundled model', () => {
  it('is refused as a helper, with the way out', () => {
    assert.throws(
      () => requireHelper('counterthought/organism-2m', ['mistake', 'paraphrased']),
      /mistake, paraphrased.*--helper DIR/,
    );
    requireHelper('SmolLM2-135M-Instruct', ['mistake']);
  });
});
