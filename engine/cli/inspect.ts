// Owns `counterthought inspect`: what is in a trace file, and one example of it exactly.
import type { Example } from '../domain/example';
import { UserError } from '../domain/failure';
import { exampleJson } from '../service/exampleReading';
import { beginKnownFile, openKnownFile } from '../service/fileQueries';
import { fieldsOfFile } from '../service/mappingQueries';
import type { BegunFile, TraceFile } from '../service/traceFile';
import { type Command, count, note, print, printJson, UsageError } from './command';
import { mappingIn, mappingOption } from './fieldMapping';
import { filesIn, isTraceFolder } from './folderFiles';

export const inspect: Command = {
  name: 'inspect',
  usage: 'inspect FILE|FOLDER [OPTIONS]',
  about:
    'Says what a trace file holds: format, examples, problems; or shows one example. Of a folder, which files are traces.',
  options: {
    example: { type: 'string', value: 'K', help: 'show the K-th example, counted from 0' },
    raw: { type: 'boolean', help: "with --example: the record's own bytes" },
    line: { type: 'string', value: 'N', help: 'the bytes of line N, damaged or not, and what is wrong with it' },
    fields: { type: 'boolean', help: 'the fields of its records, with examples: what --map may point at' },
    ...mappingOption,
    json: { type: 'boolean', help: 'one JSON object' },
  },
  run: async ({ files, values, signal }) => {
    const [path] = files;
    if (path === undefined || files.length > 1) throw new UsageError('inspect takes one trace file.');
    const index = count(values, 'example');
    const line = count(values, 'line', 1);
    const mapping = mappingIn(values);
    if ((await isTraceFolder(path)) === false) return printFolder(path, values.json === true);
    if (values.fields === true) return printFields(path, values.json === true);
    if (line !== undefined) return printLine(path, line, signal);
    if (values.raw === true) return printRaw(await beginKnownFile(path, mapping), index, signal);
    const file = await openKnownFile(path, { signal, ...(mapping ? { mapping } : {}) });
    const example = index === undefined ? null : await nth(file, index);
    if (values.json === true) printJson(json(file, example));
    else printText(file, example);
    return file.summary.examples > 0 ? 0 : 1;
  },
};

/** What the files of a folder are, a line each. */
async function printFolder(folder: string, asJson: boolean): Promise<0 | 1> {
  const files = await filesIn(folder);
  const traces = files.filter((one) => 'formatTitle' in one);
  if (asJson) printJson({ folder, files });
  else {
    print(`${folder}: a folder with ${traces.length} of ${files.length} files that look like traces`);
    for (const one of files) print('formatTitle' in one ? `  ${one.file}: ${one.formatTitle}` : `  ${one.problem}`);
    if (traces.length > 0) note('Name one of them to see what it holds; `counterthought run FOLDER` takes all.');
  }
  return traces.length > 0 ? 0 : 1;
}

async function nth(file: TraceFile, index: number): Promise<Example> {
  const example = await exampleOf(file, index);
  if (example) return example;
  throw new UserError(
    `${file.path} has ${file.summary.examples} examples, so there is no example ${index} (they are counted from 0).`,
  );
}

async function exampleOf(
  { examples }: Pick<TraceFile, 'examples'>,
  index: number,
  signal?: AbortSignal,
): Promise<Example | null> {
  const range = { offset: index, limit: 1, ...(signal ? { signal } : {}) };
  for await (const example of examples(range)) return example;
  return null;
}

/** What there is to point at. */
async function printFields(path: string, asJson: boolean): Promise<0> {
  const { records, fields } = await fieldsOfFile(path);
  if (asJson) printJson({ file: path, records, fields });
  else {
    print(`${path}: the fields of its first ${records} records (length is the mean, in characters)`);
    const width = Math.min(40, Math.max(...fields.map((field) => field.path.length)));
    for (const { path: name, kind, meanChars, sample } of fields)
      print(
        `  ${name.padEnd(width)}  ${kind.padEnd(8)} ${String(meanChars).padStart(7)}  ${JSON.stringify(sample.slice(0, 60))}`,
      );
    if (fields.some((field) => /\.0\./.test(field.path)))
      note('Where --map says steps[].text instead of steps.0.text, every item of the list is an example.');
  }
  return 0;
}

/** Finds the line without parsing those before it. */
async function printLine(path: string, line: number, signal: AbortSignal): Promise<0 | 1> {
  const { bytes, problem } = await (await beginKnownFile(path)).line(line, { signal });
  process.stdout.write(bytes);
  if (problem !== null) note(`${path}: line ${line}: ${problem}`);
  return problem === null ? 0 : 1;
}

function json(file: TraceFile, example: Example | null) {
  const { format, formatTitle, examples, problems, withoutReasoning, opaque, models, answer, swaps } = file.summary;
  const summary = {
    file: file.path,
    format,
    formatTitle,
    examples,
    problems,
    withoutReasoning,
    opaque,
    models,
    answer,
    swaps,
  };
  return example ? { ...summary, example: exampleJson(example) } : summary;
}

/** Reads the file no further than to the example. */
async function printRaw(file: BegunFile, index: number | undefined, signal: AbortSignal): Promise<0> {
  if (index === undefined) throw new UsageError('--raw needs --example K.');
  const example = (await exampleOf(file, index, signal)) ?? (await nth(await file.whole({ signal }), index));
  const { source } = example;
  if (source.kind !== 'bytes')
    throw new UserError(
      'This record does not stand in the file as bytes of its own (it is packed), so there are no raw bytes to print.',
    );
  process.stdout.write((await file.record(source)).bytes);
  return 0;
}

function printText(file: TraceFile, example: Example | null): void {
  const { formatTitle, examples, problems, withoutReasoning, opaque, models, answer, swaps } = file.summary;
  print(`${file.path}: ${formatTitle}, ${examples} ${examples === 1 ? 'example' : 'examples'} with reasoning`);
  if (withoutReasoning > 0) print(`  ${withoutReasoning} records without reasoning`);
  if (opaque > 0) print(`  ${opaque} whose reasoning is opaque and cannot be re-run`);
  print(`  answers: ${answer.read} of ${examples} read by "${answer.reader}" (${answer.options.join(', ')})`);
  if (models.length > 0) print(`  written by ${models.join(', ')}`);
  for (const swap of swaps.slice(0, 3))
    print(`  could swap ${swap.attribute}=${swap.a}:${swap.b} (${swap.countA} and ${swap.countB} prompts)`);
  for (const problem of problems.slice(0, 20)) print(`  line ${problem.line}: ${problem.reason}`);
  if (problems.length > 20) print(`  … and ${problems.length - 20} more problems`);
  if (example) printExample(example);
}

function printExample({ messages, trace, answer }: Example): void {
  for (const { role, content } of messages) print(`\n[${role}]\n${content}`);
  print(`\n[reasoning]\n${trace.reasoning}\n\n[answer] ${answer?.option ?? '(not readable)'}`);
}
