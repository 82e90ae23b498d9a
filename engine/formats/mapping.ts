// Owns a person's own mapping for records that no format knows: which field holds the prompt, the reasoning, the answer. It lies beside the
// trace file as `<file>.fields.json` and wins over every format. Must not know how it is made.
import { UserError } from '../domain/failure';
import type { FieldMapping } from '../domain/fieldMapping';
import type { Format, ReadTurn } from './format';
import { asReplies, asTurns, readMessages } from './parts/conversation';
import { isMessage } from './parts/dialect';
import { splitNamedTags } from './parts/inlineTags';
import { messagesInText } from './parts/promptText';
import { isObject, list, samplingOf, shortFields, text } from './parts/shape';

const required = ['prompt', 'reasoning', 'answer'] as const;
const named = ['label', 'correct', 'hint', 'verbalized'] as const;
const optional = ['system', 'model', ...named, 'open', 'close'] as const;

/** @throws UserError that says what a mapping looks like */
export function parseMapping(value: unknown): FieldMapping {
  const example = `Write {"prompt": "question", "reasoning": "trace.text", "answer": "reply"}; "system", "model", "label", "correct", "hint" and "verbalized" may be added, and the tags "open" and "close" of a field that holds both reasoning and answer.`;
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
      const turns = mappingsOf(record, mapping).flatMap((one) => turnsOf(record, one));
      return turns.map((turn, index) => ({ ...turn, turn: index }));
    },
  };
}

const everyItem = /^(.*?)\[\]\.?/;

/** One mapping an item, where the reasoning is in every item of a list. */
function mappingsOf(record: unknown, mapping: FieldMapping): readonly FieldMapping[] {
  const [all, path] = everyItem.exec(mapping.reasoning) ?? [];
  if (all === undefined || path === undefined) return [mapping];
  const items = path === '' ? record : valueAt(record, path);
  if (!Array.isArray(items)) throw new UserError(`the field "${path}" of the mapping is not there, or is no list`);
  return items.flatMap((_, index) => {
    const inside = (name: string): string =>
      name.startsWith(all)
        ? `${path === '' ? '' : `${path}.`}${index}.${name.slice(all.length)}`.replace(/\.$/, '')
        : name;
    const paths = Object.entries(mapping).map(([key, name]) => [key, isTag(key) ? name : inside(name)]);
    return mappingsOf(record, Object.fromEntries(paths) as FieldMapping);
  });
}

const isTag = (key: string): boolean => key === 'open' || key === 'close';

function turnsOf(record: unknown, mapping: FieldMapping): readonly ReadTurn[] {
  const reasoning = textAt(record, mapping.reasoning);
  if (reasoning === undefined)
    throw new UserError(`the field "${mapping.reasoning}" of the mapping is not there, or is no text`);
  const system = mapping.system === undefined ? undefined : textAt(record, mapping.system);
  const prompt = [...(system ? [{ role: 'system', content: system }] : []), ...promptAt(record, mapping.prompt)];
  const reply = { role: 'assistant', content: textAt(record, mapping.answer) ?? '', reasoning_content: reasoning };
  const found =
    mapping.reasoning === mapping.answer ? wholeTurn(prompt, reasoning, mapping) : asReplies(prompt, [reply]);
  return asTurns(found, {
    model: mapping.model === undefined ? null : (textAt(record, mapping.model) ?? null),
    sampling: samplingOf(record),
    fields: { ...shortFields(record), ...namedFields(record, mapping) },
  });
}

/** Reasoning and answer in one text: between the tags that the mapping names, or as any reply is read. */
function wholeTurn(
  prompt: readonly unknown[],
  turn: string,
  { open, close }: FieldMapping,
): ReturnType<typeof asReplies> {
  if (close === undefined) return asReplies(prompt, [turn]);
  const trace = splitNamedTags(turn, open ?? '', close);
  const messages = readMessages(prompt).map(({ role, content }) => ({ role, content }));
  return trace ? [{ messages, trace, opaque: null }] : [];
}

/** The value at a path; a field whose own name has points in it is found as it is. */
function valueAt(record: unknown, path: string): unknown {
  if (isObject(record) && Object.hasOwn(record, path)) return record[path];
  const [first = '', ...rest] = path
    .replace(/\[(\d+)\]/g, '.$1')
    .replace(/^\./, '')
    .split('.');
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

/** Under the names by which measures and filters know them. */
function namedFields(record: unknown, mapping: FieldMapping): Readonly<Record<string, string>> {
  const found = named.flatMap((name) => {
    const path = mapping[name];
    const value = path === undefined ? undefined : textAt(record, path);
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(found);
}

function promptAt(record: unknown, path: string): readonly unknown[] {
  const value = valueAt(record, path);
  if (list(value).length > 0 && list(value).every(isMessage)) return list(value);
  const prompt = textAt(record, path);
  return prompt === undefined ? [] : messagesInText(prompt);
}
