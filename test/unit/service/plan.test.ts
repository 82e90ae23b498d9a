// How an example and its conditions become ids, on the bundled model's tokenizer: what an edit leaves untouched keeps its ids, and the
// text that the model reads is the edited one, to the character.
import assert from 'node:assert/strict';
import path from 'node:path';
import { before, describe, it } from 'node:test';
import { answerReader } from '../../../engine/answers';
import type { Example } from '../../../engine/domain/example';
import { greedy } from '../../../engine/domain/run';
import { completeConditions, parseConditions } from '../../../engine/service/conditions';
import { type ExamplePlan, planExample } from '../../../engine/service/plan';
import { parseSwaps } from '../../../engine/service/promptEditWords';
import { loadModelText } from '../../../engine/text/loadModelText';
import type { ModelText } from '../../../engine/text/modelText';
import { projectRoot } from '../../support/paths';

let model: ModelText;
before(async () => {
  model = await loadModelText(path.join(projectRoot, 'samples/model'));
});

const options = ['approve', 'reject'];

function exampleOf(reasoning: string): Example {
  const answerText = '\n\n<recommendation>\napprove\n</recommendation>';
  const start = answerText.indexOf('approve');
  return {
    id: 'one',
    messages: [{ role: 'user', content: 'The applicant is Canadian, male and 30 years old.' }],
    trace: { reasoning, frame: { before: '', open: '<reasoning>', close: '</reasoning>' }, answerText },
    answer: { option: 'approve', range: { start, end: start + 7 } },
  } as unknown as Example;
}

function planOf(reasoning: string, list: string, texts: readonly string[] = ['nationality=American:Canadian']) {
  const conditions = completeConditions(parseConditions(list, { prompts: parseSwaps(texts, false), mostSteps: null }));
  const spec = { samples: 1, sampling: greedy, seed: 1, maxTokens: 64 };
  const setup = { conditions, options, reader: answerReader('tag'), model, contextTokens: 2048, spec };
  const plan = planExample(exampleOf(reasoning), setup);
  const idOf = (alias: string) => conditions.find((one) => one.alias === alias)!.id;
  return { plan, idOf };
}

function idsUnder(plan: ExamplePlan, key: string): readonly number[] {
  const leaf = plan.job.leaves.find((one) => one.key === key);
  return [...plan.job.prompt, ...(leaf?.ids ?? [])];
}

const trace = '\nThe income is low. The loan is small. Overall, I would approve this loan.\n';

describe('an edited trace', () => {
  it('is what the model reads, and keeps the ids in front of its first change', () => {
    const { plan, idOf } = planOf(trace, 'frozen+none,drop:2+none,replace-step:3:I reject it.+none');
    const whole = idsUnder(plan, idOf('frozen'));
    const dropped = idsUnder(plan, idOf('drop:2'));
    const prompt = model.render(exampleOf(trace).messages);
    const text = `${prompt}<reasoning>\nThe income is low. Overall, I would approve this loan.\n</reasoning>\n\n<recommendation>\n`;
    assert.equal(model.decode(dropped), text);
    const untouched = model.encode(`${prompt}<reasoning>\nThe income is low.`).ids.length - 1;
    assert.deepEqual(dropped.slice(0, untouched), whole.slice(0, untouched));
    assert.match(
      model.decode(idsUnder(plan, idOf('replace-step:3:I-reject-it.'))),
      /small\. I reject it\.\n<\/reasoning>/,
    );
  });

  it('left open ends where it was cut, and records what was changed', () => {
    const { plan, idOf } = planOf(trace, 'drop:1:open+none');
    assert.match(
      model.decode(idsUnder(plan, idOf('drop:1:open'))),
      /<reasoning>\nThe loan is small\. Overall, I would approve this loan\.$/,
    );
    const cut = plan.cuts[idOf('drop:1:open')];
    assert.deepEqual(cut?.changes, [{ range: { start: 1, end: 20 }, is: '' }]);
    assert.equal(cut?.removedClosing, '\n</reasoning>');
  });
});

describe('an edit that cannot be made of an example', () => {
  it('leaves out the condition and not the example, and says why', () => {
    const list = 'frozen,drop:7,before-conclusion,verdict-reversed,answer-after:9,transplanted';
    const { plan, idOf } = planOf('\nThe income is low.\n', list);
    assert.equal(plan.job.leaves.length, 2);
    const reasons = ['drop:7', 'before-conclusion', 'verdict-reversed', 'answer-after:9', 'transplanted'].map(
      (alias) => plan.omitted[idOf(alias)],
    );
    for (const reason of reasons) assert.match(reason ?? '', /^(?:its reasoning|no other example) /);
  });

  it('and text that should have been generated and was not is an unreadable outcome', () => {
    const { plan, idOf } = planOf(trace, 'swapped-trace');
    assert.match(plan.unreadable[idOf('swapped-trace')] ?? '', /swapped run was not made/);
    assert.equal(plan.job.leaves.length, 0);
  });
});

describe('odd traces and prompts', () => {
  const every =
    'frozen,half-closed,first-half-deleted,random-half-deleted,filler,drop:1,drop:-1,verdict-reversed,resample:1,answer-after:1';

  it('of one token, of none and of white space give cuts within them', () => {
    for (const reasoning of ['Yes', '', ' ', '\n\n', '👍🏽']) {
      const { plan } = planOf(reasoning, every);
      for (const { k, n, offset } of Object.values(plan.cuts)) {
        assert.ok(
          k >= 0 && k <= n && offset >= 0 && Number.isInteger(offset),
          `${reasoning}: ${k} of ${n} at ${offset}`,
        );
      }
      assert.ok(plan.job.leaves.length > 0);
    }
  });

  it('swapped in a circle name their level, and those that name no value say nothing', () => {
    const three = ['nationality=American:Canadian:Mexican'];
    assert.deepEqual(Object.values(planOf(trace, 'frozen', three).plan.levels), ['Canadian', 'Canadian']);
    assert.deepEqual(planOf(trace, 'frozen', ['planet=Martian:Venusian']).plan.levels, {});
  });
});
