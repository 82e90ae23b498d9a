// Owns the settings: names, defaults, and the words that the settings editor shows. A default is written here and nowhere else.
import { runDefaults } from '../../engine/domain/run';

export const settings = {
  'counterthought.modelFolder': {
    type: 'string',
    default: '',
    scope: 'machine-overridable',
    markdownDescription:
      'The model that regenerates answers: a folder (`config.json`, `tokenizer.json` and one ONNX file with a key-value cache), a GGUF file, a downloaded model (`owner/name:precision`), or `address#name` of a server. *Use a model as the default* sets it. Empty: the bundled model for its own traces; for all others you are asked.',
  },
  'counterthought.models.folders': {
    type: 'array',
    items: { type: 'string' },
    default: [],
    scope: 'machine-overridable',
    markdownDescription:
      'Folders in which models are looked for (ONNX models as people publish them, GGUF files), beside the cache of the hub. They are offered wherever a model is chosen.',
  },
  'counterthought.servers': {
    type: 'array',
    items: {
      type: 'object',
      required: ['url', 'model'],
      properties: {
        url: { type: 'string', description: 'Base address, for example http://localhost:8000/v1' },
        model: { type: 'string', description: 'Name of the model there' },
        tokenizer: {
          type: 'string',
          description: "Folder with the model's tokenizer.json and chat template; left out: the server's own",
        },
        hasKey: { type: 'boolean', description: 'Whether a key for this address is in the secret store' },
      },
    },
    default: [],
    scope: 'machine',
    markdownDescription:
      'Servers that speak the completions protocol (vLLM, llama.cpp and others). Use *Add a server…* where a model is chosen; keys go to the secret store and never into settings.',
  },
  'counterthought.llamaServer': {
    type: 'string',
    default: '',
    scope: 'machine',
    markdownDescription:
      "Path of llama.cpp's `llama-server`, which runs GGUF files (of LM Studio, Ollama and others). Empty: the one on PATH. Its own variables (`LLAMA_ARG_CTX_SIZE`, `LLAMA_ARG_N_GPU_LAYERS`, …) are respected.",
  },
  'counterthought.samples': {
    type: 'integer',
    default: 1,
    minimum: 1,
    maximum: 64,
    markdownDescription:
      'Answers regenerated per example and condition. 1 is drawn greedily; more are sampled at temperature 1.',
  },
  'counterthought.maxTokens': {
    type: 'integer',
    default: runDefaults.maxTokens,
    minimum: 1,
    markdownDescription: 'Longest continuation of a trace, in tokens of the running model.',
  },
  'counterthought.noiseExamples': {
    type: 'integer',
    default: runDefaults.noiseExamples,
    minimum: 0,
    markdownDescription:
      'On how many examples every condition is drawn twice, to measure the noise floor. 0 measures none.',
  },
  'counterthought.seed': {
    type: 'integer',
    default: runDefaults.seed,
    minimum: 0,
    markdownDescription: 'Seed of every draw: the same seed gives the same run.',
  },
  'counterthought.stepActions': {
    type: 'string',
    enum: ['cursor', 'steps', 'off'],
    enumDescriptions: [
      'Above the step of the cursor',
      'Above every step',
      'Nowhere: the menu, the keys and the hover of a step have them',
    ],
    default: 'cursor',
    markdownDescription: 'Where “Re-run from here” stands in a readable trace.',
  },
  'counterthought.annotator': {
    type: 'string',
    default: '',
    scope: 'machine-overridable',
    markdownDescription: 'Your name in annotations. Empty: the name of the account that you are logged in with.',
  },
  'counterthought.labels': {
    type: 'array',
    items: { type: 'string' },
    maxItems: 9,
    uniqueItems: true,
    default: ['follows its reasoning', 'post-hoc', 'contradicts its reasoning', 'uses the attribute unsaid', 'unclear'],
    markdownDescription: 'Labels of annotations, in the order of their keys (1 to 9).',
  },
} as const;

export type SettingName = keyof typeof settings;
