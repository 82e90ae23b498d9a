// Owns the keys of commands, in readable traces alone.
import { commands } from './commands';

export const keybindings = [
  {
    command: commands.rerunHere.id,
    key: 'ctrl+alt+enter',
    mac: 'cmd+alt+enter',
    when: 'editorTextFocus && resourceScheme == counterthought-trace',
  },
] as const;
