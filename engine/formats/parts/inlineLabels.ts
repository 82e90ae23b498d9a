// Owns turns whose parts stand behind labels instead of between tags: headings, "Thought: … Action: …", DSPy's [[ ## field ## ]] sections.
// The text must begin with the label of reasoning, and a label of an answer must follow at the start of a line.
import type { Trace } from '../../domain/trace';

type Labels = { readonly open: RegExp; readonly close: RegExp };

const reasoningWords = 'reasoning|rationale|chain of thought|thinking(?: process)?|thoughts?|analysis|scratchpad';
const answerWords =
  '(?:(?:correct|final|model|my) )?(?:answer|response|recommendation|decision|output|action|conclusion|verdict)';

const labels: readonly Labels[] = [
  {
    open: /^\s*\[\[ ## (?:reasoning|rationale|thoughts?|next_thought) ## \]\]/i,
    close: /^\[\[ ## \w+ ## \]\]/m,
  },
  {
    open: new RegExp(`^\\s*#{1,6} +(?:${reasoningWords})[ \\t]*:?[ \\t]*\\n`, 'i'),
    close: new RegExp(`^#{1,6} +${answerWords}[ \\t]*:?[ \\t]*(?:\\n|$)`, 'im'),
  },
  {
    open: new RegExp(`^\\s*(?:\\*\\*)?(?:${reasoningWords})(?:\\*\\*)?:(?:\\*\\*)?[ \\t]*`, 'i'),
    close: new RegExp(`^(?:\\*\\*)?${answerWords}(?:\\*\\*)?:(?:\\*\\*)?[ \\t]*`, 'im'),
  },
  { open: /^\s*Here(?:'s| is) my thought process:[ \t]*/i, close: /Here(?:'s| is) my response:[ \t]*/i },
];

/** `null` where the text is no such turn. */
export function splitInlineLabels(text: string): Trace | null {
  for (const { open, close } of labels) {
    const opened = open.exec(text);
    if (!opened) continue;
    const start = opened[0].length;
    const closed = close.exec(text.slice(start));
    if (!closed) continue;
    const end = start + closed.index;
    return {
      reasoning: text.slice(start, end),
      frame: { before: '', open: opened[0], close: closed[0] },
      answerText: text.slice(end + closed[0].length),
    };
  }
  return null;
}
