// Owns conversations that a chat template has already rendered into one text: which marks begin and end a message in each family.
// Must not know where a record keeps such a text.

export type Rendered = {
  readonly messages: readonly { readonly role: string; readonly content: string }[];
  /** The beginning of a reply that was not ended (empty, or an opening tag); `null` where the last message is whole. */
  readonly prefix: string | null;
};

/** `header` names the role in its first group that matched; a message goes on to its `ending` or to the next header. */
type Family = { readonly header: RegExp; readonly ending: RegExp; readonly roles?: Readonly<Record<string, string>> };

const families: readonly Family[] = [
  { header: /<\|im_start\|>([\w-]+)\n/g, ending: /<\|im_end\|>\n?/ },
  {
    header: /<\|start_header_id\|>([\w-]+)<\|end_header_id\|>\n\n/g,
    ending: /<\|eot_id\|>|<\|eom_id\|>|<\|end_of_text\|>/,
  },
  { header: /<\|header_start\|>([\w-]+)<\|header_end\|>\n\n/g, ending: /<\|eot\|>|<\|eom\|>/ },
  { header: /<start_of_turn>(\w+)\n/g, ending: /<end_of_turn>\n?/ },
  { header: /<\|start_of_role\|>(\w+)<\|end_of_role\|>/g, ending: /<\|end_of_text\|>\n?/ },
  { header: /<\|im_(system|user|assistant)\|>\w*<\|im_middle\|>/g, ending: /<\|im_end\|>/ },
  { header: /<seed:bos>(\w+)\n/g, ending: /<seed:eos>/ },
  { header: /<｜(User|Assistant)｜>/g, ending: /<｜end▁of▁sentence｜>/ },
  {
    header: /<\|START_OF_TURN_TOKEN\|><\|(SYSTEM|USER|CHATBOT)_TOKEN\|>/g,
    ending: /<\|END_OF_TURN_TOKEN\|>/,
    roles: { chatbot: 'assistant' },
  },
  {
    header: /<\|(system|user|assistant|observation|developer)\|>\n?/g,
    ending: /<\|(?:end|endoftext|end_of_text)\|>\n?|<\/s>\n?/,
  },
  {
    header: /(\[INST\]|\[\/INST\]|\[SYSTEM_PROMPT\]|\[\/SYSTEM_PROMPT\]) ?/g,
    ending: /<\/s>| $/,
    roles: { '[inst]': 'user', '[/inst]': 'assistant', '[system_prompt]': 'system', '[/system_prompt]': '' },
  },
  { header: /(?:^|\n\n)(Human|Assistant):[ ]?/g, ending: /(?!)/, roles: { human: 'user' } },
];

const anyMark =
  /<\|(?:im_|start_header|header_start|start_of_role|START_OF_TURN|system|user|assistant)|<start_of_turn>|<seed:bos>|<｜|\[INST\]|^\s*Human:/;
/** What begins every text of a tokenizer and belongs to no message. */
const beginning = /^(?:\s|<bos>|<s>|<\|begin_of_text\|>|<｜begin▁of▁sentence｜>|<BOS_TOKEN>|\[gMASK\]<sop>)+/;
const knownRoles: Readonly<Record<string, string>> = { model: 'assistant', human: 'user' };

/** `null` where the text is none. */
export function renderedConversation(text: string): Rendered | null {
  if (!anyMark.test(text)) return null;
  for (const family of families) {
    const headers = [...text.matchAll(family.header)];
    if (headers.length > 0 && headers.some((header) => roleOf(family, header) === 'user'))
      return read(text, family, headers);
  }
  return null;
}

function roleOf({ roles }: Family, header: RegExpExecArray): string {
  const name = (header[1] ?? '').toLowerCase();
  return roles?.[name] ?? knownRoles[name] ?? name;
}

function read(text: string, family: Family, headers: readonly RegExpExecArray[]): Rendered {
  const lead = text.slice(0, headers[0]!.index).replace(beginning, '');
  const messages = lead.trim() === '' ? [] : [{ role: 'system', content: lead }];
  let prefix: string | null = null;
  for (const [index, header] of headers.entries()) {
    const role = roleOf(family, header);
    const start = header.index + header[0].length;
    const next = headers[index + 1]?.index;
    const body = text.slice(start, next);
    const end = family.ending.exec(body);
    const content = end ? body.slice(0, end.index) : body;
    if (role === '') continue;
    if (role === 'assistant' && next === undefined && !end) prefix = content;
    else messages.push({ role, content });
  }
  return { messages, prefix };
}
