// Owns `counterthought doctor`: whether a model can be trusted with this work on this machine, check by check.
import { Backends } from '../service/backends';
import type { Finding } from '../service/doctor/check';
import { examineAll } from '../service/doctor/examine';
import { onlyServedModel } from '../service/servers';
import { asUsage, type Command, type CommandInput, note, print, printJson, text, UsageError } from './command';
import { namedServer, openOptions, programOption, reachOptions } from './serverOptions';

export const doctor: Command = {
  name: 'doctor',
  usage: 'doctor MODEL [OPTIONS]',
  about: 'Checks a model: template, tokens, determinism, exactness and speed on this machine.',
  options: {
    'served-model': { type: 'string', value: 'NAME', help: 'its name on a server (default: the only one there)' },
    ...reachOptions,
    ...programOption,
    json: { type: 'boolean', help: 'a JSON line per check' },
  },
  more: () =>
    [
      'MODEL is what `run --model` takes: a folder, a GGUF file, owner/name of the hub, "bundled", or http://host:8000/v1#name.',
      'Where a reference.json lies beside the model, its texts must have the token ids that it records.',
      'Exit code 1 when a check fails; those are named at the end.',
    ].join('\n'),
  run: async (input) => {
    const place = await placeOf(input);
    const backends = new Backends(openOptions(input.values));
    try {
      const emit = (finding: Finding): void => (input.values.json === true ? printJson : printFinding)(finding);
      const { signal } = input;
      const findings = await examineAll(await backends.open(place, signal), { signal, emit });
      const failures = findings.filter(({ verdict }) => verdict === 'failed').map(({ check }) => check);
      if (failures.length > 0) note(`Failed: ${failures.join(', ')}.`);
      return failures.length > 0 ? 1 : 0;
    } finally {
      await backends.dispose();
    }
  },
};

const words = { passed: 'ok    ', failed: 'FAILED', told: '      ' } as const;

const printFinding = ({ check, verdict, says }: Finding): void =>
  print(`${words[verdict]}  ${check.padEnd(16)} ${says}`);

async function placeOf({ files, values, signal }: CommandInput): Promise<Parameters<Backends['open']>[0]> {
  const [model] = files;
  if (model === undefined || files.length > 1) throw new UsageError('doctor takes one model.');
  const named = asUsage(() => namedServer({ values: { ...values, model } }, {}));
  if (named === null) return { model };
  const name = text(values, 'served-model') ?? named.model ?? (await onlyServedModel(named.server, { signal }));
  return { model: name, server: named.server };
}
