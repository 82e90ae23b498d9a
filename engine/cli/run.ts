// Owns `counterthought run`: from words to a spec, through the engine, to a table or JSON.
import fs from 'node:fs';
import path from 'node:path';
import { answerReader } from '../answers';
import { defaultTraceEdits } from '../domain/condition';
import { UserError } from '../domain/failure';
import { greedy, type RunSpec, runDefaults } from '../domain/run';
import { Backends } from '../service/backends';
import { experiments } from '../service/conditionPresets';
import { openKnownFile } from '../service/fileQueries';
import { startRun } from '../service/orchestrate';
import { pilotSize, planPilot } from '../service/pilot';
import { writeReport } from '../service/runHandlers';
import { RunQueries } from '../service/runQueries';
import { agreeToEndpoints, endpointsToAsk, onlyServedModel, whatIsSent } from '../service/servers';
import { readSpec } from '../service/specFile';
import { asUsage, type Command, type CommandInput, count, fraction, note, text, UsageError } from './command';
import { conditionsHelp } from './conditionsHelp';
import { dryRunOptions, printDryRun } from './dryRunReport';
import { mappingIn, mappingOption } from './fieldMapping';
import { withFolderFiles } from './folderFiles';
import { finishPilot, stopwatch } from './pilot';
import { previewOptions, printPreview } from './previewReport';
import { progressPrinter } from './progress';
import { chooseConditions, type Reading } from './runConditions';
import { printRun } from './runReport';
import { namedServer, openOptions, programOption, serverOptions, shardOf } from './serverOptions';
import { trafficText } from './trafficText';

export const defaultOut = path.join('.counterthought', 'runs');

export const run: Command = {
  name: 'run',
  usage: 'run FILE|FOLDER… [OPTIONS]',
  about: 'Re-runs the traces of files under conditions and prints how often the answers are kept.',
  options: {
    spec: { type: 'string', value: 'FILE', help: 'a run spec (*.cot.json); options given besides it win' },
    model: {
      type: 'string',
      value: 'DIR',
      help: 'model folder, GGUF file, owner/name of the hub (see models), or "bundled"; needed unless the bundled model wrote the traces; or http://host:8000/v1#name',
    },
    ...serverOptions,
    ...programOption,
    ...previewOptions,
    ...dryRunOptions,
    conditions: {
      type: 'string',
      value: 'LIST',
      help: `default ${defaultTraceEdits.join(',')}; all of them are listed below`,
    },
    preset: {
      type: 'string',
      value: 'NAME',
      help: `a whole experiment: ${Object.entries(experiments)
        .map(([name, { about }]) => `${name} (${about})`)
        .join('; ')}`,
    },
    swap: {
      type: 'string',
      multiple: true,
      value: 'FIELD=A:B',
      help: 'swap A and B in the prompt, for example nationality=American:Canadian; A:B:C: each to each other; again: several at once',
    },
    'swap-trace': { type: 'boolean', help: 'swap inside the reasoning too' },
    placebo: {
      type: 'string',
      value: 'FIELD=A:B',
      help: 'also swap an attribute that should not matter; "auto": one that is found in the prompts; "paraphrase": the prompt in other words, by --helper',
    },
    replace: {
      type: 'string',
      value: 'OLD=>NEW',
      help: 'also replace a text of the prompt, letter for letter; pattern:REGEX=>NEW where it differs ("pattern:I think it is \\([A-D]\\)\\.=>")',
    },
    toward: {
      type: 'string',
      value: 'ANSWER',
      help: 'the answer toward which mediation is signed (default: the first)',
    },
    helper: {
      type: 'string',
      value: 'DIR',
      help: 'model that rewrites sentences for mistake, paraphrased and paraphrased-prompt (default: --model)',
    },
    samples: {
      type: 'string',
      value: 'N',
      help: 'draws per example and open condition (default 1; needs --temperature above 0)',
    },
    temperature: { type: 'string', value: 'T', help: 'default 0 (greedy), or 1 with --samples above 1' },
    'top-k': { type: 'string', value: 'K', help: 'default off' },
    'top-p': { type: 'string', value: 'P', help: 'default off' },
    'min-p': { type: 'string', value: 'P', help: 'default off' },
    seed: { type: 'string', value: 'N', help: `default ${runDefaults.seed}` },
    limit: { type: 'string', value: 'N', help: 'only the first N examples' },
    pilot: {
      type: 'boolean',
      help: `only ${pilotSize} examples, drawn at random: says how wide the intervals of the whole file will be, and how long it takes`,
    },
    'max-tokens': {
      type: 'string',
      value: 'N',
      help: `most tokens of one continuation (default ${runDefaults.maxTokens})`,
    },
    answer: {
      type: 'string',
      value: 'READER',
      help: 'how the answer is read: auto (default), tag, choice, …, pattern:REGEX',
    },
    ...mappingOption,
    options: { type: 'string', value: 'A,B', help: 'the answers to choose between (default: those recorded)' },
    noise: {
      type: 'string',
      value: 'N',
      help: `examples drawn again for the noise floor (default ${runDefaults.noiseExamples})`,
    },
    out: { type: 'string', value: 'DIR', help: `folder of runs (default ${defaultOut})` },
    report: { type: 'boolean', help: 'also write the HTML report beside the log' },
    outcomes: { type: 'boolean', help: 'a JSON line per example, condition and sample' },
    json: { type: 'boolean', help: 'one JSON object instead of the table' },
  },
  more: conditionsHelp,
  run: runFiles,
};

async function runFiles(input: CommandInput): Promise<0 | 1> {
  const { values, signal } = input;
  const asked = await buildSpec(input);
  const pilot = values.pilot === true ? await planPilot(asked, signal) : null;
  const spec = pilot?.spec ?? asked;
  if (values.preview === true) return printPreview(spec, input);
  if (values['dry-run'] === true) return printDryRun(spec, input);
  tellWhatIsSent(spec);
  const out = path.resolve(text(values, 'out') ?? defaultOut);
  const backends = new Backends(openOptions(values));
  try {
    const watch = stopwatch(progressPrinter());
    const { dir } = await startRun(spec, out, { backends, signal, emit: watch.emit });
    if (pilot) return finishPilot(dir, input, { ...pilot, noiseExamples: asked.noiseExamples, ranMs: watch.ranMs() });
    return finish(dir, input);
  } finally {
    await backends.dispose();
  }
}

/** The first time that something goes to another machine from this folder, it is said what and whither. */
function tellWhatIsSent(spec: RunSpec): void {
  const fresh = endpointsToAsk(spec, process.cwd());
  if (fresh.length === 0) return;
  note(whatIsSent(spec));
  agreeToEndpoints(fresh, process.cwd());
}

/** Prints a run and where to look at it. @returns 1 when no example could be used. */
export function finish(dir: string, { values }: CommandInput): 0 | 1 {
  const queries = new RunQueries();
  printRun(queries, dir, { json: values.json === true, outcomes: values.outcomes === true });
  const { summary } = queries.open(dir);
  if (summary.traffic) note(`\n${trafficText(summary.traffic)}`);
  note(`\nRecorded in ${dir}`);
  if (values.report === true) note(`Report:     ${writeReport(queries, dir)}`);
  note(
    'In VS Code: `npm run code`, then the Counterthought panel; or right-click a trace file and choose Re-run from here.',
  );
  return summary.effects.some((effect) => effect.n > 0) ? 0 : 1;
}

async function buildSpec({ files, values, signal }: CommandInput): Promise<RunSpec> {
  const specPath = text(values, 'spec');
  const base: Partial<RunSpec> = specPath === undefined ? {} : readSpec(specPath);
  const named = files.length > 0 ? files.map((file) => path.resolve(file)) : (base.files ?? []);
  const paths = await withFolderFiles(named, { signal });
  if (paths.length === 0) throw new UsageError('run needs a trace file, or a spec that names one.');
  const mapping = mappingIn(values) ?? base.mapping;
  const reading = mapping ? { mapping, signal } : { signal };
  const options =
    text(values, 'options')
      ?.split(',')
      .map((option) => option.trim()) ?? base.options;
  const settings = {
    ...sampling(values, base),
    seed: count(values, 'seed') ?? base.seed ?? runDefaults.seed,
    limit: count(values, 'limit', 1) ?? base.limit ?? null,
    ...(base.only ? { only: base.only } : {}),
    maxTokens: count(values, 'max-tokens', 1) ?? base.maxTokens ?? runDefaults.maxTokens,
    answer: asUsage(() => knownReader(text(values, 'answer') ?? base.answer ?? 'auto')),
    ...(mapping ? { mapping } : {}),
    ...(options ? { options } : {}),
    ...optional('toward', text(values, 'toward') ?? base.toward),
    ...optional('helper', namedModel(text(values, 'helper')) ?? base.helper),
    noiseExamples: count(values, 'noise') ?? base.noiseExamples ?? runDefaults.noiseExamples,
    ...shardOption(shardOf(values) ?? base.shard),
  };
  const place = await modelPlace({ values, signal }, { base, paths, reading });
  return {
    v: 1,
    files: paths,
    ...place,
    conditions: await chooseConditions({ values, base, paths, reading }),
    ...settings,
  };
}

const shardOption = (shard: RunSpec['shard']): Pick<RunSpec, 'shard'> => (shard ? { shard } : {});

type PlaceChoice = {
  readonly base: Partial<RunSpec>;
  readonly paths: readonly string[];
  readonly reading: Reading;
};

/** On servers where some are named, else here. */
async function modelPlace(
  { values, signal }: Pick<CommandInput, 'values' | 'signal'>,
  { base, paths, reading }: PlaceChoice,
): Promise<Pick<RunSpec, 'model' | 'server'>> {
  const named = asUsage(() => namedServer({ values }, base));
  if (named) {
    const { server, model } = named;
    if (values['dry-run'] === true) return { server, model: model ?? 'served' };
    return { server, model: model ?? (await onlyServedModel(server, { signal })) };
  }
  const fromSpec = base.server ? undefined : base.model;
  return {
    model: namedModel(text(values, 'model')) ?? fromSpec ?? (await producingModel(paths, { signal, ...reading })),
  };
}

/** Absolute, so that the spec beside the log is replayed from anywhere on this machine. */
function namedModel(model: string | undefined): string | undefined {
  return model === undefined || model === 'bundled' || !fs.existsSync(model) ? model : path.resolve(model);
}

/** @throws UserError that lists what there is. */
function knownReader(id: string): string {
  if (id !== 'auto') answerReader(id);
  return id;
}

function sampling(values: CommandInput['values'], base: Partial<RunSpec>): Pick<RunSpec, 'samples' | 'sampling'> {
  const samples = count(values, 'samples', 1) ?? base.samples ?? runDefaults.samples;
  const before = base.sampling ?? greedy;
  const temperature = fraction(values, 'temperature', 100) ?? base.sampling?.temperature ?? (samples > 1 ? 1 : 0);
  if (samples > 1 && temperature === 0) {
    throw new UsageError('Greedy draws are all alike: give --temperature above 0 with --samples above 1.');
  }
  const topK = count(values, 'top-k') ?? before.topK;
  const topP = fraction(values, 'top-p', 1) ?? before.topP;
  const minP = fraction(values, 'min-p', 1) ?? before.minP;
  return { samples, sampling: { temperature, topK, topP, minP } };
}

/** The bundled model, if it wrote the traces. A stranger's trace never defaults to it. @throws UserError that asks. */
async function producingModel(files: readonly string[], reading: Reading): Promise<string> {
  for (const path of files) {
    const { summary } = await openKnownFile(path, reading);
    if (summary.bundledProducer) continue;
    const who =
      summary.models.length > 0
        ? `were written by ${summary.models.slice(0, 3).join(', ')}`
        : 'do not say which model wrote them';
    throw new UserError(
      `${path}: its traces ${who}. Give that model's folder with --model DIR, or --model bundled to see how the bundled model reads them (cross-model).`,
    );
  }
  return 'bundled';
}

/** A member of the spec that is there only when it says something. */
const optional = <Name extends 'toward' | 'helper'>(
  name: Name,
  value: string | undefined,
): { [key in Name]?: string } => (value === undefined ? {} : ({ [name]: value } as { [key in Name]?: string }));
