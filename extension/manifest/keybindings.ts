// Owns the keys of commands, in readable traces alone.
import { commands } from './commands';

export const keybindings = [
  {
    command: commands.rerunHere.id,
    key: 'ctrl+alt+enter',
    mac: 'cmd+alt+enter',
    when: 'editorTextFocus && resourceScheme == counterthought-trace',
  },
  {
    command: commands.annotateWords.id,
    key: 'ctrl+alt+a',
    mac: 'cmd+alt+a',
    when: 'editorTextFocus && resourceScheme == counterthought-trace',
  },
  // Nothing can be typed there, so the keys of labels are the same as in the diff.
  ...Array.from({ length: 9 }, (_, index) => ({
    command: commands.labelWords.id,
    key: String(index + 1),
    args: index + 1,
    when: 'editorTextFocus && editorHasSelection && resourceScheme == counterthought-trace',
  })),
] as const;
