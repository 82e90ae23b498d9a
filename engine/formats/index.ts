// Owns the table of formats: one line each. Which one reads a file is decided by its content.
import { agentLog } from './agentLog';
import { anthropic } from './anthropic';
import { atif } from './atif';
import { chat } from './chat';
import { fields } from './fields';
import type { Format } from './format';
import { gemini } from './gemini';
import { harmony, harmonyField } from './harmony';
import { inspect } from './inspect';
import { lmEval } from './lmEval';
import { nestedIn } from './nested';
import { plainText } from './plainText';
import { promptfoo } from './promptfoo';
import { responses } from './responses';
import { rlLoans } from './rlLoans';
import { sse } from './sse';
import { thoughtAnchors } from './thoughtAnchors';

const named: readonly Format[] = [
  rlLoans,
  chat,
  anthropic,
  responses,
  gemini,
  sse,
  harmony,
  harmonyField,
  inspect,
  lmEval,
  fields,
  thoughtAnchors,
  promptfoo,
  agentLog,
  atif,
  plainText,
];

export const formats: readonly Format[] = [...named, nestedIn(named.filter((format) => format.framing === 'values'))];
