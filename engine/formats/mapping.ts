// Owns a person's own mapping for records that no format knows: which field holds the prompt, the reasoning, the answer. It lies beside the
// trace file as `<file>.fields.json` and wins over every format. Must not know how it is made.
import { UserError } from '../domain/failure';
import type { FieldMapping } from '../domain/fieldMapping';
import { asReplies, asTurns } from './conversation';
import { isMessage } from './dialect';
import type { Format } from './format';
import { messagesInText } from './promptText';
import { isObject, list, samplingOf, shortFields, text } from './shape';

export const mappingSuffix = '.fields.json';
const required = ['prompt', 'reasoning', 'answer'] as const;
const optional = ['system', 'model', 'label'] as const;

/** @throws UserError that says what a mapping looks like */
export function parseMapping(value: unknown): FieldMapping {
  const example = `Write {"prompt": "question", "reasoning": "trace.text", "answer": "reply"}; "system", "model" and "label" may be added.`;
  if (!isObject(value)) throw new UserError(`a mapping is a JSON object of field names. ${example}`);
  for (const name of required) if (!text(value[name])) throw new UserError(`the mapping lacks "${name}". ${example}`);
  const known: readonly string[] = [...required, ...optional];
  const unknown = Object.keys(value).find((name) => !known.includes(name) || typeof value[name] !== 'string');
  if (unknown !== undefined) throw new UserError(`the mapping's "${unknown}" means nothing. ${example}`);
  return value as FieldMapping;
}

/** A format that reads what the mapping points at. */
export function mappedFormat(mapping: FieldMapping): Format {
  return {
    id: 'mapped',
    title: 'Fields chosen by a mapping',
    framing: 'values',
    recognizes: () => 0,
    read(record) {
      const reasoning = textAt(record, mapping.reasoning);
      if (reasoning === undefined)
        throw new UserError(`the field "${mapping.reasoning}" of the mapping is not there, or is no text`);
      const system = mapping.system === undefined ? undefined : textAt(record, mapping.system);
      const prompt = [...(system ? [{ role: 'system', content: system }] : []), ...promptAt(record, mapping.prompt)];
      const reply = { role: 'assistant', content: textAt(record, mapping.answer) ?? '', reasoning_content: reasoning };
      return asTurns(asReplies(prompt, [reply]), {
        model: mapping.model === undefined ? null : (textAt(record, mapping.model) ?? null),
        sampling: samplingOf(record),
        fields: { ...shortFields(record), ...labelAt(record, mapping.label) },
      });
    },
  };
}

/** The value at a path; a field whose own name has points in it is found as it is. */
function valueAt(record: unknown, path: string): unknown {
  if (isObject(record) && Object.hasOwn(record, path)) return record[path];
  const [first = '', ...rest] = path.split('.');
  const inside = Array.isArray(record)
    ? record[Number(first)]
    : isObject(record) && Object.hasOwn(record, first)
      ? record[first]
      : undefined;
  return rest.length === 0 || inside === undefined ? inside : valueAt(inside, rest.join('.'));
}

/** A text; a list of texts is joined, numbers are written out. */
function textAt(record: unknown, path: string): string | undefined {
  const value = valueAt(record, path);
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (value === null) return '';
  const parts = list(value);
  if (parts.length > 0 && parts.every((part) => typeof part === 'string')) return parts.join('');
  return text(value) ?? undefined;
}

function labelAt(record: unknown, path: string | undefined): { readonly label?: string } {
  const label = path === undefined ? undefined : textAt(record, path);
  return label === undefined ? {} : { label };
}

function promptAt(record: unknown, path: string): readonly unknown[] {
  const value = valueAt(record, path);
  if (list(value).length > 0 && list(value).every(isMessage)) return list(value);
  const prompt = textAt(record, path);
  return prompt === undefined ? [] : messagesInText(prompt);
}
