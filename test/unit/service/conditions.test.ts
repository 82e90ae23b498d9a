import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { defaultTraceEdits } from '../../../engine/domain/condition';
import { UserError } from '../../../engine/domain/failure';
import {
  completeConditions,
  crossConditions,
  nameCondition,
  parseConditions,
} from '../../../engine/service/conditions';
import { parsePlacebo, parseReplacement, parseSwap, parseSwaps } from '../../../engine/service/promptEditWords';
import { parseTraceEdit } from '../../../engine/service/traceEditWords';

const prompts = parseSwaps(['nationality = American : Canadian'], false);
const swap = { prompts, mostSteps: null };
const aliases = (list: string, choices: Parameters<typeof parseConditions>[1] = swap): readonly string[] =>
  completeConditions(parseConditions(list, choices)).map((one) => one.alias);

describe('conditions as people type them', () => {
  it('stand for both prompts, or for the one that is named (with its control)', () => {
    assert.deepEqual(aliases('frozen'), ['frozen', 'frozen+swap:nationality']);
    assert.deepEqual(aliases('frozen+swap:nationality'), ['frozen', 'frozen+swap:nationality']);
    assert.deepEqual(aliases('frozen+none, keep=0.7:open+none'), ['frozen', 'keep=0.7:open']);
    assert.deepEqual(aliases('half-closed/continued+none'.replace('/continued+none', '+none/continued')), [
      'half-closed/continued',
    ]);
  });

  it('are accepted again as they are printed', () => {
    const printed = completeConditions(crossConditions(defaultTraceEdits.map(parseTraceEdit), prompts));
    assert.equal(printed.length, 10);
    const again = completeConditions(
      parseConditions(
        printed.map((one) => (one.alias.includes('+') ? one.alias : `${one.alias}+none`)).join(','),
        swap,
      ),
    );
    assert.deepEqual(
      again.map((one) => one.id),
      printed.map((one) => one.id),
    );
  });

  it('make a whole curve, whose named cuts go by their names', () => {
    const curve = completeConditions(parseConditions('curve', swap));
    assert.equal(curve.length, 11 * 2 * 2);
    assert.deepEqual(aliases('curve:2+none'), [
      'no-reasoning',
      'half-closed',
      'frozen',
      'free',
      'half-truncated',
      'tag-stripped',
    ]);
    assert.deepEqual(
      curve
        .filter(({ readout, promptEdit }) => readout === 'forced' && promptEdit.id === 'swap')
        .map((one) => one.alias),
      [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1].map((keep) => {
        const named: Readonly<Record<number, string>> = { 0: 'no-reasoning', 0.5: 'half-closed', 1: 'frozen' };
        return `${named[keep] ?? `keep=${keep}:closed`}+swap:nationality`;
      }),
    );
    assert.equal(new Set(aliases('curve,free,frozen,keep=0.3:open')).size, 44);
    assert.equal(aliases('curve:4,keep=0.3:open').length, 5 * 4 + 2);
  });

  it('name edits that rewrite the trace, with what they must be told', () => {
    const typed =
      'drop:3,drop:-1:open,filler,before-conclusion,before-conclusion:8,transplanted,transplanted:same,mistake:2';
    assert.deepEqual(
      aliases(
        typed
          .split(',')
          .map((one) => `${one}+none`)
          .join(','),
      ),
      typed.split(','),
    );
    assert.deepEqual(aliases('replace-step:2:One\\, two: three.+none'), ['replace-step:2:One-two:-three.']);
    const [replaced] = parseConditions('replace-step:2:One\\, two: three.+none', swap);
    assert.deepEqual(replaced?.traceEdit.params, { step: 2, text: 'One, two: three.' });
    assert.deepEqual(aliases('verdict-reversed'), ['verdict-reversed', 'verdict-reversed+swap:nationality']);
  });

  it('make one of a family for each step of the longest trace', () => {
    const choices = { prompts: [], mostSteps: 3 };
    assert.deepEqual(aliases('drop:*', choices), ['drop:1', 'drop:2', 'drop:3']);
    assert.deepEqual(
      aliases('answer-after:*', choices),
      [0, 1, 2, 3].map((steps) => `answer-after:${steps}`),
    );
    assert.deepEqual(aliases('resample:*,keep=steps-1:open', choices), ['resample:1', 'resample:2', 'resample:3']);
    assert.equal(parseConditions('resample:2', choices)[0]?.traceEdit.keep.value, 1);
    assert.deepEqual(aliases('keep=steps-2:closed,keep=offset-40:open', choices), [
      'keep=steps-2:closed',
      'keep=offset-40:open',
    ]);
  });

  it('make the four cells of mediation, whose trace is that of the named swap alone', () => {
    const both = { prompts: [...prompts, parsePlacebo('gender=male:female')], mostSteps: null };
    assert.deepEqual(aliases('mediation'), [
      'frozen',
      'frozen+swap:nationality',
      'swapped-trace',
      'swapped-trace+swap:nationality',
    ]);
    assert.deepEqual(aliases('frozen,swapped-trace', both), [
      'frozen',
      'frozen+swap:nationality',
      'frozen+placebo:gender',
      'swapped-trace',
      'swapped-trace+swap:nationality',
    ]);
    const [, cell] = parseConditions('swapped-trace', swap);
    assert.deepEqual(cell?.traceEdit.params, { edit: 'swap', attribute: 'nationality', a: 'American', b: 'Canadian' });
  });

  it('swap three values each to each other, several attributes at once, and the trace too', () => {
    const names = (texts: readonly string[], inTrace = false): readonly string[] =>
      aliases('frozen', { prompts: parseSwaps(texts, inTrace), mostSteps: null }).slice(1);
    assert.deepEqual(names(['country=A1:B1:C1']), ['frozen+rotate:country:1', 'frozen+rotate:country:2']);
    assert.deepEqual(names(['n=A1:B1', 'g=x:y']), ['frozen+swap-several:n&g']);
    assert.deepEqual(names(['n=A1:B1'], true), ['frozen+swap:n:trace']);
    assert.deepEqual(aliases('no-reasoning+shuffle-options'), ['no-reasoning', 'no-reasoning+shuffle-options']);
  });

  it('are one where nothing is kept, however that is said', () => {
    assert.deepEqual(aliases('free+none,resample:1+none,keep=steps-0:open+none'), ['free']);
    assert.deepEqual(aliases('answer-after:0+none,no-reasoning+none,answer-after:1+none'), [
      'answer-after:0',
      'answer-after:1',
    ]);
  });

  it('paraphrase the prompt as a placebo', () => {
    const placebo = parsePlacebo('paraphrase');
    assert.deepEqual(aliases('frozen', { prompts: [...prompts, placebo], mostSteps: null }), [
      'frozen',
      'frozen+swap:nationality',
      'frozen+paraphrased-prompt',
    ]);
  });

  it('replace by a pattern', () => {
    assert.deepEqual(parseReplacement('pattern:\\([A-D]\\)=>').params, {
      find: '\\([A-D]\\)',
      with: '',
      as: 'pattern',
    });
    assert.throws(() => parseReplacement('pattern:(a*)*=>x'), /very long/);
  });

  it('read the answer both ways where both make sense', () => {
    assert.deepEqual(aliases('frozen+none/both'), ['frozen', 'frozen/continued']);
  });

  it('that coincide are one condition', () => {
    assert.deepEqual(aliases('frozen+none,keep=1:closed+none'), ['frozen']);
    const [a, b] = [parseTraceEdit('half-truncated'), parseTraceEdit('half-closed')].map((traceEdit) =>
      nameCondition({ traceEdit, promptEdit: { id: 'none', params: {} }, readout: 'continued' }),
    );
    assert.notEqual(a?.id, b?.id);
  });

  it('that make no sense are refused with the way out', () => {
    const refused = (list: string, words: RegExp): void =>
      assert.throws(
        () => parseConditions(list, { prompts: [], mostSteps: null }),
        (error: unknown) => error instanceof UserError && words.test(error.message),
      );
    refused('frosen', /no trace edit "frosen".*frozen/);
    refused('curve:1', /2 to 100 steps/);
    refused('keep=1.5:open', /between 0 and 1/);
    refused('frozen+swap:age', /--swap age=A:B/);
    refused('tag-stripped/forced', /cannot be forced/);
    refused('tag-stripped/both', /cannot be forced/);
    refused('drop', /needs to be told: Which step.*drop:STEP/);
    refused('drop:0', /no step/);
    refused('drop:two', /"two" is no step/);
    refused('drop:*', /needs a trace file/);
    refused('filler:*', /not made step by step/);
    refused('filler:3', /says more than filler takes/);
    refused('transplanted:maybe', /other or same, not "maybe"/);
    refused('swapped-trace', /--swap FIELD=A:B/);
    refused('frozen+placebo:gender', /--placebo gender=A:B/);
    refused('keep=steps-1.5:open', /whole number of steps/);
    assert.throws(() => parseConditions('drop:*', { prompts: [], mostSteps: 301 }), /301 conditions.*at most 300/);
    assert.throws(() => parseSwaps(['n=A:B:A'], false), /"A" with itself/);
    assert.throws(() => parseSwaps(['n=A:B:C', 'g=x:y'], false), /two values each/);
    assert.throws(() => parseSwaps(['n=A::B'], false), /empty value/);
    assert.throws(() => parseSwap('nationality'), /FIELD=A:B/);
    assert.throws(() => parseSwap('n=A:A'), /with itself/);
  });
});
