// Owns run specs as files (`*.cot.json`): read with a schema, so that a wrong one says what is wrong where.
import fs from 'node:fs';
import path from 'node:path';
import * as v from 'valibot';
import { UserError } from '../domain/failure';
import { exampleId } from '../domain/ids';
import type { RunSpec } from '../domain/run';

const keep = v.object({ unit: v.picklist(['fraction', 'steps', 'offset']), value: v.pipe(v.number(), v.minValue(0)) });
const params = v.record(v.string(), v.union([v.string(), v.number()]));
const condition = v.object({
  promptEdit: v.object({ id: v.string(), params }),
  traceEdit: v.object({
    id: v.string(),
    keep,
    close: v.picklist(['closed', 'open']),
    params: v.exactOptional(params),
  }),
  readout: v.picklist(['forced', 'continued']),
});
const whole = (least: number) => v.pipe(v.number(), v.integer(), v.minValue(least));
const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1));

const mapping = v.strictObject({
  prompt: v.string(),
  reasoning: v.string(),
  answer: v.string(),
  system: v.exactOptional(v.string()),
  model: v.exactOptional(v.string()),
  label: v.exactOptional(v.string()),
  correct: v.exactOptional(v.string()),
  hint: v.exactOptional(v.string()),
  verbalized: v.exactOptional(v.string()),
  open: v.exactOptional(v.string()),
  close: v.exactOptional(v.string()),
});

const runSpec = v.object({
  v: v.literal(1),
  files: v.pipe(v.array(v.string()), v.minLength(1)),
  model: v.string(),
  conditions: v.pipe(v.array(condition), v.minLength(1)),
  samples: whole(1),
  sampling: v.object({ temperature: v.pipe(v.number(), v.minValue(0)), topK: whole(0), topP: share, minP: share }),
  seed: whole(0),
  limit: v.nullable(whole(1)),
  only: v.exactOptional(v.pipe(v.array(v.pipe(v.string(), v.transform(exampleId))), v.minLength(1))),
  maxTokens: whole(1),
  answer: v.string(),
  mapping: v.exactOptional(mapping),
  options: v.exactOptional(v.pipe(v.array(v.string()), v.minLength(2))),
  noiseExamples: whole(0),
  toward: v.exactOptional(v.string()),
  helper: v.exactOptional(v.string()),
  server: v.exactOptional(
    v.object({
      endpoints: v.pipe(v.array(v.string()), v.minLength(1)),
      tokenizer: v.string(),
      dialect: v.string(),
      keyEnv: v.exactOptional(v.string()),
      maxInFlight: whole(1),
    }),
  ),
  shard: v.exactOptional(v.object({ index: whole(0), of: whole(1) })),
});

const relativeTo = (file: string, name: string): string => path.resolve(path.dirname(file), name);

/** The spec of a file, its paths made absolute. @throws UserError that names the member that is wrong. */
export function readSpec(file: string): RunSpec {
  const parsed = v.safeParse(runSpec, parseJson(file));
  if (!parsed.success) {
    const [issue] = parsed.issues;
    throw new UserError(`${file}: ${v.getDotPath(issue) ?? 'the spec'}: ${issue.message}.`);
  }
  const spec = parsed.output;
  const files = spec.files.map((one) => relativeTo(file, one));
  const modelOf = (name: string): string => (name === 'bundled' ? name : relativeTo(file, name));
  const helper = spec.helper === undefined ? {} : { helper: modelOf(spec.helper) };
  if (!spec.server) return { ...spec, ...helper, files, model: modelOf(spec.model) };
  const { tokenizer } = spec.server;
  const server = { ...spec.server, tokenizer: tokenizer === 'server' ? tokenizer : relativeTo(file, tokenizer) };
  return { ...spec, ...helper, files, server };
}

function parseJson(file: string): unknown {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8'));
  } catch (error) {
    throw new UserError(`${file} is not a run spec: ${error instanceof Error ? error.message : String(error)}`);
  }
}
