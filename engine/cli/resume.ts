// Owns `counterthought resume`: goes on with a run that was stopped, cancelled or killed.
import { Backends } from '../service/backends';
import { resumeRun } from '../service/orchestrate';
import { isCompleted } from '../store/runLog';
import { type Command, note, text } from './command';
import { progressPrinter } from './progress';
import { finish } from './run';
import { findRun, recordedRunOptions } from './runFolder';
import { openOptions, programOption } from './serverOptions';

export const resume: Command = {
  name: 'resume',
  usage: 'resume [RUN] [OPTIONS]',
  about: 'Goes on with a run that was stopped; finished examples stay as they are.',
  options: { ...recordedRunOptions, ...programOption },
  run: async (input) => {
    const dir = findRun(input.files[0], text(input.values, 'out'));
    if (isCompleted(dir)) {
      note('This run is complete; there is nothing left to run.\n');
      return finish(dir, input);
    }
    const backends = new Backends(openOptions(input.values));
    try {
      await resumeRun(dir, { backends, signal: input.signal, emit: progressPrinter() });
      return finish(dir, input);
    } finally {
      await backends.dispose();
    }
  },
};
