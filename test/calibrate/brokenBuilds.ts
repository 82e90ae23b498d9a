// Command lines that are broken in one place each, made by bundling the sources with that place replaced. A replacement that no longer
// finds its place is an error: a breakage that breaks nothing would prove nothing.
import fs from 'node:fs';
import path from 'node:path';
import { build, type Plugin } from 'esbuild';
import { projectRoot as root } from '../support/paths';

type Replacement = { readonly file: string; readonly from: string; readonly to: string };

/**
 * `agreement`: with the planted answers; `cuts`: with the planted tokens; `exact`: with probabilities worked out another way;
 * `went on`: open halves, every one of which goes on by the planted rule.
 */
export type Check = 'agreement' | 'cuts' | 'exact' | 'went on';

export type Breakage = {
  readonly name: string;
  readonly replacements: readonly Replacement[];
  /** By what it must be caught, in which sample, of the conditions that it touches. */
  readonly caughtBy: readonly Catch[];
};

export type Catch = { readonly sample: 'loans-mixed' | 'step'; readonly check: Check; readonly condition: string };

const plan = 'engine/service/plan.ts';
const cutting = 'engine/service/cutting.ts';
const sampleResult = 'engine/service/sampleResult.ts';
const turn = 'engine/service/turn.ts';
const keepClose = 'engine/interventions/keepClose.ts';
const closing = 'closing: reasoning.slice(bodyEnd(reasoning)) + frame.close + ';

export const breakages: readonly Breakage[] = [
  {
    name: 'a cut that is off by one token',
    replacements: [
      { file: keepClose, from: 'Math.floor(value * n + 1e-9)', to: 'Math.floor(value * n) + (value > 0 ? 1 : 0)' },
    ],
    caughtBy: [
      { sample: 'loans-mixed', check: 'cuts', condition: 'half-closed' },
      { sample: 'step', check: 'agreement', condition: 'half-closed+swap:nationality' },
    ],
  },
  {
    name: 'a cut that is one token short',
    replacements: [{ file: keepClose, from: 'Math.floor(value * n + 1e-9)', to: 'Math.floor(value * n) - 1' }],
    caughtBy: [
      { sample: 'loans-mixed', check: 'cuts', condition: 'half-closed' },
      { sample: 'step', check: 'agreement', condition: 'half-closed+swap:nationality' },
    ],
  },
  {
    name: 'half by characters',
    replacements: [
      {
        file: keepClose,
        from: 'Math.floor(value * n + 1e-9)',
        to: 'tokenEnds.filter((at) => (at ?? 0) <= value * reasoning.length).length',
      },
    ],
    caughtBy: [
      { sample: 'loans-mixed', check: 'cuts', condition: 'half-closed' },
      { sample: 'step', check: 'agreement', condition: 'half-closed+swap:nationality' },
    ],
  },
  {
    name: 'a lost newline before the closing tag',
    replacements: [{ file: turn, from: closing, to: 'closing: frame.close + ' }],
    caughtBy: [{ sample: 'loans-mixed', check: 'exact', condition: 'frozen' }],
  },
  {
    name: 'a doubled closing tag',
    replacements: [{ file: turn, from: closing, to: `${closing}frame.close + ` }],
    caughtBy: [{ sample: 'loans-mixed', check: 'exact', condition: 'frozen' }],
  },
  {
    name: 'a cut that is one character before the recorded one',
    replacements: [
      {
        file: plan,
        from: 'turn.reasoningStart + cut.offset',
        to: 'turn.reasoningStart + cut.offset - 1',
      },
    ],
    caughtBy: [
      { sample: 'loans-mixed', check: 'exact', condition: 'half-closed' },
      { sample: 'step', check: 'agreement', condition: 'half-closed+swap:nationality' },
    ],
  },
  {
    name: 'swapped options',
    replacements: [
      { file: sampleResult, from: 'setup.options[best]', to: 'setup.options[setup.options.length - 1 - best]' },
    ],
    caughtBy: [{ sample: 'loans-mixed', check: 'agreement', condition: 'frozen' }],
  },
  {
    name: 'closed instead of open',
    replacements: [
      { file: plan, from: "const open = traceEdit.close === 'open';", to: 'const open = false;' },
      { file: sampleResult, from: 'const close = condition.traceEdit.close;', to: "const close = 'closed';" },
    ],
    caughtBy: [{ sample: 'loans-mixed', check: 'went on', condition: 'half-truncated' }],
  },
  {
    name: 'an original compared with itself',
    replacements: [
      { file: cutting, from: 'layTurn(example, edit.messages, ', to: 'layTurn(example, example.messages, ' },
    ],
    caughtBy: [{ sample: 'loans-mixed', check: 'agreement', condition: 'half-closed+swap:nationality' }],
  },
];

/** Bundles the command line with these replacements into a folder of its own and returns its path. */
export async function buildBroken(folder: string, replacements: readonly Replacement[]): Promise<string> {
  const outfile = path.join(root, 'dist', 'broken', folder, 'cli.js');
  await build({
    entryPoints: [path.join(root, 'engine', 'cli', 'main.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    external: ['onnxruntime-node'],
    logLevel: 'warning',
    absWorkingDir: root,
    plugins: [replacing(replacements)],
  });
  return outfile;
}

function replacing(replacements: readonly Replacement[]): Plugin {
  return {
    name: 'replacing',
    setup: (builder) => {
      for (const file of new Set(replacements.map((one) => one.file))) {
        const whole = path.join(root, file);
        const own = replacements.filter((one) => one.file === file);
        builder.onLoad({ filter: new RegExp(`${file.replace(/[/.]/g, '\\$&').replaceAll('\\/', '[\\\\/]')}$`) }, () => {
          const source = fs.readFileSync(whole, 'utf8');
          return { contents: own.reduce(replaceOnce, source), loader: 'ts' };
        });
      }
    },
  };
}

function replaceOnce(source: string, { file, from, to }: Replacement): string {
  if (source.split(from).length !== 2) throw new Error(`${file} holds "${from}" not exactly once: mend the breakage.`);
  return source.replace(from, () => to);
}
