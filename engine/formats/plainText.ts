// Owns plain text: labeled examples (Question: … Reasoning: … Answer: …) behind one another, transcripts (User: … Assistant: …),
// and, where there are no labels, one turn with tags.

import type { Format, ReadTurn } from './format';
import { asTurns, tracesIn } from './parts/conversation';
import { splitInlineTags } from './parts/inlineTags';
import { readMessage } from './parts/message';

const reasoningLabel =
  /^(?:#+ *|\*\*)?(?:reasoning|rationale|chain of thought|thinking|thoughts?)(?:\*\*)?:(?:\*\*)?[ \t]*\n?/im;
const answerLabel =
  /^(?:#+ *|\*\*)?(?:correct |final |model )?(?:answer|response|recommendation|decision|output)(?:\*\*)?:/im;
const border = /^(?:-{3,}|={3,}|#{1,4} *(?:example|sample|record)\b[^\n]*)[ \t]*\r?$/gim;
const speaker =
  /^(?:(?:#+ *|\*\*|\[)?(system|user|human|assistant|ai|model)(?:\*\*|\])?:(?:\*\*)?[ \t]*|#{1,4} +(?:\*\*)?(system|user|human|assistant|ai|model)(?:\*\*)?[ \t]*\r?\n)/gim;
/** Aider's history: what the user says are headings, the rest of the text between them is the reply. */
const aiderHead = /^# aider chat started at/m;
const aiderUser = /^(?:#### .*(?:\r?\n|$))+/gm;

export const plainText: Format = {
  id: 'text',
  title: 'Plain text',
  framing: 'text',
  recognizes(_record, head) {
    if (splitInlineTags(head.text)) return 20;
    return reasoningLabel.test(head.text) ? 15 : 5;
  },
  read(_record, whole) {
    const spoken = transcriptTurns(whole);
    if (spoken.length > 0) return spoken;
    const labeled = sectionsOf(whole).flatMap(labeledTurn);
    if (labeled.length > 0) return labeled.map((turn, index) => ({ ...turn, turn: index }));
    return asTurns(tracesIn([readMessage(whole, 'assistant')]), {});
  },
};

/** The text between borders (rules, numbered headings). */
function sectionsOf(whole: string): readonly string[] {
  const sections: string[] = [];
  let start = 0;
  for (const match of whole.matchAll(border)) {
    sections.push(whole.slice(start, match.index));
    start = match.index + match[0].length;
  }
  return [...sections, whole.slice(start)].filter((section) => section.trim() !== '');
}

/** The labels stay in the frame, so that nothing of the text is lost. */
function labeledTurn(section: string): readonly ReadTurn[] {
  const label = reasoningLabel.exec(section);
  if (!label) return [];
  const start = label.index + label[0].length;
  const rest = section.slice(start);
  const answer = answerLabel.exec(rest);
  const end = answer ? start + answer.index : section.length;
  if (section.slice(start, end).trim() === '') return [];
  const trace = {
    reasoning: section.slice(start, end),
    frame: { before: '', open: label[0], close: '' },
    answerText: section.slice(end),
  };
  const prompt = section.slice(0, label.index);
  return asTurns(
    [{ messages: prompt.trim() === '' ? [] : [{ role: 'user', content: prompt }], trace, opaque: null }],
    {},
  );
}

/** A line that begins with a speaker's name starts their message; the line break before the next one belongs to neither. */
function transcriptTurns(whole: string): readonly ReadTurn[] {
  if (aiderHead.test(whole)) return asTurns(tracesIn(aiderMessages(whole).map((message) => readMessage(message))), {});
  const starts = [...whole.matchAll(speaker)].map((match) => ({
    ...match,
    index: match.index,
    name: match[1] ?? match[2] ?? '',
  }));
  if (!starts.some(({ name }) => /^(?:assistant|ai|model)$/i.test(name))) return [];
  const messages = starts.map((match, index) => {
    const start = match.index + match[0].length;
    const end = starts[index + 1]?.index ?? whole.length;
    const role = match.name.toLowerCase();
    return {
      role: role === 'human' ? 'user' : role === 'ai' || role === 'model' ? 'assistant' : role,
      content: whole.slice(start, end),
    };
  });
  return asTurns(
    tracesIn(messages.map((message) => readMessage({ ...message, content: message.content.replace(/\r?\n+$/, '') }))),
    {},
  );
}

function aiderMessages(whole: string): readonly { readonly role: string; readonly content: string }[] {
  const asked = [...whole.matchAll(aiderUser)];
  return asked.flatMap((match, index) => {
    const content = match[0].replace(/^#### /gm, '').replace(/\s+$/, '');
    const reply = whole.slice(match.index + match[0].length, asked[index + 1]?.index);
    return [
      { role: 'user', content },
      { role: 'assistant', content: reply },
    ];
  });
}
