// Owns answers in a field of a JSON object that the text holds: {"answer": "approve"}. The last such field counts.
import type { AnswerReader } from './answer';
import { lastMatch } from './span';

const names = 'answer|final_answer|decision|recommendation|verdict|prediction|label|choice|result|output|score|rating';
const quoted = new RegExp(`"(?:${names})"\\s*:\\s*"([^"\\\\]{1,300})"`, 'gid');
const bare = new RegExp(`"(?:${names})"\\s*:\\s*(-?\\d[\\d.eE+-]{0,30}|true|false)(?=\\s*[,}\\]])`, 'gid');

export const jsonField: AnswerReader = {
  id: 'json',
  title: 'In a JSON field ("answer", "decision", …)',
  read: (text) => lastMatch(text, quoted) ?? lastMatch(text, bare),
};
