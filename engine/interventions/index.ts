// Owns the tables of interventions. To add one: a file of its own, and its line here; pickers, help and tests derive from them.
import type { PromptEdit, TraceEdit } from './intervention';
import { cutTrace } from './keepClose';
import { noEdit } from './noEdit';
import { presets } from './presets';
import { replaceText } from './replaceText';
import { swap } from './swap';

export const traceEdits: readonly TraceEdit[] = presets.map((descriptor) => ({ descriptor, apply: cutTrace }));

export const promptEdits: readonly PromptEdit[] = [noEdit, swap, replaceText];
