// Owns a run: what is asked for (spec), what is needed to replay it (manifest), and the facts that are appended to its log (events).
// Must not know files, processes or statistics.
import type { Condition, ConditionSpec } from './condition';
import type { Example, Outcome, RecordLabels, Source } from './example';
import type { FieldMapping } from './fieldMapping';
import type { ConditionId, ExampleId, RunId } from './ids';
import type { Material, MaterialSpec } from './material';
import type { TextChange } from './trace';

export const logVersion = 1;

export type SamplingSpec = {
  /** 0 is greedy. */
  readonly temperature: number;
  /** 0: off. */
  readonly topK: number;
  /** 1: off. */
  readonly topP: number;
  /** 0: off. */
  readonly minP: number;
};

/** What a run is made with unless somebody says otherwise, in the editor and on the command line alike. */
export const runDefaults = { seed: 1, samples: 1, maxTokens: 512, noiseExamples: 24, maxInFlight: 32 } as const;

export const greedy: SamplingSpec = { temperature: 0, topK: 0, topP: 1, minP: 0 };

/** What a person asks for; the content of a `*.cot.json` file. Paths are absolute or relative to that file. */
export type RunSpec = {
  readonly v: 1;
  readonly files: readonly string[];
  /** A model folder, or `bundled`. */
  readonly model: string;
  readonly conditions: readonly ConditionSpec[];
  readonly samples: number;
  readonly sampling: SamplingSpec;
  readonly seed: number;
  /** First so many examples of the files; `null`: all. */
  readonly limit: number | null;
  /** These examples of the files and no others; left out: all. */
  readonly only?: readonly ExampleId[];
  readonly maxTokens: number;
  /** How the answer is read: the id of an answer reader, or `auto` (guessed from the file and recorded). */
  readonly answer: string;
  /** Where the files' fields are, when somebody says so for this run. */
  readonly mapping?: FieldMapping;
  /** The answers to choose between, when the recorded ones do not show them all. */
  readonly options?: readonly string[];
  /** On how many examples each condition is drawn again for the noise floor; 0: none. */
  readonly noiseExamples: number;
  /** The option toward which mediation effects are signed; the first one when left out. */
  readonly toward?: string;
  /** The model that rewrites sentences for edits that need it, as `model` is given; the model under test when left out. */
  readonly helper?: string;
  /** Where `model` is served; left out: it runs here. */
  readonly server?: ServerSpec;
  /** This process's part of the examples: those whose place in the files, modulo `of`, is `index` (from 0). */
  readonly shard?: ShardSpec;
};

export type ServerSpec = {
  /** Base addresses (`http://host:8000/v1`) that all serve the same model. */
  readonly endpoints: readonly string[];
  /** A folder with tokenizer.json and the chat template, or `server`: the server's own. */
  readonly tokenizer: string;
  /** What the server speaks: the id of a dialect, or `auto` (found by what it answers, and recorded). */
  readonly dialect: string;
  /** Name of the environment variable that holds the key. The key itself is never part of a spec, a manifest or a log. */
  readonly keyEnv?: string;
  /** Most examples at once, over all endpoints. */
  readonly maxInFlight: number;
};

export type ShardSpec = { readonly index: number; readonly of: number };

/** Identity of the model that ran, enough to find and check it again. */
export type ModelRecord = {
  readonly id: string;
  readonly folder: string;
  /** Of the ONNX file (and of its external data, in order). */
  readonly sha256: string;
  readonly layout: 'gqa' | 'plain' | 'served';
  readonly precision: string;
  readonly tokenizerSha256: string;
  readonly templateSha256: string;
  readonly runtime: string;
  /** Left out: it ran here. */
  readonly server?: ServerRecord;
};

/** What is known of a model that ran elsewhere: what its servers said and how they behaved when they were tried. */
export type ServerRecord = {
  readonly dialect: string;
  readonly endpoints: readonly {
    readonly url: string;
    /** Engine and version, in the server's own words. */
    readonly engine: string;
    /** The weights that it says it serves. */
    readonly root: string;
    /** Found by trying: what was asked → what came of it. */
    readonly probed: Readonly<Record<string, string | number | boolean>>;
  }[];
};

export type RunManifest = {
  readonly v: typeof logVersion;
  readonly run: RunId;
  readonly startedAt: string;
  readonly spec: RunSpec;
  readonly specSha256: string;
  readonly conditions: readonly Condition[];
  readonly options: readonly string[];
  readonly answerReader: string;
  readonly model: ModelRecord;
  /** The model that rewrites sentences, where a condition needs one and it is not the model under test. */
  readonly helper?: ModelRecord;
  /** Models that wrote the traces, as the records say; differs from `model.id`: the run is cross-model. */
  readonly producers: readonly string[];
  readonly crossModel: boolean;
  readonly files: readonly {
    readonly path: string;
    readonly sha256: string;
    readonly size: number;
    readonly format: string;
    /** Records that are no examples: damaged ones, and those without reasoning. Absent in older logs. */
    readonly left?: { readonly damaged: number; readonly withoutReasoning: number };
  }[];
  /** The runs that were put together to make this one (`counterthought merge`). */
  readonly mergedFrom?: readonly RunId[];
  /** Examples that the files hold, and how many of them take part (of this shard, if it is one). */
  readonly exampleCount: number;
  readonly plannedCount: number;
  readonly versions: Readonly<Record<string, string>>;
};

/** How a trace was cut for one condition: `decisions` of the experiment are recorded, not assumed. */
export type CutRecord = {
  /** Token ids kept, of n in the reasoning span; `null` where the cut is not on the token grid of the run. */
  readonly k: number;
  readonly n: number;
  /** UTF-16 offset in the reasoning up to which it is kept. */
  readonly offset: number;
  /** Whether the cut was moved back to the last boundary that completes a character. */
  readonly backedOff: boolean;
  /** Text taken away in front of the closing tag by leaving the trace open. */
  readonly removedClosing: string;
  /** What an edit changed in the recorded reasoning before it was cut; `k`, `n` and `offset` are of the changed one. */
  readonly changes?: readonly TextChange[];
  /** What the edit decided, for a person: which step, whose trace. */
  readonly note?: string;
};

/** A replaced range of one message (from 0) of the prompt. */
export type PromptChange = TextChange & { readonly message: number; readonly was: string };

export type SampleResult = {
  readonly condition: ConditionId;
  readonly sample: number;
  readonly outcome: Outcome;
  /** Everything that the model wrote after the kept text (continued), or the option that was chosen (forced). */
  readonly text: string;
  readonly tokens: number;
  readonly finish: 'stop' | 'length' | 'forced';
  /** Open edits: the model added reasoning before it closed. */
  readonly wentOn: boolean;
  /** Forced: exact probability of each option's full string, same order as the manifest's options. */
  readonly probabilities: readonly number[] | null;
  /** Smallest gap in logits between the best and the second best token on the way; small means a near tie. */
  readonly minMargin: number | null;
  /** Edited prompt: whether the regenerated text names a value of the edit. */
  readonly namesEdit?: boolean;
  /** Cut between two steps: how alike the first new step is to the one that stood there, 0 to 1; `null` where one is missing. */
  readonly stepLikeness?: number | null;
};

/** What an example's recorded trace is to the model that runs. */
export type TraceCheck = {
  /** Token ids of the reasoning under the run's tokenizer. */
  readonly tokens: number;
  /** Natural-log probability of all of them after the unedited prompt; `null` where this was not scored. */
  readonly logProb: number | null;
  /** Whether the chat template leaves out or rewrites what a message says. */
  readonly templateLosesText: boolean;
  /** Whether these ids are those that the producer wrote; `null` where the record does not keep them. */
  readonly sameIds: boolean | null;
};

export type CaveatId =
  | 'swapTouchesNothing'
  | 'outsideOptions'
  | 'truncatedGeneration'
  | 'nearTie'
  | 'conclusionLeak'
  | 'attributeInTrace'
  | 'crossModel'
  | 'fewDiscordant'
  | 'producerUnknown'
  | 'recordedSampled'
  | 'serverSampling'
  | 'optionsUnscored'
  | 'offPolicy'
  | 'templateMismatch'
  | 'otherIds'
  | 'noExamples'
  | 'editImpossible';

/** A reason to read a number with care, as data: which, how often, in words. */
export type Caveat = {
  readonly id: CaveatId;
  readonly count: number;
  /** Of so many examples; left out where it is about the whole run. */
  readonly of?: number;
  readonly message: string;
};

export type RunEvent =
  | { readonly v: 1; readonly type: 'runStarted'; readonly at: string; readonly manifest: RunManifest }
  | { readonly v: 1; readonly type: 'runResumed'; readonly at: string }
  | {
      readonly v: 1;
      readonly type: 'exampleStarted';
      readonly at: string;
      readonly example: ExampleId;
      readonly ordinal: number;
      readonly source: Source;
      readonly turn: number;
      /** How the recorded answer was drawn, as far as the record says. */
      readonly sampling: 'greedy' | 'sampled' | 'unknown';
      /** The recorded answer, one of the manifest's options. */
      readonly recorded: string;
      /** First words of the last user message, for lists. */
      readonly title: string;
      readonly cuts: Readonly<Record<ConditionId, CutRecord>>;
      readonly caveats: Readonly<Record<ConditionId, readonly CaveatId[]>>;
      /** What the record says of the right answer, of hints and of their use, where it does. */
      readonly labels?: RecordLabels;
      /** Conditions that cannot be made of this example, and why; it takes no part in them. */
      readonly omitted?: Readonly<Record<ConditionId, string>>;
      /** The record's short fields, by which its examples can be grouped. */
      readonly fields?: Example['fields'];
      /** Steps of the recorded reasoning. */
      readonly steps?: number;
      /** By canonical JSON of a prompt edit: the value of its attribute that the prompt names. */
      readonly levels?: Readonly<Record<string, string>>;
      /** By canonical JSON of a prompt edit that a model wrote: what it changed. All others can be made again. */
      readonly prompts?: Readonly<Record<string, readonly PromptChange[]>>;
    }
  /** What an edit needed before the example could start; a resumed run uses the same. */
  | ({
      readonly v: 1;
      readonly type: 'materialReady';
      readonly example: ExampleId;
      readonly spec: MaterialSpec;
    } & Material)
  /** What the recorded trace is to the model that runs; once an example. */
  | ({ readonly v: 1; readonly type: 'traceChecked'; readonly example: ExampleId } & TraceCheck)
  | ({ readonly v: 1; readonly type: 'sampleFinished'; readonly example: ExampleId } & SampleResult)
  /** The same condition drawn again, for the noise floor. */
  | ({ readonly v: 1; readonly type: 'redrawFinished'; readonly example: ExampleId } & SampleResult)
  | {
      readonly v: 1;
      readonly type: 'exampleFinished';
      readonly example: ExampleId;
      readonly tokensEvaluated: number;
      readonly tokensAsked: number;
    }
  | {
      readonly v: 1;
      readonly type: 'exampleSkipped';
      readonly example: ExampleId;
      readonly source: Source;
      readonly reason: string;
    }
  | {
      readonly v: 1;
      readonly type: 'runFinished';
      readonly at: string;
      readonly status: 'completed' | 'cancelled' | 'failed';
      readonly message?: string;
      /** What servers were asked for, since the run began or was resumed. */
      readonly traffic?: Traffic;
    };

/** Requests to servers, and the tokens that these say they read, found in their prefix cache, and wrote. */
export type Traffic = {
  readonly requests: number;
  readonly retries: number;
  readonly promptTokens: number;
  readonly cachedTokens: number;
  readonly completionTokens: number;
};
