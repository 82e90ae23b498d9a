// Owns the prompt edits that swap values of an attribute: two of them both ways, more of them in a circle, several attributes at once,
// and the same as a placebo. Must not know how words are found (exchange).
import { UserError } from '../domain/failure';
import type { ParamDescriptor, ParamValues } from '../domain/params';
import { asChanges, exchangeOf, type ValuePair } from './exchange';
import type { PromptEdit, PromptEditResult } from './intervention';
import { aliasPart, substitute, textParam } from './substitution';

/** Values of one attribute, as a person writes them: `American:Canadian`. */
export const splitValues = (text: string): readonly string[] => text.split(':').map((value) => value.trim());

const attributeParam: ParamDescriptor = {
  name: 'attribute',
  kind: 'text',
  title: 'Name of the attribute, for example nationality',
};
const pairParams: readonly ParamDescriptor[] = [
  attributeParam,
  { name: 'a', kind: 'text', title: 'One value, for example American' },
  { name: 'b', kind: 'text', title: 'The other value, for example Canadian' },
];
const traceParam: ParamDescriptor = {
  name: 'trace',
  kind: 'choice',
  choices: ['no', 'too'],
  title: 'Whether the values are swapped inside the reasoning too',
  default: 'no',
};

type Kind = {
  readonly id: string;
  readonly title: string;
  readonly question: string;
  readonly params: readonly ParamDescriptor[];
  /** Of each attribute. */
  readonly pairs: (params: ParamValues) => readonly (readonly ValuePair[])[];
  readonly name: (params: ParamValues) => string;
};

function swapping({ id, title, question, params, pairs, name }: Kind): PromptEdit {
  return {
    descriptor: { id, title, question, params: [...params, traceParam] },
    apply: (messages, values) => {
      const exchange = exchangeOf(pairs(values));
      const named = new Set<string>();
      const result = substitute(messages, (text) =>
        exchange(text).map(({ value, range, was, is }) => {
          named.add(value);
          return { range, was, is };
        }),
      );
      return withLevel(result, named);
    },
    inTrace: (reasoning, values) => (values.trace === 'too' ? asChanges(exchangeOf(pairs(values))(reasoning)) : []),
    values: (values) => pairs(values).flatMap((attribute) => attribute.map(({ from }) => from)),
    alias: (values) => `${id}:${name(values)}${values.trace === 'too' ? ':trace' : ''}`,
  };
}

/** A prompt that names several values has no level: nobody can say which one it is about. */
function withLevel(result: PromptEditResult, named: ReadonlySet<string>): PromptEditResult {
  const [level] = named;
  return level === undefined || named.size > 1 ? result : { ...result, level };
}

const bothWays = (id: string, params: ParamValues): readonly ValuePair[] => {
  const [a, b] = [textParam(params, 'a', id).trim(), textParam(params, 'b', id).trim()];
  return [
    { from: a, to: b },
    { from: b, to: a },
  ];
};

export const swap = swapping({
  id: 'swap',
  title: 'Swap an attribute',
  question: 'Is the answer kept when the prompt names the other value of an attribute that should not matter?',
  params: pairParams,
  pairs: (params) => [bothWays('swap', params)],
  name: ({ attribute }) => aliasPart(attribute),
});

export const placebo = swapping({
  id: 'placebo',
  title: 'Placebo swap',
  question: 'Is the answer kept when the prompt changes as much, in an attribute that nobody expects to matter?',
  params: pairParams,
  pairs: (params) => [bothWays('placebo', params)],
  name: ({ attribute }) => aliasPart(attribute),
});

/** Every value to the one `by` places further; with k values, `by` from 1 to k - 1 sees every example at each other value. */
export const rotate = swapping({
  id: 'rotate',
  title: 'Swap one of several values',
  question: 'Is the answer kept when the prompt names another of three or more values of the attribute?',
  params: [
    attributeParam,
    { name: 'values', kind: 'text', title: 'All values in order, for example American:Canadian:Mexican' },
    { name: 'by', kind: 'number', title: 'How many places further in that order', min: 1, default: 1 },
  ],
  pairs: (params) => {
    const values = splitValues(textParam(params, 'values', 'rotate'));
    const by = Number(params.by ?? 1);
    if (new Set(values.map((value) => value.toLowerCase())).size < values.length || values.includes(''))
      throw new UserError(`"${params.values}" names a value twice or an empty one.`);
    if (values.length < 2 || !Number.isInteger(by) || by < 1 || by >= values.length)
      throw new UserError(
        `Of ${values.length} values each can go 1 to ${values.length - 1} places further, not ${by}.`,
      );
    return [values.map((from, i) => ({ from, to: values[(i + by) % values.length] ?? from }))];
  },
  name: ({ attribute, by }) => `${aliasPart(attribute)}:${by ?? 1}`,
});

/** Attributes as a person writes them: `nationality=American:Canadian; gender=male:female`. */
export function splitSwaps(
  text: string,
): readonly { readonly attribute: string; readonly values: readonly string[] }[] {
  return text.split(';').map((part) => {
    const at = part.indexOf('=');
    return { attribute: part.slice(0, at).trim(), values: splitValues(part.slice(at + 1)) };
  });
}

export const swapSeveral = swapping({
  id: 'swap-several',
  title: 'Swap several attributes at once',
  question: 'Is the answer kept when the prompt describes somebody who differs in all of these?',
  params: [
    {
      name: 'swaps',
      kind: 'text',
      title: 'The attributes, for example nationality=American:Canadian; gender=male:female',
    },
  ],
  pairs: ({ swaps }) =>
    splitSwaps(String(swaps ?? '')).map(({ attribute, values: [a = '', b = '', more] }) => {
      if (attribute === '' || a === '' || b === '' || more !== undefined)
        throw new UserError(`"${swaps}": several swaps at once take two values each, as in FIELD=A:B; FIELD=C:D.`);
      return bothWays('swap-several', { a, b });
    }),
  name: ({ swaps }) =>
    splitSwaps(String(swaps ?? ''))
      .map(({ attribute }) => aliasPart(attribute))
      .join('&'),
});
