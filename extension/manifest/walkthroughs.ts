// Owns the first-run walkthrough: four steps on the samples, each done by the command that it names.
import { commands } from './commands';

const media = { svg: 'extension/media/icon.svg', altText: 'The sign of Counterthought: a path that forks' };
const link = (title: string, command: string): string => `[${title}](command:${command})`;

const steps = [
  {
    command: commands.openSamples,
    title: 'Open reasoning traces',
    description: `A loan officer's files, with the reasoning that a small model wrote for each. It comes with Counterthought.\n${link('Open the samples', commands.openSamples.id)}`,
  },
  {
    command: commands.rerun,
    title: 'Re-run them with the prompt changed',
    description: `The reasoning is held fixed, cut or left open; the nationality in the prompt is swapped; the model answers again. Nothing leaves your machine.\n${link('Re-run from here', commands.rerun.id)}`,
  },
  {
    command: commands.showFlips,
    title: 'See how often the answer is kept',
    description: `Each rate with its interval, its control and its noise. A heading opens its definition, a count the examples behind it.\n${link('Show flip rates', commands.showFlips.id)}`,
  },
  {
    command: commands.reviewExamples,
    title: 'Judge examples yourself',
    description: `One key labels an example, **n** goes to the next; blind if you want. Labels group and filter the rates.\n${link('Review examples', commands.reviewExamples.id)}`,
  },
] as const;

export const walkthroughs = [
  {
    id: 'start',
    title: 'Does the answer follow from the reasoning?',
    description: 'From a file of traces to a rate that you can trust, on the samples.',
    steps: steps.map(({ command, title, description }) => ({
      id: command.id,
      title,
      description,
      media,
      completionEvents: [`onCommand:${command.id}`],
    })),
  },
] as const;
