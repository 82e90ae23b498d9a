// Owns the question whether a trace was written by the bundled model: its name stands in the record, or its system prompt does.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ReadTurn } from '../formats/format';
import { bundledModelId } from './models';

const worldFile = join('samples', 'recipe', 'world.json');
/** From dist/ to the package root; test bundles lie deeper. */
const mostLevels = 6;

let systemPrompts: ReadonlySet<string> | null = null;

export function isBundledProducer(turn: ReadTurn): boolean {
  if (turn.model !== null) return turn.model === bundledModelId;
  const system = turn.messages.find((message) => message.role === 'system')?.content;
  systemPrompts ??= readSystemPrompts();
  return system !== undefined && systemPrompts.has(system);
}

/** The system prompts that the model was trained with; none when the package does not ship its world. */
function readSystemPrompts(): ReadonlySet<string> {
  let folder = __dirname;
  for (let level = 0; level < mostLevels; level += 1) {
    const file = join(folder, worldFile);
    if (existsSync(file)) return promptsOf(JSON.parse(readFileSync(file, 'utf8')));
    folder = dirname(folder);
  }
  return new Set();
}

function promptsOf(world: { readonly system?: unknown; readonly policies?: unknown }): ReadonlySet<string> {
  const { system, policies } = world;
  if (typeof system !== 'string') return new Set();
  const ends = typeof policies === 'object' && policies !== null ? Object.values(policies) : [];
  return new Set([system, ...ends.map((end) => system + String(end))]);
}
